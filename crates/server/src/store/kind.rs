//! What an entry is, and the number every store keeps for it.

use super::TransactionKind;

/// What the owner sees, and what only the ledger knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Seen(TransactionKind),
    /// The account's first row: its capacity.
    Open,
    /// Another capacity.
    Capacity,
}

impl Kind {
    /// Everything below is listed.
    pub(super) const FIRST_UNSEEN: i64 = 100;

    const ALL: [(Self, i64); 9] = [
        (Self::Seen(TransactionKind::Run), 0),
        (Self::Seen(TransactionKind::Debit), 1),
        (Self::Seen(TransactionKind::Refund), 2),
        (Self::Seen(TransactionKind::TopUp), 3),
        (Self::Seen(TransactionKind::Grant), 4),
        (Self::Seen(TransactionKind::Pipeline), 5),
        (Self::Seen(TransactionKind::Benchmark), 6),
        (Self::Open, 100),
        (Self::Capacity, 101),
    ];

    /// Whether it is a debit, which a refund may name.
    pub(super) const fn spends(self) -> bool {
        use TransactionKind::{Benchmark, Debit, Pipeline, Run};
        matches!(self, Self::Seen(Run | Debit | Pipeline | Benchmark))
    }

    /// As it is stored.
    pub(super) fn number(self) -> i64 {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or(-1, |(_, number)| *number)
    }

    /// From a store.
    pub(super) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == number).map(|(kind, _)| *kind)
    }
}
