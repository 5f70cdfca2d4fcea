// <scrip-pickaxe>: the class that wasm-bindgen cannot make. It draws the form at once and hands everything that is a rule to
// the Rust module, which arrives behind it; a press before that waits for it.
import { draw, refuse } from "./form.js";
import { caught, rules, users } from "./rules.js";
import { dress } from "./style.js";

const EMBED_GONE = "This tool is not here any more.";
const UNREACHABLE = "This tool cannot be reached at the moment.";
const BROKEN = "This tool could not be started. Reload the page to try again; what you typed is kept until then.";
const PANICKED = "Something broke in this tool. What you typed is kept: press the button to go on.";
const SECRET = "This tool will not start: the page contains a secret key (sk_…). Its owner must remove it and make a new one.";

export class ScripPickaxe extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["embed", "endpoint", "visitor-token"];
  #handle;
  #queued = false;
  #state = "loading";
  #drawn; // the config that is drawn
  #started = 0; // counts starts, so that what an earlier one awaited is ignored

  connectedCallback() {
    if (!this.#started) this.#start();
  }

  // Moving the node disconnects and connects it at once: only what is still gone a moment later is torn down.
  disconnectedCallback() {
    queueMicrotask(() => !this.isConnected && this.#end());
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#started || before === now) return;
    if (name === "visitor-token") return this.#refusesSecrets() || this.#do((handle) => handle.configure(this.#drawn));
    this.#end();
    this.#start();
  }

  submit() {
    if (this.#handle) return this.#do((handle) => handle.submit());
    this.#queued = true;
    if (this.#drawn) this.#adopt();
  }

  stop() {
    this.#queued = false;
    this.#do((handle) => handle.stop());
  }

  reset() {
    if (this.#drawn && this.state !== "running") this.#part("form").reset();
    this.#do((handle) => handle.reset());
  }

  answer(textOrStream) {
    if (!this.#do((handle) => handle.answer(textOrStream)))
      console.warn("scrip: answer() is for a run that `scrip-run` announced");
  }

  get fields() {
    const read = (control) => (control.type === "checkbox" ? control.checked : control.value);
    return Object.fromEntries(this.#fields().map(([name, control]) => [name, read(control)]));
  }

  set fields(values) {
    for (const [name, control] of this.#fields()) {
      const value = values?.[name];
      if (control.type === "checkbox") control.checked = value === true || value === "true";
      else control.value = value ?? "";
    }
  }

  get state() {
    return this.#handle?.state ?? this.#state;
  }

  get remaining() {
    return this.#handle?.remaining ?? this.#drawn?.prompt_runs_per_user ?? null;
  }

  get resetsAt() {
    return this.#handle?.resetsAt ?? null;
  }

  // The instance behind every widget of the page is dead. What was typed stays, and so does the stored attempt.
  panicked() {
    this.#handle = undefined;
    this.#fail("panicked", PANICKED, true);
  }

  #part(id) {
    return this.shadowRoot.getElementById(id);
  }

  #fields() {
    return (this.#drawn?.pickaxe.fields ?? []).map((field, place) => [field.name, this.#part("f" + place)]);
  }

  #do(act) {
    if (!this.#handle) return;
    try {
      return act(this.#handle);
    } catch (error) {
      console.error("scrip:", error);
      caught(error);
    }
  }

  #refusesSecrets() {
    if (![...this.attributes].some(({ value }) => value.startsWith("sk_"))) return false;
    this.#end();
    this.#started++;
    console.error("scrip: an attribute of <scrip-pickaxe> holds a secret key (sk_…). Never put it into a page; rotate it now.");
    this.#fail("secret_key", SECRET);
    return true;
  }

  async #start() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    if (this.#refusesSecrets()) return;
    const start = ++this.#started;
    users.add(this);
    // Side by side with the config; a press waits for it, the form does not.
    rules().catch(() => {});
    if (this.config?.pickaxe) this.#draw(this.config);
    const url = `${this.#endpoint()}/v1/embeds/${encodeURIComponent(this.getAttribute("embed") ?? "")}`;
    const { fetching = fetch(url, { credentials: "omit", cache: "no-cache" }) } = this;
    this.fetching = undefined;
    let reply, config;
    try {
      reply = await fetching;
      config = reply.ok && (await reply.json());
    } catch {}
    if (start !== this.#started) return;
    if (config?.pickaxe) this.#draw(config);
    else if (reply?.status === 404) this.#fail("not_found", EMBED_GONE);
    else if (!this.#drawn) this.#unreachable();
  }

  #unreachable() {
    const retry = () => {
      removeEventListener("online", retry);
      if (this.isConnected && !this.#drawn) this.#start();
    };
    addEventListener("online", retry);
    console.error(`scrip: no config from ${this.#endpoint()}. Is ${location.origin} among the embed's allowed origins?`);
    this.#fail("unreachable", UNREACHABLE, false, retry);
  }

  #endpoint() {
    return (this.getAttribute("endpoint") || new URL(import.meta.url).origin).replace(/\/+$/, "");
  }

  #draw(config) {
    const was = this.#drawn;
    const form = ({ pickaxe, theme }) => JSON.stringify([pickaxe, theme]);
    this.#drawn = config;
    if (was && form(was) === form(config)) return this.#do((handle) => handle.configure(config));
    const typed = was && this.fields;
    // A form that changed under a running answer waits for the next page.
    if (this.state === "running") return;
    this.#release();
    dress(this.shadowRoot, config.theme);
    this.shadowRoot.replaceChildren(draw(config));
    if (typed) this.fields = typed;
    this.#listen();
    this.#adopt();
  }

  #listen() {
    const form = this.#part("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.submit();
    });
  }

  async #adopt() {
    const start = this.#started;
    try {
      const { Pickaxe } = await rules();
      if (start !== this.#started || this.#handle) return;
      this.#handle = new Pickaxe(this, this.shadowRoot, this.#drawn, this.#endpoint());
    } catch (error) {
      console.error("scrip:", error);
      if (start === this.#started) this.#fail("not_started", BROKEN, true);
      return;
    }
    if (this.#queued) {
      this.#queued = false;
      this.submit();
    }
  }

  // `keep`: the form stays, with what was typed, and the notice stands below it.
  #fail(code, text, keep, retry) {
    this.#state = "failed";
    this.#queued = false;
    if (keep && this.#drawn) {
      const notice = this.#part("notice");
      notice.textContent = text;
      notice.dataset.tone = "trouble";
      notice.hidden = false;
      this.#part("status").textContent = text;
      this.#part("stop").hidden = true;
      this.#part("submit").removeAttribute("aria-disabled");
    } else {
      this.#release();
      this.#drawn = undefined;
      dress(this.shadowRoot);
      this.shadowRoot.replaceChildren(refuse(text, retry));
    }
    this.dispatchEvent(
      new CustomEvent("scrip-error", { bubbles: true, composed: true, detail: { code, message: text } }),
    );
  }

  #release() {
    const handle = this.#handle;
    this.#handle = undefined;
    handle?.free();
  }

  #end() {
    this.#release();
    users.delete(this);
    this.#drawn = undefined;
    this.#started = 0;
    this.#state = "loading";
    this.shadowRoot?.replaceChildren();
  }
}
