use scrip::{Credits, Error};
use scrip_server::{ids::TransactionId, store::StoreError};

use super::harness::{DAY, Ledger, NOON, credits, refusal};

conformance! {
    async fn a_refund_gives_back_prepaid_first_and_then_the_allowance(ledger: &Ledger) {
        ledger.top_up("10").await;
        let debit = ledger.debit("30").await.unwrap();
        let first = ledger.refund(debit.id, Some("7")).await.unwrap();
        assert_eq!((first.legs.prepaid, first.legs.allowance), (credits("5"), credits("2")));
        assert_eq!(first.refunds, Some(debit.id));
        let rest = ledger.refund(debit.id, None).await.unwrap();
        assert_eq!((rest.legs.prepaid, rest.legs.allowance), (Credits::ZERO, credits("23")));
        assert_eq!(ledger.numbers().await, ["35", "10", "0", "0", "0"]);
        assert!(ledger.returns().await.is_empty(), "a refunded credit does not also come back by itself");
    }

    async fn a_refund_takes_only_its_own_share_out_of_the_queue(ledger: &Ledger) {
        let debit = ledger.debit("3").await.unwrap();
        ledger.debit("4").await.unwrap();
        ledger.refund(debit.id, Some("1")).await.unwrap();
        assert_eq!(ledger.returns().await, [(NOON + 30 * DAY, "6".to_owned())]);
        ledger.advance(30 * DAY);
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
    }

    async fn beyond_what_is_left_nothing_is_refunded(ledger: &Ledger) {
        let debit = ledger.debit("3").await.unwrap();
        let refused = refusal(ledger.refund(debit.id, Some("3.1")).await).0;
        assert_eq!(refused, Error::RefundExceedsDebit { left: credits("3"), asked: credits("3.1") });
        ledger.refund(debit.id, None).await.unwrap();
        assert_eq!(refusal(ledger.refund(debit.id, Some("0.1")).await).0.code(), "refund_exceeds_debit");
        assert_eq!(refusal(ledger.refund(debit.id, None).await).0.code(), "refund_exceeds_debit");
        assert_eq!(refusal(ledger.refund(debit.id, Some("0")).await).0, Error::ZeroAmount);
        assert_eq!(ledger.available().await, "25");
    }

    async fn what_has_come_back_by_itself_mints_nothing(ledger: &Ledger) {
        let debit = ledger.debit("3").await.unwrap();
        ledger.advance(30 * DAY);
        let refund = ledger.refund(debit.id, Some("2")).await.unwrap();
        assert_eq!(refund.amount, Credits::ZERO);
        assert_eq!(ledger.available().await, "25");
        assert!(ledger.refund(debit.id, Some("2")).await.is_err(), "the asked amount counts as refunded");
    }

    async fn a_millisecond_before_its_return_a_refund_still_releases(ledger: &Ledger) {
        let debit = ledger.debit("3").await.unwrap();
        ledger.advance(30 * DAY - 1);
        assert_eq!(ledger.refund(debit.id, None).await.unwrap().amount, credits("3"));
        ledger.advance(1);
        assert_eq!(ledger.available().await, "25");
    }

    async fn only_debits_can_be_refunded(ledger: &Ledger) {
        let top_up = ledger.top_up("5").await;
        assert!(matches!(ledger.refund(top_up.id, None).await, Err(StoreError::NotADebit)));
        let debit = ledger.debit("1").await.unwrap();
        let refund = ledger.refund(debit.id, None).await.unwrap();
        assert!(matches!(ledger.refund(refund.id, None).await, Err(StoreError::NotADebit)));
        assert!(matches!(ledger.refund(TransactionId::generate(), None).await, Err(StoreError::NotFound)));
    }

    async fn parallel_refunds_never_give_back_more_than_went_out(ledger: &Ledger) {
        let debit = ledger.debit("10").await.unwrap();
        let answers = super::runs::futures((0..40).map(|_| ledger.refund(debit.id, Some("1")))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 10);
        assert_eq!(ledger.available().await, "25");
    }

    async fn a_run_is_refunded_like_any_debit(ledger: &Ledger) {
        let run = ledger.start_run(None).await.unwrap();
        let done = ledger.finish(run.id, Some("1")).await.unwrap();
        ledger.refund(done.transaction.unwrap(), None).await.unwrap();
        assert_eq!(ledger.available().await, "25");
    }

    async fn a_replayed_debit_says_what_it_said_before_its_refund(ledger: &Ledger) {
        let debit = ledger.debit("10").await.unwrap();
        ledger.refund(debit.id, None).await.unwrap();
        let read = ledger.store().transaction(ledger.owner, debit.id).await.unwrap();
        assert_eq!(format!("{read:?}"), format!("{debit:?}"));
    }
}
