//! Figures as a page of tables.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;

use crate::machine;

const HEAD: &str = "# Benchmarks\n\nWritten by `cargo xtask bench`; no figure here is typed by hand.\n";

pub(super) fn page(figures: &[Value]) -> Result<String> {
    let (commit, date, machine) = (machine::commit()?, machine::now()?, machine::describe());
    Ok(format!("{HEAD}\n- commit: {commit}\n- date: {date}\n- machine: {machine}\n\n{}", tables(figures)?))
}

fn tables(figures: &[Value]) -> Result<String> {
    let mut page = String::new();
    let mut groups: Vec<String> = Vec::new();
    for group in figures.iter().map(|one| text(one, "group")) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    for group in groups {
        writeln!(page, "## {group}\n\n| what | value | unit | bound | met |\n|---|---:|---|---|---|")?;
        let mut causes = Vec::new();
        for one in figures.iter().filter(|one| text(one, "group") == group) {
            let cells = ["name", "value", "unit", "bound"].map(|member| text(one, member)).join(" | ");
            writeln!(page, "| {cells} | {} |", met(one, &mut causes))?;
        }
        for (place, cause) in causes.iter().enumerate() {
            writeln!(page, "\n({}) {cause}", place + 1)?;
        }
        page.push('\n');
    }
    Ok(page.trim_end().to_owned() + "\n")
}

/// A bound that does not hold says why, below the table.
fn met(figure: &Value, causes: &mut Vec<String>) -> String {
    match figure.get("met").and_then(Value::as_bool) {
        Some(true) => "yes".to_owned(),
        Some(false) => {
            let cause = text(figure, "cause");
            causes.push(if cause.is_empty() { "The cause was not measured.".to_owned() } else { cause });
            format!("**MISSED** ({})", causes.len())
        }
        None => String::new(),
    }
}

pub(super) fn text(figure: &Value, member: &str) -> String {
    match figure.get(member) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::tables;

    #[test]
    fn a_missed_bound_has_its_cause_below_the_table_and_a_group_stands_once() {
        let figures = [
            json!({"group": "a", "name": "one", "value": 5, "unit": "ms", "bound": "≤ 4", "met": false, "cause": "the disk"}),
            json!({"group": "b", "name": "two", "value": 1.5, "unit": "ratio", "bound": null, "met": null}),
            json!({"group": "a", "name": "three", "value": 3, "unit": "ms", "bound": "≤ 4", "met": true}),
        ];
        let head = "| what | value | unit | bound | met |\n|---|---:|---|---|---|";
        let expected = format!(
            "## a\n\n{head}\n| one | 5 | ms | ≤ 4 | **MISSED** (1) |\n| three | 3 | ms | ≤ 4 | yes |\n\n(1) the disk\n\n## b\n\n{head}\n| two | 1.5 | ratio |  |  |\n"
        );
        assert_eq!(tables(&figures).ok(), Some(expected));
    }
}
