//! What the jobs of a batch need to be read, gathered before the first statement.

use std::collections::{BTreeSet, HashMap};

use scrip::Window;

use super::writer::Work;
use crate::{
    ids::{AccountId, EmbedId, HoldId, PickaxeId, RunId, TopUpId, TransactionId, Visitor},
    store::{Action, CapRule, Idempotency, Movement},
};

/// A visitor's count, for one job.
pub(super) struct VisitorWant {
    pub(super) job: i64,
    pub(super) embed: EmbedId,
    pub(super) name: Visitor,
    pub(super) window: Option<Window>,
}

/// Rows by their ids.
#[derive(Default)]
pub(super) struct Wants {
    pub(super) accounts: BTreeSet<AccountId>,
    pub(super) keys: Vec<(AccountId, Idempotency)>,
    pub(super) embeds: BTreeSet<EmbedId>,
    pub(super) pickaxes: BTreeSet<PickaxeId>,
    pub(super) visitors: Vec<VisitorWant>,
    /// A run, and the job that ends it.
    pub(super) runs: Vec<(i64, RunId)>,
    pub(super) holds: BTreeSet<HoldId>,
    pub(super) debits: BTreeSet<TransactionId>,
    /// How many refunds an account asks for.
    pub(super) refunds: HashMap<AccountId, i64>,
    pub(super) top_ups: BTreeSet<TopUpId>,
}

impl Wants {
    /// What these jobs need.
    pub(super) fn of<'a>(work: impl Iterator<Item = &'a Work>) -> Self {
        let mut wants = Self::default();
        for (job, work) in (0_i64..).zip(work) {
            match work {
                Work::Move(movement) => wants.add(job, movement),
                Work::FreeExpired(account) => drop(wants.accounts.insert(*account)),
            }
        }
        wants
    }

    fn add(&mut self, job: i64, movement: &Movement) {
        let account = movement.account;
        self.accounts.insert(account);
        self.keys.extend(movement.idempotency.clone().map(|request| (account, request)));
        match &movement.action {
            Action::StartRun { pickaxe, embed, cap, .. } => {
                self.pickaxes.insert(*pickaxe);
                self.place(job, *embed, cap.as_ref());
            }
            Action::Debit { embed, cap, .. } => self.place(job, *embed, cap.as_ref()),
            Action::FinishRun { run, .. } => self.runs.push((job, *run)),
            Action::Refund { transaction, .. } => {
                self.debits.insert(*transaction);
                let count = self.refunds.entry(account).or_insert(0);
                *count = count.saturating_add(1);
            }
            Action::SettleHold { hold, .. } | Action::VoidHold { hold } => drop(self.holds.insert(*hold)),
            Action::TopUp { top_up, .. } => self.top_ups.extend(*top_up),
            Action::Hold { .. } | Action::SetPlan { .. } => {}
        }
    }

    fn place(&mut self, job: i64, embed: Option<EmbedId>, cap: Option<&CapRule>) {
        self.embeds.extend(embed);
        if let Some(rule) = cap {
            self.embeds.insert(rule.embed);
            let (embed, name, window) = (rule.embed, rule.visitor.clone(), rule.window);
            self.visitors.push(VisitorWant { job, embed, name, window });
        }
    }
}
