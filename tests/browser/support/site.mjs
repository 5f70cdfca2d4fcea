// "Somebody's website": a second origin that serves whatever HTML a test gives it.
import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

const TYPES = { js: "text/javascript", css: "text/css", wasm: "application/wasm", json: "application/json" };

/** Serves `pages` ({"/": html, …}) and, below `files`, a folder's files, all of them with `headers`. */
export async function startSite(pages = {}, files, headers = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const page = pages[pathname];
    if (page !== undefined) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(page);
      return;
    }
    try {
      const body = await readFile(new URL(`.${pathname}`, files));
      response.writeHead(200, { "content-type": TYPES[pathname.split(".").at(-1)] ?? "text/html; charset=utf-8", ...headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    pages,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A plain page around what an owner pasted. */
export function pageWith(pasted, { head = "", lang = "en" } = {}) {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Somebody’s website</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${head}</head>
<body><main><h1>Somebody’s website</h1>${pasted}</main></body></html>`;
}
