//! Server-sent events out of a text that is cut anywhere.

use crate::prelude::*;
use core::mem;

/// One event as the stream carries it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Event {
    /// `event:`, empty for a plain message.
    pub(crate) name: String,
    /// The `data:` lines, joined by line feeds.
    pub(crate) data: String,
    /// The last `id:` seen up to here, also from an earlier event.
    pub(crate) id: String,
}

/// An incremental parser: feed it chunks, take the events out.
///
/// Follows the WHATWG grammar (CR, LF and CRLF end a line, one space after the colon is dropped, a NUL in an id discards
/// it) save the byte order mark, which the browser's decoder takes away, `retry:`, which the widget's own back-off replaces, and events without data, which are dispatched to nobody.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: String,
    after_cr: bool,
    name: String,
    data: Option<String>,
    id: String,
}

impl Parser {
    /// Takes a chunk and hands each event that it completes to `sink`.
    pub(crate) fn feed(&mut self, chunk: &str, sink: &mut dyn FnMut(Event)) {
        for letter in chunk.chars() {
            let after_cr = mem::replace(&mut self.after_cr, letter == '\r');
            match letter {
                '\n' if after_cr => {}
                '\n' | '\r' => self.end_of_line(sink),
                _ => self.line.push(letter),
            }
        }
    }

    fn end_of_line(&mut self, sink: &mut dyn FnMut(Event)) {
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            let name = mem::take(&mut self.name);
            if let Some(data) = self.data.take() {
                sink(Event { name, data, id: self.id.clone() });
            }
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = value.into(),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.into()),
            },
            "id" if !value.contains('\0') => self.id = value.into(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(chunks: &[&str]) -> Vec<Event> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for chunk in chunks {
            parser.feed(chunk, &mut |event| events.push(event));
        }
        events
    }

    fn event(name: &str, data: &str, id: &str) -> Event {
        Event { name: name.into(), data: data.into(), id: id.into() }
    }

    const STREAM: &str = ": keep-alive\n\nid: 1\nevent: run\ndata: {\"id\":\"run_1\"}\n\nid: 2\r\nevent: delta\r\n\
        data: {\"text\":\"Grüße 🦀\"}\r\n\r\nid:3\revent:done\rdata:a\rdata: b\rdata\r\rdata: cut off";

    #[test]
    fn a_stream_gives_its_events_however_it_is_cut() {
        let whole = parse(&[STREAM]);
        assert_eq!(
            whole,
            [
                event("run", "{\"id\":\"run_1\"}", "1"),
                event("delta", "{\"text\":\"Grüße 🦀\"}", "2"),
                event("done", "a\nb\n", "3"),
            ]
        );
        for (first, _) in STREAM.char_indices() {
            let (head, tail) = STREAM.split_at(first);
            assert_eq!(parse(&[head, tail]), whole, "cut at {first}");
        }
        let single: Vec<_> = STREAM.split_inclusive(|_: char| true).collect();
        assert_eq!(parse(&single), whole, "letter by letter");
    }

    #[test]
    fn comments_and_unknown_fields_are_passed_over() {
        assert_eq!(parse(&[": hello\nretry: 10\nfoo: bar\ndata: x\n\n"]), [event("", "x", "")]);
    }

    #[test]
    fn an_event_without_data_is_dispatched_to_nobody_but_its_id_counts() {
        assert_eq!(parse(&["event: ping\nid: 7\n\ndata: x\n\n"]), [event("", "x", "7")]);
    }

    #[test]
    fn an_id_lasts_until_the_next_one() {
        assert_eq!(parse(&["id: 1\ndata: a\n\ndata: b\n\n"]), [event("", "a", "1"), event("", "b", "1")]);
    }

    #[test]
    fn an_id_with_a_nul_is_ignored() {
        assert_eq!(parse(&["id: a\0b\ndata: x\n\n"]), [event("", "x", "")]);
    }

    #[test]
    fn only_one_space_after_the_colon_is_dropped() {
        assert_eq!(parse(&["data:  two\n\n"]), [event("", " two", "")]);
    }

    #[test]
    fn an_unfinished_event_is_not_given() {
        assert_eq!(parse(&["data: x\n"]), []);
    }
}
