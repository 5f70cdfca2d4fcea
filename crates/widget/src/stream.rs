//! Reading a `ReadableStream` piece by piece.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::js;
use crate::request::Lost;

#[wasm_bindgen]
extern "C" {
    type ReadableStream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn get_reader(this: &ReadableStream) -> Result<Reader, JsValue>;
    /// `ReadableStreamDefaultReader`.
    #[derive(Clone)]
    pub(crate) type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
    #[wasm_bindgen(method)]
    pub(crate) fn cancel(this: &Reader);
}

/// The chunks of a stream. Dropped before its end, it tells the source to stop.
pub(crate) struct Chunks {
    reader: Reader,
    ended: bool,
}

impl Chunks {
    /// Takes the stream; `None` for what is no stream, or is being read elsewhere.
    pub(crate) fn of(stream: &JsValue) -> Option<Self> {
        if !js::get(stream, "getReader").is_function() {
            return None;
        }
        let reader = stream.unchecked_ref::<ReadableStream>().get_reader().ok()?;
        Some(Self { reader, ended: false })
    }

    /// The reader, to cancel it while a chunk is awaited.
    pub(crate) fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// The next chunk; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<JsValue>, Lost> {
        let Ok(result) = self.reader.read().await else {
            self.ended = true;
            return Err(Lost);
        };
        self.ended = js::get(&result, "done").is_truthy();
        Ok((!self.ended).then(|| js::get(&result, "value")))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if !self.ended {
            self.reader.cancel();
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::browser;

    fn reply(text: &str) -> web_sys::Response {
        web_sys::Response::new_with_opt_str(Some(text)).expect("a response")
    }

    #[wasm_bindgen_test]
    async fn a_streamed_reply_gives_its_texts_and_then_ends() {
        let reply = reply("Grüße 🦀");
        let mut chunks = Chunks::of(&browser::texts(reply.unchecked_ref())).expect("a stream");
        let mut whole = String::new();
        while let Some(text) = chunks.next().await.expect("not lost") {
            whole.push_str(&text.as_string().expect("text, not bytes"));
        }
        assert_eq!(whole, "Grüße 🦀");
    }

    #[wasm_bindgen_test]
    fn a_dropped_stream_is_cancelled_and_one_that_is_read_elsewhere_is_refused() {
        let reply = reply("x");
        let body = reply.body().expect("a body");
        let chunks = Chunks::of(&body).expect("a stream");
        assert!(Chunks::of(&body).is_none(), "locked");
        drop(chunks);
        assert!(Chunks::of(&JsValue::from_str("a text")).is_none());
        assert!(Chunks::of(&JsValue::UNDEFINED).is_none());
    }
}
