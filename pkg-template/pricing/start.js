/**
 * Starts a module of wasm-bindgen's. Without a source it is the file beside the glue, as browsers and bundlers find it; where that is
 * not to be had (a bundler that copies no assets, a server that answers every address with a page, Node's `fetch`) it is the copy that
 * `inlined` imports.
 */
export async function startWith(glue, source, inlined) {
  if (source !== undefined) await glue.default({ module_or_path: source });
  else
    try {
      await glue.default();
    } catch {
      await glue.default({ module_or_path: (await inlined()).module() });
    }
  return glue;
}
