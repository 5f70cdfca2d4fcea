use scrip::{Credits, Error};
use scrip_server::{
    ids::RunId,
    store::{RunState, StoreError},
};

use super::harness::{DAY, Ledger, NOON, refusal};

conformance! {
    async fn of_200_parallel_runs_against_25_credits_exactly_25_start(ledger: &Ledger) {
        let runs = (0..200).map(|_| ledger.start_run(None));
        let answers = futures(runs).await;
        let (started, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((started.len(), refused.len()), (25, 175));
        for refused in refused {
            let (error, next_return) = refusal(refused);
            assert_eq!(error, Error::InsufficientCredits { available: Credits::ZERO, required: Credits::ONE });
            assert_eq!(next_return, None, "what is only held comes back at no known time");
        }
        let first = started[0].as_ref().unwrap().id;
        ledger.finish(first, Some("1")).await.unwrap();
        let (_, next_return) = refusal(ledger.start_run(None).await);
        assert_eq!(next_return, Some((NOON + 30 * DAY, "1".to_owned())));
        assert_eq!(ledger.numbers().await, ["0", "0", "24", "1", "0"]);
    }

    async fn a_finished_run_is_charged_listed_and_keeps_its_words(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        assert_eq!((run.state, run.held), (RunState::Running, Credits::ONE));
        let done = ledger.finish(run.id, Some("1")).await.unwrap();
        assert_eq!((done.state, done.charge, done.usage), (RunState::Done, Some(Credits::ONE), Some((12, 34))));
        assert_eq!(done.output.as_deref(), Some("words"));
        let row = ledger.store().transaction(ledger.owner, done.transaction.unwrap()).await.unwrap();
        assert_eq!((row.run, row.items.len(), row.amount), (Some(run.id), 1, Credits::ONE));
        assert_eq!(row.items[0].unit, "run");
        assert_eq!(row.balance.balance.available.to_string(), "24");
    }

    async fn a_void_run_costs_nothing_and_is_no_transaction(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        assert_eq!(ledger.available().await, "24");
        let void = ledger.finish(run.id, None).await.unwrap();
        assert_eq!((void.state, void.transaction, void.charge), (RunState::Void, None, None));
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
        let rows = ledger.store().transactions(ledger.owner, super::listing::all()).await.unwrap();
        assert!(rows.data.is_empty());
    }

    async fn a_second_end_answers_with_the_first(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        let first = ledger.finish(run.id, Some("1")).await.unwrap();
        let second = ledger.finish(run.id, None).await.unwrap();
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
        assert_eq!(ledger.available().await, "24");
    }

    async fn a_run_that_costs_nothing_is_counted_and_listed(ledger: &Ledger) {
        let run = ledger.start_run(Some(ledger.cap("ann", Some(1)))).await.unwrap();
        let done = ledger.finish(run.id, Some("0")).await.unwrap();
        assert_eq!(done.charge, Some(Credits::ZERO));
        assert!(done.transaction.is_some());
        assert_eq!(done.cap.unwrap().remaining, Some(0));
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
    }

    async fn a_run_charged_above_its_hold_is_refused_and_stays_open(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        let (error, _) = refusal(ledger.finish(run.id, Some("1.5")).await);
        assert_eq!(error.code(), "settle_exceeds_hold");
        assert_eq!(ledger.store().run(run.id).await.unwrap().state, RunState::Running);
        ledger.finish(run.id, Some("1")).await.unwrap();
    }

    async fn an_unknown_run_or_another_accounts_is_not_found(ledger: &Ledger) {
        assert!(matches!(ledger.finish(RunId::generate(), None).await, Err(StoreError::NotFound)));
        assert!(matches!(ledger.store().run(RunId::generate()).await, Err(StoreError::NotFound)));
    }

    async fn a_restart_voids_what_ran(ledger: &Ledger) {
        let run = ledger.start_run(Some(ledger.cap("ann", Some(1)))).await.unwrap();
        ledger.lose_the_server().await;
        let run = ledger.store().run(run.id).await.unwrap();
        assert_eq!(run.state, RunState::Void);
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
        ledger.start_run(Some(ledger.cap("ann", Some(1)))).await.unwrap();
    }

    async fn only_an_expired_lease_is_released(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        ledger.store().renew_lease(ledger.server).await.unwrap();
        assert_eq!(ledger.store().release_expired().await.unwrap(), 0);
        ledger.advance(29_999);
        assert_eq!(ledger.store().release_expired().await.unwrap(), 0);
        ledger.store().renew_lease(ledger.server).await.unwrap();
        ledger.advance(29_999);
        assert_eq!(ledger.store().release_expired().await.unwrap(), 0);
        ledger.advance(1);
        assert_eq!(ledger.store().release_expired().await.unwrap(), 1);
        assert_eq!(ledger.store().run(run.id).await.unwrap().state, RunState::Void);
        assert_eq!(ledger.finish(run.id, Some("1")).await.unwrap().state, RunState::Void, "it ended before");
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
    }

    async fn words_are_forgotten_after_their_time(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        ledger.finish(run.id, Some("1")).await.unwrap();
        ledger.advance(600_000 - 1);
        ledger.store().forget_outputs(600).await.unwrap();
        assert!(ledger.store().run(run.id).await.unwrap().output.is_some());
        ledger.advance(1);
        ledger.store().forget_outputs(600).await.unwrap();
        let run = ledger.store().run(run.id).await.unwrap();
        assert_eq!((run.output, run.charge), (None, Some(Credits::ONE)));
    }
}

/// All of them at once.
pub(super) async fn futures<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(all).await
}
