// The packed package as a user has it: installed from its tarball. `cargo xtask test package` runs these tests in such a project;
// by hand (`node --test tests/js/`) the tarball in SCRIP_TARBALL, else the newest in target/npm, is unpacked into a temporary one.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NAME = "@scrip/embed";
const here = dirname(fileURLToPath(import.meta.url));

function newestTarball() {
  const folder = join(here, "../../../target/npm");
  const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz")).map((name) => join(folder, name));
  return tarballs.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

function project() {
  const made = mkdtempSync(join(tmpdir(), "scrip-package-"));
  const into = join(made, "node_modules", NAME);
  mkdirSync(into, { recursive: true });
  execFileSync("tar", ["-xzf", process.env.SCRIP_TARBALL ?? newestTarball(), "--strip-components=1", "-C", into]);
  return made;
}

function installed() {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${NAME}/package.json`));
  } catch {
    return join(project(), "node_modules", NAME);
  }
}

/** The folder of the installed package. */
export const folder = installed();

const { exports } = JSON.parse(await import("node:fs").then((fs) => fs.readFileSync(join(folder, "package.json"), "utf8")));

/** What `import(specifier)` gives in a project that has installed the package; `conditions` as a bundler sets them. */
export function load(subpath = ".", condition = "node") {
  const entry = exports[subpath];
  const file = typeof entry === "string" ? entry : (entry[condition] ?? entry.default);
  return import(pathToFileURL(join(folder, file)).href);
}
