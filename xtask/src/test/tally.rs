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
        let Counts { passed, failed, skipped } = counts(&printed.text);
        if skipped > 0 {
            self.note(format!("{skipped} tests were left out by {}", printed.shown));
        }
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

#[derive(Debug, Default, PartialEq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Summed over every report in the text.
fn counts(text: &str) -> Counts {
    let mut sum = Counts::default();
    for (kind, number) in
        text.lines().flat_map(|line| cargo_counts(line).or_else(|| node_count(line)).unwrap_or_default())
    {
        match kind {
            "passed" | "pass" => sum.passed += number,
            "failed" | "fail" | "cancelled" => sum.failed += number,
            "ignored" | "skipped" | "todo" => sum.skipped += number,
            _ => {}
        }
    }
    sum
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …` of cargo and wasm-bindgen.
fn cargo_counts(line: &str) -> Option<Vec<(&str, u64)>> {
    let (_, report) = line.trim().strip_prefix("test result:")?.split_once(". ")?;
    let counted = report.split(';').filter_map(|part| part.trim().split_once(' '));
    Some(counted.filter_map(|(number, kind)| Some((kind, number.parse().ok()?))).collect())
}

/// `# pass 12` and `ℹ fail 0` of Node.
fn node_count(line: &str) -> Option<Vec<(&str, u64)>> {
    let rest = line.trim().strip_prefix(['#', 'ℹ'])?;
    let (kind, number) = rest.trim().split_once(' ')?;
    Some(vec![(kind, number.trim().parse().ok()?)])
}

#[cfg(test)]
mod tests {
    use super::{Counts, counts};

    #[test]
    fn cargo_and_node_reports_are_summed() {
        let text = "test result: ok. 12 passed; 1 failed; 5 ignored; 0 measured\n# pass 3\n# fail 2\nℹ pass 4\nℹ fail 0\nℹ skipped 1\n# passing by\n";
        assert_eq!(counts(text), Counts { passed: 19, failed: 3, skipped: 6 });
    }
}
