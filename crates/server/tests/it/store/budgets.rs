use scrip_server::store::{Action, Run, StoreError, TransactionKind};

use super::harness::{DAY, Ledger, NOON, at, credits, item};

const MIDNIGHT: i64 = (NOON / DAY + 1) * DAY;

fn debit(ledger: &Ledger, amount: &str, budget: Option<&str>) -> Action {
    let (kind, items) = (TransactionKind::Debit, vec![item(amount)]);
    let budget = budget.map(credits);
    Action::Debit { kind, amount: credits(amount), items, embed: Some(ledger.embed), cap: None, budget, note: None }
}

async fn start(ledger: &Ledger, hold: &str, budget: &str) -> Result<Run, StoreError> {
    let Action::StartRun { run, pickaxe, server, model, .. } = ledger.start(None) else { panic!("another action") };
    let (embed, hold, budget) = (Some(ledger.embed), credits(hold), Some(credits(budget)));
    let action = Action::StartRun { run, pickaxe, embed, cap: None, budget, hold, server, model };
    ledger.submit(None, action).await.map(|answer| super::harness::run(&answer))
}

#[track_caller]
fn exhausted<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    match answer {
        Err(StoreError::BudgetExhausted { resets_at }) => assert_eq!(resets_at, at(MIDNIGHT)),
        other => panic!("{other:?}"),
    }
}

conformance! {
    async fn parallel_debits_spend_a_budget_to_the_last_nano_credit_and_never_beyond(ledger: &Ledger) {
        let debits = (0..50).map(|_| ledger.transact(debit(ledger, "0.300000001", Some("2.100000007"))));
        let answers = super::runs::futures(debits).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 7);
        exhausted(ledger.transact(debit(ledger, "0.000000001", Some("2.100000007"))).await);
        ledger.transact(debit(ledger, "0.000000001", Some("2.100000008"))).await.unwrap();
        assert_eq!(ledger.available().await, "22.899999992");
    }

    async fn what_a_run_holds_counts_until_it_ends_and_then_what_it_cost(ledger: &Ledger) {
        let run = start(ledger, "2", "3").await.unwrap();
        exhausted(start(ledger, "1.5", "3").await);
        exhausted(ledger.transact(debit(ledger, "1.000000001", Some("3"))).await);
        ledger.finish(run.id, Some("0.5")).await.unwrap();
        let other = start(ledger, "2.5", "3").await.unwrap();
        exhausted(start(ledger, "0.000000001", "3").await);
        ledger.finish(other.id, None).await.unwrap();
        start(ledger, "2.5", "3").await.unwrap();
    }

    async fn at_midnight_in_utc_a_new_day_begins_and_not_a_millisecond_before(ledger: &Ledger) {
        ledger.transact(debit(ledger, "1", Some("1"))).await.unwrap();
        ledger.set_time(MIDNIGHT - 1);
        exhausted(ledger.transact(debit(ledger, "1", Some("1"))).await);
        ledger.set_time(MIDNIGHT);
        ledger.transact(debit(ledger, "1", Some("1"))).await.unwrap();
    }

    async fn a_run_over_midnight_is_charged_on_the_day_it_ends(ledger: &Ledger) {
        let run = start(ledger, "1", "1").await.unwrap();
        ledger.set_time(MIDNIGHT);
        assert!(start(ledger, "1", "1").await.is_err(), "what it holds counts on the new day");
        ledger.finish(run.id, Some("0.25")).await.unwrap();
        ledger.transact(debit(ledger, "0.75", Some("1"))).await.unwrap();
        assert!(ledger.transact(debit(ledger, "0.000000001", Some("1"))).await.is_err());
    }

    async fn a_budget_set_in_the_middle_of_a_day_counts_what_was_charged_before(ledger: &Ledger) {
        ledger.transact(debit(ledger, "4", None)).await.unwrap();
        exhausted(ledger.transact(debit(ledger, "1", Some("4"))).await);
        ledger.transact(debit(ledger, "1", Some("5"))).await.unwrap();
        exhausted(start(ledger, "1", "0").await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_of_the_first_format_gets_its_charges_from_its_entries() {
    let ledger = Ledger::sqlite().await;
    ledger.transact(debit(&ledger, "3", None)).await.unwrap();
    ledger.transact(debit(&ledger, "0.5", None)).await.unwrap();
    start(&ledger, "1", "9").await.unwrap();
    ledger.close().await;
    let database = rusqlite::Connection::open(ledger.folder.path().join("scrip.db")).unwrap();
    let back = "DROP TABLE charges; ALTER TABLE embeds DROP COLUMN held; PRAGMA user_version = 1;";
    database.execute_batch(back).unwrap();
    drop(database);
    // The new start voids the run: what it held is taken back from what the step counted.
    ledger.open().await;
    ledger.is_sound().await;
    exhausted(ledger.transact(debit(&ledger, "1.500000001", Some("5"))).await);
    ledger.transact(debit(&ledger, "1.5", Some("5"))).await.unwrap();
    ledger.is_sound().await;
}
