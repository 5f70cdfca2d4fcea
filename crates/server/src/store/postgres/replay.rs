//! Answers that are read from their rows, when all rows of the batch are written.

use std::collections::HashMap;

use deadpool_postgres::Client;

use super::{entries, error::Fault, holds, idempotency::Target, ledger::Pending, runs};
use crate::store::{Answer, Outcome, StoreError};

/// Outcomes by their rows.
pub(super) type Replayed = HashMap<Target, Outcome>;

type Outcomes = Vec<Result<(Pending, bool), Fault>>;

/// The rows to read.
pub(super) fn targets(outcomes: &Outcomes) -> Vec<Target> {
    let targets = outcomes.iter().filter_map(|outcome| match outcome {
        Ok((Pending::Later(target), _)) => Some(*target),
        _ => None,
    });
    targets.collect()
}

/// Reads them, one statement for each table.
pub(super) async fn read(client: &Client, targets: &[Target]) -> Result<Replayed, Fault> {
    let (mut entries, mut runs, mut holds) = (Vec::new(), Vec::new(), Vec::new());
    for target in targets {
        match target {
            Target::Entry(number) => entries.push(*number),
            Target::Run(number) => runs.push(*number),
            Target::Hold(number) => holds.push(*number),
        }
    }
    let mut replayed = HashMap::new();
    for (numbers, sql) in [(entries, entries::BY_NUMBER), (runs, runs::BY_NUMBER), (holds, holds::BY_NUMBER)] {
        if numbers.is_empty() {
            continue;
        }
        let statement = client.prepare_cached(sql).await?;
        for row in client.query(&statement, &[&numbers]).await? {
            let (target, outcome) = match sql {
                entries::BY_NUMBER => {
                    let entry = entries::Entry::from_row(&row)?;
                    (Target::Entry(entry.id), entry.outcome())
                }
                runs::BY_NUMBER => {
                    let (number, run) = runs::from_row(&row)?;
                    (Target::Run(number), Outcome::Run(run))
                }
                _ => {
                    let (number, hold) = holds::from_row(&row)?;
                    (Target::Hold(number), Outcome::Hold(hold))
                }
            };
            replayed.insert(target, outcome);
        }
    }
    Ok(replayed)
}

/// Everybody's answer.
pub(super) fn answers(outcomes: Outcomes, read: &Replayed) -> Vec<Result<Answer, StoreError>> {
    let answer = |(pending, replayed)| match pending {
        Pending::Now(outcome) => Ok(Answer { outcome: *outcome, replayed }),
        Pending::Later(target) => match read.get(&target) {
            Some(outcome) => Ok(Answer { outcome: outcome.clone(), replayed }),
            None => Err(Fault::damaged("an idempotency key names no row").into_answer()),
        },
    };
    outcomes.into_iter().map(|outcome| outcome.map_err(Fault::into_answer).and_then(answer)).collect()
}
