// The real server binary on a fresh data folder, and what an owner does with it over HTTP.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { until } from "./until.mjs";

const binary = required("SCRIP_BIN");
const assets = required("SCRIP_ASSETS");

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by \`cargo xtask test browser\``);
  return value;
}

/** A port that was free a moment ago. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Starts `scrip serve`; `provider` is the base URL of an OpenAI-compatible endpoint. */
export async function startServer({ provider, env = {}, data, port } = {}) {
  const folder = data ?? (await mkdtemp(path.join(tmpdir(), "scrip-browser-")));
  const listen = `127.0.0.1:${port ?? (await freePort())}`;
  const url = `http://${listen}`;
  const child = spawn(binary, ["serve", "--data", folder, "--listen", listen], {
    env: {
      ...process.env,
      OPENAI_BASE_URL: provider,
      OPENAI_API_KEY: "test",
      OPENAI_MODEL: "test",
      SCRIP_ASSETS: assets,
      SCRIP_ALLOW_PRIVATE_PROVIDER: "1",
      SCRIP_RATE_LIMIT: "off",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log = (log + text).slice(-20_000)));
  const exited = once(child, "exit");
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended at once:\n${log}`);
    return (await fetch(`${url}/healthz`)).ok;
  }, `the server at ${url} to be healthy`);

  return {
    url,
    folder,
    log: () => log,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await exited;
    },
    async close() {
      await this.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An owner with an account of their own on `server`. */
export async function signUp(server, account = {}) {
  const email = `owner-${crypto.randomUUID()}@example.com`;
  const made = await call(server.url, "POST", "/v1/accounts", { email, ...account });
  const get = (route) => call(server.url, "GET", route, undefined, made.secret_key);
  const send = (method, route, body) => call(server.url, method, route, body, made.secret_key);
  return {
    ...made,
    get,
    send,
    available: async () => (await get("/v1/account")).balance.available,
    transactions: async () => (await get("/v1/transactions?limit=200")).data,
    /** A pickaxe with one field, and an embed of it for `origin`. */
    async embed(origin, { pickaxe = {}, ...settings } = {}) {
      const { id } = await send("POST", "/v1/pickaxes", {
        name: "In one sentence",
        description: "Paste a paragraph, get its gist.",
        prompt: "Summarize in one sentence: {{text}}",
        fields: [{ name: "text", label: "Your text", kind: "textarea", required: true, placeholder: "", max_length: 1000 }],
        submit_label: "Sum it up",
        model: "openai/gpt-4",
        max_output_tokens: 60,
        ...pickaxe,
      });
      return send("POST", `/v1/pickaxes/${id}/embeds`, {
        allowed_origins: [origin],
        prompt_runs_per_user: 3,
        window_seconds: 2_592_000,
        limit_message: "That was your last one this month.",
        limit_url: null,
        theme: {},
        locale: "en",
        daily_budget: null,
        ...settings,
      });
    },
  };
}

async function call(url, method, route, body, key) {
  const headers = {};
  if (key) headers.authorization = `Bearer ${key}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
  const reply = await fetch(url + route, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${route}: ${reply.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}
