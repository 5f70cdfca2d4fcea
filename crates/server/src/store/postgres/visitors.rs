//! What counts against a visitor's cap. The core decides; here lie the times of the runs.

use std::collections::HashMap;

use scrip::{Decision, Timestamp, Window};

use super::{
    batch::{Batch, Moving},
    changes::Changes,
    columns::{Moment, count},
    error::Fault,
    pool::Connections,
};
use crate::{
    ids::{EmbedId, Visitor},
    store::{
        CapRule,
        counting::{self, Counted},
    },
};

/// The visitors of a batch.
#[derive(Default)]
pub(super) struct Visitors {
    names: HashMap<(EmbedId, Visitor), i64>,
    /// What counted in a job's window before this batch, by the job's place.
    counted: HashMap<usize, Counted>,
    live: HashMap<i64, Live>,
}

/// A visitor's runs as they stand in this batch.
#[derive(Clone, Copy, Debug, Default)]
struct Live {
    in_flight: u32,
    /// Counted by this batch.
    added: u32,
}

impl Visitors {
    /// A row for the job at `place`.
    pub(super) fn load(&mut self, place: usize, name: Option<(EmbedId, Visitor)>, visitor: i64, counted: Counted) {
        self.names.extend(name.map(|name| (name, visitor)));
        self.live.entry(visitor).or_insert(Live { in_flight: counted.in_flight, added: 0 });
        self.counted.insert(place, counted);
    }

    fn counted(&self, place: usize, visitor: Option<i64>, now: Timestamp) -> Counted {
        let before = self.counted.get(&place).copied().unwrap_or_default();
        let live = visitor.and_then(|visitor| self.live.get(&visitor)).copied().unwrap_or_default();
        let oldest = before.oldest.or((live.added > 0).then_some(now));
        Counted { oldest, runs: before.runs.saturating_add(live.added), in_flight: live.in_flight }
    }
}

/// A place that a visitor may take.
pub(super) struct Place {
    name: Visitor,
    embed: i64,
    known: Option<i64>,
    of: EmbedId,
    /// What is left afterwards.
    pub(super) decision: Decision,
}

/// Refuses beyond the cap; changes nothing yet.
pub(super) fn ask(batch: &Batch, job: usize, moving: &Moving, rule: &CapRule) -> Result<Place, Fault> {
    let embed = batch.embed(moving, rule.embed)?.number;
    let known = batch.visitors.names.get(&(rule.embed, rule.visitor.clone())).copied();
    let mut cap = counting::cap(batch.visitors.counted(job, known, batch.now), rule.limit, rule.window, batch.now)?;
    cap.take(batch.now)?;
    Ok(Place { name: rule.visitor.clone(), embed, known, of: rule.embed, decision: cap.check(batch.now) })
}

/// Takes the place: of a run that begins, or one that is over at once. Returns the visitor's row.
pub(super) fn take(batch: &mut Batch, place: &Place, begins: bool) -> Result<i64, Fault> {
    let visitor = match place.known {
        Some(visitor) => visitor,
        None => {
            let visitor = batch.number()?;
            batch.visitors.names.insert((place.of, place.name.clone()), visitor);
            batch.changes.visitors.push((visitor, place.embed, place.name.clone()));
            visitor
        }
    };
    if begins {
        in_flight(&mut batch.visitors, &mut batch.changes, visitor, true);
    } else {
        add(&mut batch.visitors, &mut batch.changes, visitor);
    }
    Ok(visitor)
}

/// Ends a run: it counts from now on by its own time, or no longer.
pub(super) fn end(batch: &mut Batch, visitor: i64, counts: bool) {
    in_flight(&mut batch.visitors, &mut batch.changes, visitor, false);
    if counts {
        add(&mut batch.visitors, &mut batch.changes, visitor);
    }
}

fn in_flight(visitors: &mut Visitors, changes: &mut Changes, visitor: i64, begins: bool) {
    let live = visitors.live.entry(visitor).or_default();
    let delta = changes.in_flight.entry(visitor).or_insert(0);
    if begins {
        live.in_flight = live.in_flight.saturating_add(1);
        *delta = delta.saturating_add(1);
    } else {
        live.in_flight = live.in_flight.saturating_sub(1);
        *delta = delta.saturating_sub(1);
    }
}

fn add(visitors: &mut Visitors, changes: &mut Changes, visitor: i64) {
    let live = visitors.live.entry(visitor).or_default();
    live.added = live.added.saturating_add(1);
    changes.counted.insert(visitor, i64::from(live.added));
}

/// What the visitor of a job's run may do now.
pub(super) fn decision_of(
    batch: &Batch,
    job: usize,
    visitor: i64,
    limit: Option<u32>,
    window: Option<Window>,
) -> Result<Decision, Fault> {
    let counted = batch.visitors.counted(job, Some(visitor), batch.now);
    Ok(counting::cap(counted, limit, window, batch.now)?.check(batch.now))
}

const COUNTED: &str = "SELECT min(c.at), coalesce(sum(c.runs), 0)::bigint, v.in_flight
     FROM embeds m JOIN visitors v ON v.embed = m.id LEFT JOIN counted c ON c.visitor = v.id AND c.at > $3
     WHERE m.public = $1 AND v.name = $2 GROUP BY v.id";

/// What a visitor may do at `now`.
pub(super) async fn decision(connections: &Connections, rule: &CapRule, now: Timestamp) -> Result<Decision, Fault> {
    let since = counting::since(rule.window, now);
    let row = connections.query_opt(COUNTED, &[&rule.embed, &rule.visitor, &since]).await?;
    let counted = row.as_ref().map(|row| counted(row, 0)).transpose()?.unwrap_or_default();
    Ok(counting::cap(counted, rule.limit, rule.window, now)?.check(now))
}

/// Reads the oldest run, their number, and those under way.
pub(super) fn counted(row: &tokio_postgres::Row, first: usize) -> Result<Counted, tokio_postgres::Error> {
    let number = |place: usize| row.try_get::<_, Option<i64>>(first.saturating_add(place));
    Ok(Counted {
        oldest: row.try_get::<_, Option<Moment>>(first)?.map(|at| at.0),
        runs: count(number(1)?.unwrap_or(0)),
        in_flight: count(number(2)?.unwrap_or(0)),
    })
}
