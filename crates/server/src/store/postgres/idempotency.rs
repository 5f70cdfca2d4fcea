//! Which row a request came to. It is read before anything else is done and written in the transaction of that row.

use std::collections::HashMap;

use super::{changes::Changes, columns::Half, error::Fault};
use crate::store::{Idempotency, StoreError, scope};

/// The row a request came to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Target {
    /// Of `entries`.
    Entry(i64),
    /// Of `runs`.
    Run(i64),
    /// Of `holds`.
    Hold(i64),
}

impl Target {
    /// As its two columns.
    pub(super) const fn columns(self) -> (i64, i64) {
        match self {
            Self::Entry(id) => (id, 0),
            Self::Run(id) => (id, 1),
            Self::Hold(id) => (id, 2),
        }
    }

    /// From its two columns.
    pub(super) fn from_columns(target: i64, kind: i64) -> Result<Self, Fault> {
        match kind {
            0 => Ok(Self::Entry(target)),
            1 => Ok(Self::Run(target)),
            2 => Ok(Self::Hold(target)),
            _ => Err(Fault::damaged("an idempotency key names no row")),
        }
    }
}

/// A request's name as the table keeps it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Name {
    pub(super) account: i64,
    pub(super) key: String,
    pub(super) scope: [u8; 16],
}

impl Name {
    /// The name of a request.
    pub(super) fn of(account: i64, request: &Idempotency) -> Self {
        Self { account, key: super::columns::text(&request.key), scope: scope::of(request) }
    }
}

/// What was found for the requests of a batch, and what its own came to.
#[derive(Default)]
pub(super) struct Keys {
    known: HashMap<Name, ([u8; 16], Target)>,
}

impl Keys {
    /// A row of the table.
    pub(super) fn load(&mut self, name: Name, body: Half, target: Target) {
        self.known.insert(name, (body.0, target));
    }

    /// What the same request came to before.
    pub(super) fn find(&self, account: i64, request: &Idempotency) -> Result<Option<Target>, Fault> {
        match self.known.get(&Name::of(account, request)) {
            None => Ok(None),
            Some((body, target)) => same(body, request).map(|()| Some(*target)),
        }
    }

    /// Remembers what a request came to.
    pub(super) fn remember(&mut self, changes: &mut Changes, account: i64, request: &Idempotency, target: Target) {
        let (name, body) = (Name::of(account, request), scope::body(request));
        changes.keys.push((name.clone(), Half(body), target));
        self.known.insert(name, (body, target));
    }

    /// Frees the key of a run that came to nothing.
    pub(super) fn forget(&mut self, changes: &mut Changes, name: Name) {
        self.known.remove(&name);
        changes.freed_keys.push(name);
    }
}

/// Another body under the same key is refused.
pub(super) fn same(body: &[u8; 16], request: &Idempotency) -> Result<(), Fault> {
    if *body == scope::body(request) { Ok(()) } else { Err(StoreError::IdempotencyMismatch.into()) }
}
