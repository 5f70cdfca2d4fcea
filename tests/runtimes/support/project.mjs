// A project that has nothing but the packed package: `cargo xtask test runtimes` installs it; by hand it is what that left behind.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));

/** Its folder. */
export const project = process.env.SCRIP_PROJECT ?? join(here, "../../../target/package-test");
/** The installed package. */
export const installed = join(project, "node_modules/@scrip/embed");
/** The development tools. */
export const tools = join(here, "../../node_modules");

/** What `use()` of app.mjs must answer, wherever it runs. */
export const EXPECTED = {
  estimate: "1",
  pipeline: "0.33",
  afford: ["41.666666666 minutes"],
  available: "1.5",
  back: "2",
  shown: "1,234.50 credits",
  tokens: 6,
  previewed: "0.000015",
  refused: "invalid_quantity at /input_tokens",
};

/** An application in the project: app.mjs and these files. Returns its folder. */
export function application(name, files) {
  const folder = join(project, "apps", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, "app.mjs"), join(folder, "app.mjs"));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** A program that prints what `use()` answered. */
export const printing = (vocabulary = "") => `import { use } from "./app.mjs";\nconsole.log(JSON.stringify(await use(${vocabulary})));\n`;

/** Runs a program and reads the JSON it printed. */
export async function answer(program, args, folder) {
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, timeout: 60_000 });
  return JSON.parse(stdout);
}
