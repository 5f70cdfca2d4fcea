//! What a batch writes: the rows of each table, gathered, and sent as one statement per table.

use std::collections::{BTreeSet, HashMap};

use super::{
    columns::Half,
    draft::NewEntry,
    error::Fault,
    holds::NewHold,
    idempotency::{Name, Target},
    runs::{EndedRun, NewRun},
};
use crate::ids::{ServerId, Visitor};

/// Rows to be written.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) entries: Vec<NewEntry>,
    /// Entries of debits, with what has been asked back of each.
    pub(super) refunded: HashMap<i64, scrip::Credits>,
    pub(super) keys: Vec<(Name, Half, Target)>,
    pub(super) freed_keys: Vec<Name>,
    pub(super) holds: Vec<NewHold>,
    /// Number, state, and the number of the end.
    pub(super) closed_holds: Vec<(i64, i64, i64)>,
    pub(super) runs: Vec<NewRun>,
    pub(super) ended_runs: Vec<EndedRun>,
    pub(super) servers: BTreeSet<ServerId>,
    /// Number, embed and name.
    pub(super) visitors: Vec<(i64, i64, Visitor)>,
    pub(super) in_flight: HashMap<i64, i64>,
    /// Visitors' runs that count from this moment.
    pub(super) counted: HashMap<i64, i64>,
    /// Embeds' runs under way, in nano-credits.
    pub(super) held: HashMap<i64, i64>,
    /// Embeds' charges of today, in nano-credits.
    pub(super) charged: HashMap<i64, i64>,
    /// Accounts' plans and packs.
    pub(super) plans: HashMap<i64, (String, String)>,
}

impl Changes {
    /// An embed's runs hold more, or less.
    pub(super) fn hold(&mut self, embed: i64, nanos: i64) -> Result<(), Fault> {
        add(&mut self.held, embed, nanos)
    }

    /// An embed is charged today.
    pub(super) fn charge(&mut self, embed: i64, nanos: i64) -> Result<(), Fault> {
        add(&mut self.charged, embed, nanos)
    }
}

fn add(sums: &mut HashMap<i64, i64>, key: i64, nanos: i64) -> Result<(), Fault> {
    let sum = sums.entry(key).or_insert(0);
    *sum = sum.checked_add(nanos).ok_or(scrip::Error::Overflow)?;
    Ok(())
}
