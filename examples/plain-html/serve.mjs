// Any static file server does; this one is Node alone.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

const server = createServer(async ({ url }, response) => {
  const { pathname } = new URL(url, "http://here");
  try {
    const body = await readFile(new URL(`.${pathname === "/" ? "/prices.html" : pathname}`, import.meta.url));
    response.writeHead(200, { "content-type": TYPES[extname(pathname)] ?? TYPES[".html"] }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(process.env.PORT ?? 8080, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
