/**
 * Starts a module of wasm-bindgen's. Without a source it is the file beside the glue, as browsers and bundlers find it; where that is
 * not to be had (a bundler that copies no assets, a server that answers every address with a page, Node's `fetch` of a file) it is the
 * copy that `inlined` imports.
 */
export async function startWith(glue, source, inlined) {
  if (source !== undefined) {
    await glue.default({ module_or_path: isFile(source) ? await fileBytes(source) : source });
    return glue;
  }
  try {
    await glue.default();
  } catch {
    await glue.default({ module_or_path: await (await inlined()).module() });
  }
  return glue;
}

/** Node alone needs this: its `fetch` knows no files. */
export const isFile = (source) => source instanceof URL && source.protocol === "file:" && globalThis.process?.versions?.node;

/** No import, however written: bundlers for browsers would look for the module. Node has this since 20.16, Deno and Bun have it too. */
export const fileBytes = async (url) => process.getBuiltinModule("node:fs/promises").readFile(url);
