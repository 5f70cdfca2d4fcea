
// How the module starts: from a file beside this one, from anywhere else, as bytes, or compiled already. The file of the npm package is
// gzipped, so that it is small whatever the host compresses; a host that unpacks it on the way changes nothing.
export default async function start(source = new URL("./__NAME___bg.wasm.gz", import.meta.url)) {
  if (wasm) return;
  if (!(source instanceof WebAssembly.Module)) source = await unpacked(await bytes(source));
  const made = await WebAssembly.instantiate(source, __wbg_get_imports());
  __wbg_finalize_init(made.instance ?? made, made.module ?? source);
}

/** What lies at an address, or is given as bytes. */
export async function bytes(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  // Node's fetch knows no files.
  if (source instanceof URL && source.protocol === "file:" && globalThis.process?.versions?.node) return (await files()).readFile(source);
  const response = await fetch(source);
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${response.url}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Put together, and marked by the pack, so that bundlers for browsers do not look for it. Before 20.16 Node has no other way. */
const files = () =>
  process.getBuiltinModule?.("node:fs/promises") ?? import(["node:fs", "promises"].join("/"));

const unpacked = (bytes) =>
  bytes[0] === 0x1f
    ? new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
    : bytes;
