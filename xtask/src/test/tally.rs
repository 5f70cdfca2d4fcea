//! Counting what passed and what failed, from what the test runners print.

use anyhow::Result;

use crate::run::{Cmd, Printed};

#[derive(Default)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// One line for each thing that failed.
    pub(super) problems: Vec<String>,
    /// What a reader must know although nothing failed.
    pub(super) notes: Vec<String>,
}

impl Tally {
    /// Runs a program whose outcome counts: by the tests it reports, else as one.
    pub(super) fn run(&mut self, cmd: Cmd) -> Result<Printed> {
        let printed = cmd.tee()?;
        let (passed, failed) = counts(&printed.text);
        self.passed += passed;
        self.failed += failed;
        match (printed.ok, passed, failed) {
            (true, 0, 0) => self.passed += 1,
            (true, _, 0) => {}
            (false, _, 0) => self.fail(&printed.shown),
            _ => self.problems.push(printed.shown.clone()),
        }
        Ok(printed)
    }

    pub(super) fn pass(&mut self) {
        self.passed += 1;
    }

    pub(super) fn fail(&mut self, problem: &str) {
        self.failed += 1;
        self.problems.push(problem.to_owned());
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// Passed and failed, summed over every report in the text.
fn counts(text: &str) -> (u64, u64) {
    text.lines().filter_map(count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// `test result: ok. 12 passed; 0 failed; …` of cargo and wasm-bindgen; `# pass 12`, `ℹ fail 0` of Node.
fn count(line: &str) -> Option<(u64, u64)> {
    let line = line.trim();
    if let Some(result) = line.strip_prefix("test result:") {
        let number = |word: &str| {
            let before = result.split(word).next()?;
            before.split_whitespace().next_back()?.parse().ok()
        };
        return Some((number("passed")?, number("failed")?));
    }
    let (kind, number) = line.trim_start_matches(['#', 'ℹ']).trim_start().split_once(' ')?;
    if line.starts_with(['#', 'ℹ']) && matches!(kind, "pass" | "fail") {
        let number = number.trim().parse().ok()?;
        return Some(if kind == "pass" { (number, 0) } else { (0, number) });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn cargo_and_node_reports_are_summed() {
        let text =
            "test result: ok. 12 passed; 1 failed; 0 ignored\n# pass 3\n# fail 2\nℹ pass 4\nℹ fail 0\n# passing by\n";
        assert_eq!(counts(text), (19, 3));
    }
}
