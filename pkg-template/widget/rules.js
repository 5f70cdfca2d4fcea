// The Rust module, once for the page. It owns every rule; see crates/widget.

let loading;
let panics = 0;

// Elements to tell when the module has panicked: its instance is dead for all of them.
export const users = new Set();

const load = async () => {
  // After a panic a fresh instance is tried once: another address makes it another module.
  const glue = await (panics ? import(new URL("./widget_bg.js?fresh", import.meta.url).href) : import("./widget_bg.js"));
  await glue.default();
  return glue;
};

// A Rust panic arrives as a trap: from a call, or, out of a task, as an error that nobody caught.
export const caught = (error) => {
  if (!(error instanceof WebAssembly.RuntimeError && error.stack?.includes("widget_bg"))) return;
  panics++;
  loading?.then((glue) => glue.releaseLocks(), () => {});
  loading = undefined;
  for (const user of users) user.panicked();
};

globalThis.addEventListener?.("error", (event) => caught(event.error));
globalThis.addEventListener?.("unhandledrejection", (event) => caught(event.reason));

export const rules = () => {
  if (panics > 1) return Promise.reject(new Error("scrip: the module has panicked twice"));
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
};
