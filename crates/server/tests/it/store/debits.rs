use scrip::{Credits, Error};
use scrip_server::store::{Action, Item, TransactionKind};

use super::harness::{DAY, Ledger, NOON, credits, debit, item, refusal};

conformance! {
    async fn the_allowance_goes_first_and_a_debit_may_be_split(ledger: &Ledger) {
        ledger.top_up("10").await;
        let debit = ledger.debit("26.5").await.unwrap();
        assert_eq!((debit.legs.allowance, debit.legs.prepaid), (credits("25"), credits("1.5")));
        assert_eq!(debit.balance.balance.available, credits("8.5"));
        assert_eq!(ledger.numbers().await, ["8.5", "8.5", "0", "25", "0"]);
    }

    async fn never_a_negative_balance(ledger: &Ledger) {
        let (error, next) = refusal(ledger.debit("25.000000001").await);
        let required = credits("25.000000001");
        assert_eq!(error, Error::InsufficientCredits { available: credits("25"), required });
        assert_eq!(next, None);
        ledger.debit("25").await.unwrap();
        let (_, next) = refusal(ledger.debit("0.000000001").await);
        assert_eq!(next, Some((NOON + 30 * DAY, "25".to_owned())));
    }

    async fn of_256_parallel_debits_as_many_succeed_as_there_are_credits(ledger: &Ledger) {
        ledger.top_up("7").await;
        let answers = super::runs::futures((0..256).map(|_| ledger.debit("1"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 32);
        assert_eq!(ledger.available().await, "0");
    }

    async fn a_debit_of_nothing_is_listed(ledger: &Ledger) {
        let debit = ledger.debit("0").await.unwrap();
        assert_eq!(debit.amount, Credits::ZERO);
        assert_eq!(ledger.available().await, "25");
    }

    async fn items_read_back_as_they_were_written(ledger: &Ledger) {
        ledger.top_up("100").await;
        let tokens = |unit: &str, quantity: &str, amount: &str| Item {
            model: "openai/gpt-4".to_owned(),
            supplier: "openai".to_owned(),
            unit: unit.to_owned(),
            quantity: quantity.to_owned(),
            credits: credits("60"),
            per: "1000000".to_owned(),
            amount: credits(amount),
            valid_from: Some("2023-03-14".to_owned()),
        };
        let items = vec![tokens("input_token", "1200", "0.072"), tokens("output_token", "300", "0.018")];
        let (kind, amount) = (TransactionKind::Pipeline, credits("0.09"));
        let note = Some("a note".to_owned());
        let written = ledger
            .transact(Action::Debit { kind, amount, items: items.clone(), embed: Some(ledger.embed), cap: None, budget: None, note })
            .await
            .unwrap();
        let read = ledger.store().transaction(ledger.owner, written.id).await.unwrap();
        assert_eq!(format!("{read:?}"), format!("{written:?}"));
        assert_eq!((read.items, read.embed, read.note.as_deref()), (items, Some(ledger.embed), Some("a note")));
    }

    async fn a_purchase_told_twice_adds_its_credits_once(ledger: &Ledger) {
        let top_up = Some(scrip_server::ids::TopUpId::generate());
        let buy = || Action::TopUp { kind: TransactionKind::TopUp, top_up, amount: credits("20"), note: None };
        let first = ledger.transact(buy()).await.unwrap();
        let second = ledger.transact(buy()).await.unwrap();
        assert_eq!(first.id, second.id);
        assert_eq!(ledger.available().await, "45");
    }

    async fn a_balance_beyond_nine_billion_is_refused(ledger: &Ledger) {
        let kind = TransactionKind::Grant;
        let grant = |amount: &str| Action::TopUp { kind, top_up: None, amount: credits(amount), note: None };
        ledger.transact(grant("8999999975")).await.unwrap();
        assert_eq!(refusal(ledger.transact(grant("0.000000001")).await).0, Error::Overflow);
        assert_eq!(refusal(ledger.transact(grant("0")).await).0, Error::ZeroAmount);
        assert_eq!(ledger.available().await, "9000000000");
    }

    async fn jobs_of_one_batch_see_each_other(ledger: &Ledger) {
        ledger.top_up("3").await;
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(ledger.transact(debit("9")));
        }
        let answers = super::runs::futures(all.into_iter()).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(ledger.available().await, "1");
        assert_eq!(ledger.returns().await, [(NOON + 30 * DAY, "25".to_owned())]);
    }

    async fn the_only_item_of_a_debit_reads_back(ledger: &Ledger) {
        let written = ledger.debit("1").await.unwrap();
        let read = ledger.store().transaction(ledger.owner, written.id).await.unwrap();
        assert_eq!(read.items, [item("1")]);
    }
}
