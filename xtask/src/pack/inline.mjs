// Writes a script that holds a Wasm module: compressed, as text, and unpacked by the browser's own means when it is asked for.
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const [from, to] = process.argv.slice(-2);
const packed = gzipSync(await readFile(from), { level: 9 }).toString("base64");
await writeFile(
  to,
  `export async function module() {
  const packed = Uint8Array.from(atob("${packed}"), (character) => character.charCodeAt());
  return new Response(new Response(packed).body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
`,
);
