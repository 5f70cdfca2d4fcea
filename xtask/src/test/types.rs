//! The package's types: read by the tools that know how others resolve them, and compiled against as consumers would.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::package::installed;
use super::tally::Tally;
use crate::pack::Packed;
use crate::setup::node::Node;
use crate::{files, paths};

const STRICT: [&str; 12] = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "false",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom,dom.iterable,esnext.disposable",
    "--types",
    "",
    "--jsx",
    "react-jsx",
];

/// As Node and as bundlers read a package.
const RESOLUTIONS: [&[&str]; 2] =
    [&["--module", "nodenext"], &["--module", "esnext", "--moduleResolution", "bundler", "--resolveJsonModule"]];

/// What React's wrapper needs of its host.
const REACT: [&str; 4] = ["react", "react-dom", "@types/react", "csstype"];

pub(super) fn check(tally: &mut Tally, node: &Node, packed: &Packed, project: &Path) -> Result<()> {
    tally.run(node.tool("publint").arg("--strict").arg(paths::out().join("npm/package")))?;
    let attw =
        node.tool("attw").arg(&packed.tarball).args(["--profile", "esm-only", "--format", "ascii", "--no-emoji"]);
    tally.run(attw)?;
    link_react(node, project)?;
    let folder = project.join("types");
    files::copy_all(&paths::root().join("tests/types"), &folder)?;
    for (name, text) in readme_programs(&fs::read_to_string(installed(project).join("README.md"))?) {
        fs::write(folder.join(name), text)?;
    }
    let sources = [folder, installed(project)];
    let typed = |name: &str| [".ts", ".tsx"].iter().any(|end| name.ends_with(end));
    let files: Vec<_> = sources
        .iter()
        .map(|folder| files::below(folder))
        .collect::<Result<Vec<_>>>()?
        .concat()
        .into_iter()
        .filter(|file| typed(&file.to_string_lossy()))
        .collect();
    for resolution in RESOLUTIONS {
        tally.run(node.tool("tsc").args(STRICT).args(resolution).args(&files).dir(project))?;
    }
    Ok(())
}

pub(super) fn link_react(node: &Node, project: &Path) -> Result<()> {
    for name in REACT {
        let at = project.join("node_modules").join(name);
        if let Some(folder) = at.parent() {
            fs::create_dir_all(folder)?;
        }
        if !at.exists() {
            std::os::unix::fs::symlink(node.modules().join(name), at)?;
        }
    }
    Ok(())
}

/// The code blocks of a README as files. One that imports begins a program; one that does not goes on with the program before it.
fn readme_programs(text: &str) -> Vec<(String, String)> {
    let mut programs: Vec<(String, String)> = Vec::new();
    for block in text.split("\n```").skip(1).step_by(2) {
        let Some((language, code)) = block.split_once('\n') else { continue };
        let end = match language.trim() {
            "js" | "ts" => "ts",
            "jsx" | "tsx" => "tsx",
            _ => continue,
        };
        match programs.last_mut() {
            Some((_, program)) if !code.contains("import ") => program.push_str(&format!("{code}\n")),
            _ => programs.push((format!("readme-{}.{end}", programs.len() + 1), format!("{code}\n"))),
        }
    }
    programs
}

#[cfg(test)]
mod tests {
    use super::readme_programs;

    #[test]
    fn a_block_that_imports_begins_a_program_and_others_go_on_with_it() {
        let text =
            "# x\n\n```js\nimport a;\n```\nthen\n```js\na();\n```\n```html\n<p>\n```\n\n```jsx\nimport b;\n```\n";
        let named = |name: &str, code: &str| (name.to_owned(), code.to_owned());
        assert_eq!(
            readme_programs(text),
            [named("readme-1.ts", "import a;\na();\n"), named("readme-2.tsx", "import b;\n")]
        );
    }
}
