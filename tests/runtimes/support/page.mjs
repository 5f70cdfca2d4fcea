// A folder served to Chromium, and what a page of it says.
import { once } from "node:events";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { launch } from "../../browser/support/browser.mjs";

export { launch };

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** A page that writes what its module's `use()` answers where `said` reads it. */
export const page = (script, head = "") =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}<script type="module" src="${script}"></script>`;

/** The module of such a page. */
export const saying = (vocabulary = "") => `import { use } from "./app.mjs";
const say = (text) => { document.documentElement.dataset.said = text; };
use(${vocabulary}).then((answer) => say(JSON.stringify(answer)), (error) => say(JSON.stringify(String(error?.stack ?? error))));
`;

/** A worker that does the same, and the page's module that asks it. */
export const worker = (vocabulary = "") => `import { use } from "./app.mjs";
use(${vocabulary}).then((answer) => postMessage(answer), (error) => postMessage(String(error?.stack ?? error)));
`;
export const askingWorker = (url) => `const worker = new Worker(${url}, { type: "module" });
worker.onmessage = ({ data }) => { document.documentElement.dataset.said = JSON.stringify(data); };
worker.onerror = (event) => { document.documentElement.dataset.said = JSON.stringify(event.message ?? "the worker did not start"); };
`;

/** Of a bundler's folder the page that it leaves to us. */
export function dist(folder) {
  writeFileSync(join(folder, "dist/index.html"), page("main.js"));
  return join(folder, "dist");
}

/** The Wasm files that a bundler wrote. */
export const wasmIn = (folder) => readdirSync(folder, { recursive: true }).filter((file) => /\.wasm(\.gz)?$|\.gz$/.test(file));

/**
 * Serves a folder and nothing else. With `missing` any address that names no file answers 200 with that page, as the servers of
 * single-page applications do.
 */
export async function serve(folder, { missing, mounts = {} } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const mount = Object.keys(mounts).find((prefix) => path.startsWith(prefix));
    const file = mount ? join(mounts[mount], path.slice(mount.length)) : join(folder, path === "/" ? "index.html" : path);
    try {
      const body = readFileSync(file);
      asked.push([path, 200]);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      asked.push([path, missing ? 200 : 404]);
      response.writeHead(missing ? 200 : 404, { "content-type": TYPES[".html"] }).end(missing ?? "not found");
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the page of a folder said when it was opened in Chromium; anything it threw makes the test fail. */
export async function said(browser, folder, options) {
  const site = await serve(folder, options);
  const tab = await browser.newPage();
  try {
    const faults = [];
    tab.on("pageerror", (error) => faults.push(String(error)));
    await tab.goto(site.url);
    const failed = () => (faults.length > 0 ? Promise.reject(new Error(faults.join("; "))) : undefined);
    await tab.waitForFunction(() => document.documentElement.dataset.said, undefined, { timeout: 20_000 }).catch(async (error) => {
      await failed();
      throw error;
    });
    await failed();
    return JSON.parse(await tab.evaluate(() => document.documentElement.dataset.said));
  } finally {
    await tab.close();
    site.close();
  }
}
