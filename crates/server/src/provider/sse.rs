//! Reading a provider's stream, however its bytes are cut: server-sent events, or one JSON document.

use std::collections::VecDeque;

use serde_json::Value;

use super::Failure;

const MAX_LINE_BYTES: usize = 1024 * 1024;
const MAX_DOCUMENT_BYTES: usize = 4 * 1024 * 1024;

/// Tokens as the provider counted them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage {
    /// Read, cached ones included.
    pub input: u64,
    /// Read from the provider's cache.
    pub cached: u64,
    /// Written.
    pub output: u64,
}

/// A piece of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// What was used.
    Usage(Usage),
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Form {
    #[default]
    Unknown,
    Events,
    Document,
}

/// Takes bytes, gives pieces.
#[derive(Debug, Default)]
pub struct Parser {
    form: Form,
    line: Vec<u8>,
    data: String,
    after_cr: bool,
    /// The model said that it is finished.
    finished: bool,
    /// `[DONE]`: nothing follows.
    done: bool,
}

impl Parser {
    /// Whether the provider said that nothing follows.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Takes some bytes.
    ///
    /// # Errors
    /// When what came is no answer.
    pub fn push(&mut self, bytes: &[u8], pieces: &mut VecDeque<Piece>) -> Result<(), Failure> {
        for byte in bytes {
            if self.form == Form::Unknown {
                match byte {
                    b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF => continue,
                    b'{' => self.form = Form::Document,
                    _ => self.form = Form::Events,
                }
            }
            match (self.form, byte) {
                (Form::Document, byte) => self.keep(*byte, MAX_DOCUMENT_BYTES)?,
                (_, b'\n') if self.after_cr => self.after_cr = false,
                (_, b'\n' | b'\r') => {
                    self.after_cr = *byte == b'\r';
                    self.end_line(pieces)?;
                }
                (_, byte) => {
                    self.after_cr = false;
                    self.keep(*byte, MAX_LINE_BYTES)?;
                }
            }
            if self.done {
                break;
            }
        }
        Ok(())
    }

    /// The bytes are over.
    ///
    /// # Errors
    /// When that is not the end of the answer.
    pub fn finish(&mut self, pieces: &mut VecDeque<Piece>) -> Result<(), Failure> {
        if self.form == Form::Document {
            let document: Value = serde_json::from_slice(&self.line).map_err(|_| Failure::BrokenOff)?;
            self.read(&document, pieces)?;
            return if self.finished { Ok(()) } else { Err(Failure::Garbage) };
        }
        self.end_line(pieces)?;
        self.dispatch(pieces)?;
        if self.done || self.finished { Ok(()) } else { Err(Failure::BrokenOff) }
    }

    fn keep(&mut self, byte: u8, most: usize) -> Result<(), Failure> {
        if self.line.len() >= most {
            return Err(Failure::TooLong);
        }
        self.line.push(byte);
        Ok(())
    }

    fn end_line(&mut self, pieces: &mut VecDeque<Piece>) -> Result<(), Failure> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        if line.is_empty() {
            return self.dispatch(pieces);
        }
        // Comments, event names and ids say nothing here; text that is no field at all is ignored as the format wants.
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            if self.data.len() > MAX_LINE_BYTES {
                return Err(Failure::TooLong);
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, pieces: &mut VecDeque<Piece>) -> Result<(), Failure> {
        let data = std::mem::take(&mut self.data);
        match data.trim() {
            "" => Ok(()),
            "[DONE]" => {
                self.done = true;
                Ok(())
            }
            text => {
                let event: Value = serde_json::from_str(text).map_err(|_| Failure::Garbage)?;
                self.read(&event, pieces)
            }
        }
    }

