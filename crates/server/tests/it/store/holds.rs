use scrip::{Credits, Error};
use scrip_server::{ids::HoldId, store::StoreError};

use super::harness::{DAY, Ledger, NOON, credits, refusal};

conformance! {
    async fn a_hold_reserves_and_its_settlement_frees_the_rest(ledger: &Ledger) {
        ledger.top_up("10").await;
        let hold = ledger.hold("30", 300).await.unwrap();
        assert_eq!(ledger.numbers().await, ["5", "10", "30", "0", "0"]);
        ledger.advance(1000);
        let settled = ledger.settle(hold, Some("26")).await.unwrap();
        assert_eq!((settled.legs.allowance, settled.legs.prepaid), (credits("25"), credits("1")));
        assert_eq!(ledger.numbers().await, ["9", "9", "0", "25", "0"]);
        assert_eq!(ledger.next_return().await, Some((NOON + 1000 + 30 * DAY, "25".to_owned())));
    }

    async fn above_the_hold_nothing_is_settled_and_it_stays_open(ledger: &Ledger) {
        let hold = ledger.hold("3", 300).await.unwrap();
        let refused = refusal(ledger.settle(hold, Some("3.000000001")).await).0;
        assert_eq!(refused, Error::SettleExceedsHold { held: credits("3"), asked: credits("3.000000001") });
        assert_eq!(ledger.settle(hold, None).await.unwrap().amount, credits("3"));
        assert_eq!(ledger.available().await, "22");
    }

    async fn a_closed_hold_is_closed(ledger: &Ledger) {
        let settled = ledger.hold("3", 300).await.unwrap();
        ledger.settle(settled, None).await.unwrap();
        let void = ledger.hold("3", 300).await.unwrap();
        ledger.void(void).await.unwrap();
        for hold in [settled, void] {
            assert!(matches!(ledger.settle(hold, None).await, Err(StoreError::HoldClosed)));
            assert!(matches!(ledger.void(hold).await, Err(StoreError::HoldClosed)));
        }
        assert!(matches!(ledger.void(HoldId::generate()).await, Err(StoreError::NotFound)));
        assert_eq!(ledger.numbers().await, ["22", "0", "0", "3", "0"]);
    }

    async fn an_expired_hold_is_free_at_its_time_and_not_before(ledger: &Ledger) {
        let hold = ledger.hold("25", 60).await.unwrap();
        ledger.advance(59_999);
        assert_eq!(ledger.available().await, "0");
        assert!(ledger.debit("1").await.is_err());
        ledger.advance(1);
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"], "a look frees it without writing");
        ledger.debit("25").await.unwrap();
        assert!(matches!(ledger.settle(hold, None).await, Err(StoreError::HoldClosed)));
    }

    async fn an_expired_hold_cannot_be_settled_even_if_nothing_else_happened(ledger: &Ledger) {
        let hold = ledger.hold("5", 60).await.unwrap();
        ledger.advance(60_000);
        assert!(matches!(ledger.settle(hold, None).await, Err(StoreError::HoldClosed)));
        assert!(matches!(ledger.void(hold).await, Err(StoreError::HoldClosed)));
        assert_eq!(ledger.available().await, "25");
    }

    async fn expired_holds_are_released_by_the_way(ledger: &Ledger) {
        ledger.hold("1", 60).await.unwrap();
        ledger.hold("2", 60).await.unwrap();
        ledger.hold("4", 61).await.unwrap();
        ledger.advance(60_000);
        assert_eq!(ledger.store().release_expired().await.unwrap(), 2);
        assert_eq!(ledger.store().release_expired().await.unwrap(), 0);
        assert_eq!(ledger.available().await, "21");
    }

    async fn a_hold_fixes_its_legs_when_it_is_placed(ledger: &Ledger) {
        ledger.top_up("10").await;
        ledger.debit("25").await.unwrap();
        let hold = ledger.hold("4", 86_400).await.unwrap();
        ledger.capacity("1000").await;
        let settled = ledger.settle(hold, Some("3")).await.unwrap();
        assert_eq!((settled.legs.allowance, settled.legs.prepaid), (Credits::ZERO, credits("3")));
    }

    async fn a_hold_survives_a_restart(ledger: &Ledger) {
        let hold = ledger.hold("5", 300).await.unwrap();
        ledger.reopen().await;
        assert_eq!(ledger.available().await, "20");
        ledger.settle(hold, Some("2")).await.unwrap();
        assert_eq!(ledger.available().await, "23");
    }

    async fn nothing_cannot_be_held(ledger: &Ledger) {
        assert_eq!(refusal(ledger.hold("0", 60).await).0, Error::ZeroAmount);
    }
}
