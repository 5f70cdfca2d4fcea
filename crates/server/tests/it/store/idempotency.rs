use scrip_server::store::{Action, Idempotency, Outcome, RunState, StoreError};

use super::harness::{DAY, Ledger, credits, debit, key, run, said, transaction};

const UUID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

conformance! {
    async fn the_same_key_is_answered_with_the_same_words_for_ever(ledger: &Ledger) {
        let first = ledger.submit(key(UUID, 1), debit("1")).await.unwrap();
        assert!(!first.replayed);
        ledger.debit("3").await.unwrap();
        ledger.advance(45 * DAY);
        ledger.capacity("100").await;
        ledger.reopen().await;
        let second = ledger.submit(key(UUID, 1), debit("1")).await.unwrap();
        assert!(second.replayed);
        assert_eq!(said(&first), said(&second));
        assert_eq!(ledger.available().await, "100");
    }

    async fn another_body_under_the_same_key_is_refused(ledger: &Ledger) {
        ledger.submit(key("k", 1), debit("1")).await.unwrap();
        let other = ledger.submit(key("k", 2), debit("2")).await;
        assert!(matches!(other, Err(StoreError::IdempotencyMismatch)));
        assert_eq!(ledger.available().await, "24");
    }

    async fn the_same_key_a_hundred_times_at_once_debits_once(ledger: &Ledger) {
        let answers = super::runs::futures((0..100).map(|_| ledger.submit(key(UUID, 1), debit("1")))).await;
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert!(answers.iter().all(|answer| said(answer) == said(&answers[0])));
        assert_eq!(ledger.available().await, "24");
    }

    async fn the_scope_is_account_route_and_visitor(ledger: &Ledger) {
        let request = |route: &str, visitor: Option<&str>| {
            let visitor = visitor.map(|visitor| visitor.parse().unwrap());
            Some(Idempotency { route: route.to_owned(), visitor, ..key(UUID, 1).unwrap() })
        };
        for request in [request("a", None), request("b", None), request("a", Some("ann")), request("a", Some("bob"))] {
            assert!(!ledger.submit(request, debit("1")).await.unwrap().replayed);
        }
        assert_eq!(ledger.available().await, "21");
    }

    async fn another_spelling_of_a_uuid_is_another_key(ledger: &Ledger) {
        let spellings = [UUID.to_owned(), UUID.to_uppercase(), UUID.replace('-', ""), format!("{{{UUID}}}")];
        for spelling in spellings {
            assert!(!ledger.submit(key(&spelling, 1), debit("1")).await.unwrap().replayed, "{spelling}");
        }
    }

    async fn a_refusal_is_not_stored(ledger: &Ledger) {
        assert!(ledger.submit(key("k", 1), debit("26")).await.is_err());
        ledger.top_up("1").await;
        assert!(!ledger.submit(key("k", 1), debit("26")).await.unwrap().replayed);
    }

    async fn a_repeated_start_finds_the_run_as_it_stands(ledger: &Ledger) {
        let first = ledger.submit(key("k", 1), ledger.start(None)).await.unwrap();
        let id = run(&first).id;
        let again = ledger.submit(key("k", 1), ledger.start(None)).await.unwrap();
        assert_eq!((again.replayed, run(&again).id, run(&again).state), (true, id, RunState::Running));
        ledger.finish(id, Some("1")).await.unwrap();
        let again = ledger.submit(key("k", 1), ledger.start(None)).await.unwrap();
        assert_eq!((again.replayed, run(&again).id, run(&again).state), (true, id, RunState::Done));
        assert_eq!(run(&again).output.as_deref(), Some("words"));
        ledger.store().forget_outputs(0).await.unwrap();
        let again = ledger.submit(key("k", 1), ledger.start(None)).await.unwrap();
        assert_eq!((run(&again).charge, run(&again).output), (Some(credits("1")), None));
        assert_eq!(ledger.available().await, "24");
    }

    async fn a_void_run_frees_its_key(ledger: &Ledger) {
        let first = run(&ledger.submit(key(UUID, 1), ledger.start(None)).await.unwrap());
        ledger.finish(first.id, None).await.unwrap();
        let second = ledger.submit(key(UUID, 1), ledger.start(None)).await.unwrap();
        assert!(!second.replayed);
        assert_ne!(run(&second).id, first.id);
    }

    async fn a_run_that_a_crash_voided_frees_its_key(ledger: &Ledger) {
        ledger.submit(key(UUID, 1), ledger.start(None)).await.unwrap();
        ledger.lose_the_server().await;
        assert!(!ledger.submit(key(UUID, 1), ledger.start(None)).await.unwrap().replayed);
    }

    async fn refunds_holds_settlements_voids_and_plans_are_replayed_too(ledger: &Ledger) {
        let paid = transaction(&ledger.submit(key("debit", 1), debit("5")).await.unwrap());
        let refund = || Action::Refund { transaction: paid.id, amount: Some(credits("2")) };
        let hold = || Action::Hold { amount: credits("3"), expires_in_seconds: 60 };
        let plan = || Action::SetPlan { plan: "gold".to_owned(), packs: vec!["100".to_owned()], capacity: credits("1100") };
        let placed = ledger.submit(key("hold", 1), hold()).await.unwrap();
        let Outcome::Hold(first) = placed.outcome.clone() else { panic!() };
        let Outcome::Hold(second) = ledger.submit(None, hold()).await.unwrap().outcome else { panic!() };
        let settle = || Action::SettleHold { hold: first.id, amount: None, items: Vec::new() };
        let void = || Action::VoidHold { hold: second.id };
        let refunded = ledger.submit(key("refund", 1), refund()).await.unwrap();
        let settled = ledger.submit(key("settle", 1), settle()).await.unwrap();
        let voided = ledger.submit(key("void", 1), void()).await.unwrap();
        let changed = ledger.submit(key("plan", 1), plan()).await.unwrap();
        let before = ledger.numbers().await;
        for (name, first, action) in [
            ("refund", refunded, refund()),
            ("hold", placed, hold()),
            ("settle", settled, settle()),
            ("void", voided, void()),
            ("plan", changed, plan()),
        ] {
            let again = ledger.submit(key(name, 1), action).await.unwrap();
            assert!(again.replayed, "{name}");
            assert_eq!(said(&first), said(&again), "{name}");
        }
        assert_eq!(ledger.numbers().await, before);
        let profile = ledger.store().account(ledger.owner).await.unwrap();
        assert_eq!((profile.plan.as_str(), profile.packs.as_slice()), ("gold", &["100".to_owned()][..]));
    }
}
