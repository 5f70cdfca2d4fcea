//! What every store must do, written once over `dyn Store`.

#[macro_use]
mod harness;

mod budgets;
mod caps;
mod debits;
mod documents;
mod folder;
mod full_disk;
mod holds;
mod idempotency;
mod listing;
mod refunds;
mod runs;
mod servers;
mod tampering;
mod time;

pub(crate) use harness::CLUSTER;
