use scrip::{Error, Timestamp};
use scrip_server::store::{Action, CapRule, StoreError, TransactionKind};

use super::harness::{DAY, Ledger, NOON, at, credits, item, refusal};

async fn debit(ledger: &Ledger, cap: CapRule) -> Result<(), StoreError> {
    let items = vec![item("1")];
    let (kind, amount) = (TransactionKind::Debit, credits("1"));
    ledger
        .transact(Action::Debit { kind, amount, items, embed: None, cap: Some(cap), budget: None, note: None })
        .await
        .map(drop)
}

fn reached(limit: u32, resets_at: Option<Timestamp>) -> Error {
    Error::VisitorCapReached { limit, resets_at }
}

conformance! {
    async fn a_cap_of_five_lets_exactly_five_of_fifty_parallel_presses_run(ledger: &Ledger) {
        let presses = (0..50).map(|_| ledger.start_run(Some(ledger.cap("ann", Some(5)))));
        let answers = super::runs::futures(presses).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5);
        for refused in answers.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(refused).0.code(), "visitor_cap_reached");
        }
        assert!(ledger.start_run(Some(ledger.cap("bob", Some(5)))).await.is_ok(), "another visitor still can run");
        assert_eq!(ledger.available().await, "19");
    }

    async fn runs_and_debits_count_against_the_same_cap(ledger: &Ledger) {
        let run = ledger.start_run(Some(ledger.cap("ann", Some(2)))).await.unwrap();
        assert_eq!(run.cap.unwrap().remaining, Some(1));
        debit(ledger, ledger.cap("ann", Some(2))).await.unwrap();
        assert_eq!(refusal(debit(ledger, ledger.cap("ann", Some(2))).await).0, reached(2, Some(at(NOON + 30 * DAY))));
    }

    async fn a_run_in_flight_counts_and_a_void_one_gives_its_place_back(ledger: &Ledger) {
        let cap = || Some(ledger.cap("ann", Some(1)));
        let run = ledger.start_run(cap()).await.unwrap();
        assert!(ledger.start_run(cap()).await.is_err());
        assert_eq!(ledger.finish(run.id, None).await.unwrap().cap.unwrap().remaining, Some(1));
        let run = ledger.start_run(cap()).await.unwrap();
        ledger.finish(run.id, Some("1")).await.unwrap();
        assert!(ledger.start_run(cap()).await.is_err());
    }

    async fn a_run_comes_back_to_its_visitor_a_window_after_its_settlement(ledger: &Ledger) {
        let cap = || Some(ledger.cap("ann", Some(1)));
        let run = ledger.start_run(cap()).await.unwrap();
        ledger.advance(60_000);
        let done = ledger.finish(run.id, Some("1")).await.unwrap();
        let back = NOON + 60_000 + 30 * DAY;
        assert_eq!(done.cap.unwrap().resets_at, Some(at(back)));
        ledger.set_time(back - 1);
        assert_eq!(refusal(ledger.start_run(cap()).await).0, reached(1, Some(at(back))));
        ledger.set_time(back);
        ledger.start_run(cap()).await.unwrap();
    }

    async fn the_cap_refuses_before_the_balance_does(ledger: &Ledger) {
        debit(ledger, ledger.cap("ann", Some(1))).await.unwrap();
        ledger.debit("24").await.unwrap();
        let refused = ledger.start_run(Some(ledger.cap("ann", Some(1)))).await;
        assert_eq!(refusal(refused).0.code(), "visitor_cap_reached");
        let refused = ledger.start_run(Some(ledger.cap("bob", Some(1)))).await;
        assert_eq!(refusal(refused).0.code(), "insufficient_credits");
    }

    async fn a_refused_run_takes_no_place(ledger: &Ledger) {
        ledger.debit("25").await.unwrap();
        assert!(ledger.start_run(Some(ledger.cap("ann", Some(1)))).await.is_err());
        assert_eq!(ledger.store().visitor(&ledger.cap("ann", Some(1))).await.unwrap().remaining, Some(1));
    }

    async fn a_moved_slider_acts_at_once(ledger: &Ledger) {
        for _ in 0..3 {
            debit(ledger, ledger.cap("ann", Some(3))).await.unwrap();
        }
        assert!(debit(ledger, ledger.cap("ann", Some(2))).await.is_err());
        debit(ledger, ledger.cap("ann", Some(4))).await.unwrap();
        debit(ledger, ledger.cap("ann", None)).await.unwrap();
        assert_eq!(refusal(debit(ledger, ledger.cap("ann", Some(0))).await).0, reached(0, Some(at(NOON + 30 * DAY))));
    }

    async fn a_closed_embed_refuses_and_names_no_date(ledger: &Ledger) {
        assert_eq!(refusal(debit(ledger, ledger.cap("ann", Some(0))).await).0, reached(0, None));
    }

    async fn without_a_window_a_run_never_comes_back(ledger: &Ledger) {
        let cap = || CapRule { window: None, ..ledger.cap("ann", Some(1)) };
        debit(ledger, cap()).await.unwrap();
        ledger.advance(3_650 * DAY);
        assert_eq!(refusal(debit(ledger, cap()).await).0, reached(1, None));
    }

    async fn an_unlimited_visitor_is_counted_too(ledger: &Ledger) {
        for _ in 0..3 {
            debit(ledger, ledger.cap("ann", None)).await.unwrap();
        }
        let decision = ledger.store().visitor(&ledger.cap("ann", None)).await.unwrap();
        assert_eq!((decision.allowed, decision.remaining), (true, None));
        assert_eq!(ledger.store().visitor(&ledger.cap("ann", Some(5))).await.unwrap().remaining, Some(2));
    }

    async fn another_accounts_embed_is_not_found(ledger: &Ledger) {
        let cap = CapRule { embed: scrip_server::ids::EmbedId::generate(), ..ledger.cap("ann", None) };
        assert!(matches!(debit(ledger, cap).await, Err(StoreError::NotFound)));
    }
}
