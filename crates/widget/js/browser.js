// What a browser can do, one function each: the hands of the Rust module, bundled with its glue. No rule lives here.

const perhaps = (act) => {
  try {
    return act();
  } catch {}
};

// ---- storage: localStorage, or memory where the browser refuses it or it is full -------------------------------------

const memory = new Map();

// What memory holds is newer: it is there because the storage refused it.
export const load = (key) => memory.get(key) ?? perhaps(() => localStorage.getItem(key)) ?? undefined;

export const save = (key, text) => {
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
  }
};

export const forget = (key) => {
  memory.delete(key);
  perhaps(() => localStorage.removeItem(key));
};

// One key a line.
export const keys = (start) =>
  [...new Set([...memory.keys(), ...(perhaps(() => Object.keys(localStorage)) ?? [])])]
    .filter((key) => key.startsWith(start))
    .join("\n");

// ---- locks: gives the function that releases; none where somebody else holds it --------------------------------------

const held = new Set();

// A browser without locks, or a frame that may not use them, gets a release that releases nothing.
export const lock = (name, ifAvailable) =>
  new Promise((granted) => {
    const nothing = () => granted(() => {});
    const until = (released) => {
      const release = () => held.delete(release) && released();
      held.add(release);
      granted(release);
    };
    const request = perhaps(() =>
      navigator.locks.request(name, { ifAvailable }, (lock) => (lock ? new Promise(until) : granted())),
    );
    request ? request.catch(nothing) : nothing();
  });

// After a panic nobody is left to do it one by one.
export const releaseAll = () => held.forEach((release) => release());

// ---- requests: cookies never travel ----------------------------------------------------------------------------------

export const send = (url, token, key, lastEvent, body, signal) => {
  const headers = {};
  if (token) headers.authorization = "Bearer " + token;
  if (key) headers["idempotency-key"] = key;
  if (lastEvent) headers["last-event-id"] = lastEvent;
  if (body) headers["content-type"] = "application/json";
  return fetch(url, { method: body ? "POST" : "GET", headers, body, signal, credentials: "omit", cache: "no-store" });
};

// The texts of a streamed reply, letters whole.
export const texts = (response) => response.body?.pipeThrough(new TextDecoderStream());

// The `cap` claim of a token that the owner's own backend made. Read, not trusted: the server checks the token.
export const claimedCap = (token) =>
  perhaps(() => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).cap);

// ---- nodes: the parts the shell drew, by their ids -------------------------------------------------------------------

export const write = (root, id, text) => {
  const part = root.getElementById(id);
  if (part) part.textContent = text;
};

export const show = (root, id, shown) => {
  const part = root.getElementById(id);
  if (part) part.hidden = !shown;
};

export const mark = (root, id, name, value) => {
  const part = root.getElementById(id);
  if (value === undefined) part?.removeAttribute(name);
  else part?.setAttribute(name, value);
};

// Appends a date in the words of a language and in the visitor's time zone. A tag the browser does not take: its own language.
export const date = (root, id, before, millis, language) => {
  const format = (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(millis);
  // "en" on the page and "en-GB" in the browser: the visitor's own kind of English.
  const own = navigator.languages?.find((tag) => tag.startsWith(language + "-"));
  const time = document.createElement("time");
  time.textContent = perhaps(() => format(own ?? language)) ?? format();
  time.dateTime = new Date(millis).toISOString();
  root.getElementById(id)?.append(before, time);
};

export const focus = (root, id) => root.getElementById(id)?.focus();

export const value = (root, id) => root.getElementById(id)?.value ?? "";

export const isBadNumber = (root, id) => root.getElementById(id)?.validity?.badInput ?? false;

// True when it is copied; otherwise it is selected for the visitor's own copy.
export const copy = async (root, id) => {
  const part = root.getElementById(id);
  try {
    await navigator.clipboard.writeText(part.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(part);
    return false;
  }
};

// ---- events ----------------------------------------------------------------------------------------------------------

export const emit = (host, name, detail) =>
  host.dispatchEvent(
    new CustomEvent(name, { bubbles: true, composed: true, cancelable: name === "scrip-submit", detail }),
  );

// The language of the place where the element stands.
export const language = (host) => host.closest("[lang]")?.lang || undefined;

export const isOnline = () => navigator.onLine !== false;

export const isHidden = () => document.hidden;
