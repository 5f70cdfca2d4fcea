/**
 * Starts a module. Without a source it is the file beside its glue, as browsers and bundlers find it; where that is not to be had (a
 * bundler that copies no assets, a server that answers every address with a page) or not allowed (a page whose policy refuses Wasm, an edge
 * worker) it is the same in JavaScript, which `portable` imports.
 */
export async function startWith(glue, source, portable) {
  try {
    await glue.default(source);
    return glue;
  } catch (error) {
    if (source !== undefined) throw error;
    const other = await portable();
    other.default();
    return other;
  }
}