    fn read(&mut self, event: &Value, pieces: &mut VecDeque<Piece>) -> Result<(), Failure> {
        if !event.is_object() {
            return Err(Failure::Garbage);
        }
        if event.get("error").is_some_and(|error| !error.is_null()) {
            return Err(Failure::Reported);
        }
        let text = ["/choices/0/delta/content", "/choices/0/message/content", "/choices/0/text"]
            .iter()
            .find_map(|place| event.pointer(place)?.as_str());
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            pieces.push_back(Piece::Text(text.to_owned()));
        }
        if event.pointer("/choices/0/finish_reason").is_some_and(|reason| !reason.is_null()) {
            self.finished = true;
        }
        let count = |place: &str| event.pointer(place).and_then(Value::as_u64);
        if let Some((input, output)) = count("/usage/prompt_tokens").zip(count("/usage/completion_tokens")) {
            let cached = count("/usage/prompt_tokens_details/cached_tokens").unwrap_or(0).min(input);
            pieces.push_back(Piece::Usage(Usage { input, cached, output }));
        }
        if self.form == Form::Document && text.is_some() {
            self.finished = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> (Result<(), Failure>, String, Option<Usage>) {
        let (mut parser, mut pieces) = (Parser::default(), VecDeque::new());
        let mut outcome = Ok(());
        for chunk in chunks {
            outcome = outcome.and_then(|()| parser.push(chunk, &mut pieces));
        }
        if !parser.is_done() {
            outcome = outcome.and_then(|()| parser.finish(&mut pieces));
        }
        let mut text = String::new();
        let mut usage = None;
        for piece in pieces {
            match piece {
                Piece::Text(more) => text.push_str(&more),
                Piece::Usage(counted) => usage = Some(counted),
            }
        }
        (outcome, text, usage)
    }

    const STREAM: &str = ": hello\r\n\r\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\r\n\r\n\
        event: x\nid: 1\ndata:{\"choices\":[{\"delta\":{\"content\":\"Grüße \"}}]}\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"🦀\"},\"finish_reason\":\"stop\"}],\"usage\":null}\r\r\
        data: {\"choices\":[],\n\
        data: \"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":2}}}\n\n\
        data: [DONE]\n\n";

    #[test]
    fn a_stream_reads_the_same_wherever_it_is_cut() {
        let expected = (Ok(()), "Grüße 🦀".to_owned(), Some(Usage { input: 7, cached: 2, output: 3 }));
        let bytes = STREAM.as_bytes();
        assert_eq!(read(&[bytes]), expected);
        for cut in 0..bytes.len() {
            let (first, second) = bytes.split_at(cut);
            assert_eq!(read(&[first, second]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read(&single), expected);
    }

    #[test]
    fn an_end_without_a_finish_is_broken_off() {
        let (outcome, text, _) = read(&[b"data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n"]);
        assert_eq!((outcome, text.as_str()), (Err(Failure::BrokenOff), "half"));
    }

    #[test]
    fn a_finish_without_done_is_an_end() {
        let stream = b"data: {\"choices\":[{\"delta\":{\"content\":\"all\"},\"finish_reason\":\"length\"}]}";
        assert_eq!(read(&[stream]).0, Ok(()));
    }

    #[test]
    fn errors_and_garbage_are_told_apart() {
        assert_eq!(read(&[b"data: {\"error\":{\"message\":\"no\"}}\n\n"]).0, Err(Failure::Reported));
        assert_eq!(read(&[b"data: <html>\n\n"]).0, Err(Failure::Garbage));
        assert_eq!(read(&[b"<html>nothing</html>"]).0, Err(Failure::BrokenOff));
        assert_eq!(read(&[b"{\"choices\":"]).0, Err(Failure::BrokenOff));
        assert_eq!(read(&[b"{\"hello\":1}"]).0, Err(Failure::Garbage));
    }

    #[test]
    fn a_provider_that_does_not_stream_is_read_too() {
        let document = b"{\"choices\":[{\"message\":{\"content\":\"All at once\"},\"finish_reason\":\"stop\"}]}";
        assert_eq!(read(&[document]).1, "All at once");
    }
}
