//! Reading a `ReadableStream` piece by piece.

use js_sys::{Promise, Uint8Array};
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

/// The bytes of a chunk of a response.
pub(crate) fn bytes(chunk: &JsValue) -> Vec<u8> {
    chunk.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default()
}
