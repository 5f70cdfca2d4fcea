use super::harness::{DAY, Ledger, NOON};

conformance! {
    async fn a_credit_is_back_exactly_thirty_days_after_its_use(ledger: &Ledger) {
        let debit = ledger.debit("1").await.unwrap();
        assert_eq!(debit.created_at.as_millis(), NOON);
        ledger.set_time(NOON + 30 * DAY - 1);
        assert_eq!(ledger.available().await, "24");
        assert!(ledger.debit("25").await.is_err());
        ledger.set_time(NOON + 30 * DAY);
        assert_eq!(ledger.available().await, "25");
        ledger.debit("25").await.unwrap();
        ledger.set_time(NOON + 30 * DAY + 1);
        assert_eq!(ledger.available().await, "0");
    }

    async fn each_credit_comes_back_by_itself_and_the_schedule_says_so(ledger: &Ledger) {
        for day in 0..5 {
            ledger.set_time(NOON + day * DAY);
            ledger.debit("5").await.unwrap();
        }
        let schedule: Vec<_> = (0..5).map(|day| (NOON + (day + 30) * DAY, "5".to_owned())).collect();
        assert_eq!(ledger.returns().await, schedule);
        for (place, (at, _)) in schedule.iter().enumerate() {
            ledger.set_time(at - 1);
            assert_eq!(ledger.available().await, (place * 5).to_string());
            assert_eq!(ledger.next_return().await, Some((*at, "5".to_owned())));
            ledger.set_time(*at);
            assert_eq!(ledger.available().await, ((place + 1) * 5).to_string());
        }
        assert_eq!(ledger.returns().await, []);
        ledger.debit("1").await.unwrap();
    }

    async fn a_clock_set_back_moves_nothing(ledger: &Ledger) {
        ledger.debit("1").await.unwrap();
        ledger.set_time(NOON - 10 * DAY);
        assert_eq!(ledger.store().now().as_millis(), NOON);
        let second = ledger.debit("1").await.unwrap();
        assert_eq!(second.created_at.as_millis(), NOON);
        ledger.reopen().await;
        assert_eq!(ledger.store().now().as_millis(), NOON, "a restart does not forget the time");
        assert_eq!(ledger.debit("1").await.unwrap().created_at.as_millis(), NOON);
        assert_eq!(ledger.next_return().await, Some((NOON + 30 * DAY, "3".to_owned())));
    }

    async fn ledger_time_is_one_for_all_accounts(ledger: &Ledger) {
        let other = scrip_server::ids::AccountId::generate();
        ledger.advance(DAY);
        ledger.new_account(other, "25").await.unwrap();
        ledger.set_time(NOON);
        assert_eq!(ledger.debit("1").await.unwrap().created_at.as_millis(), NOON + DAY);
    }

    async fn more_capacity_acts_at_once_and_less_claws_nothing_back(ledger: &Ledger) {
        ledger.debit("20").await.unwrap();
        ledger.capacity("1000").await;
        assert_eq!(ledger.numbers().await, ["980", "0", "0", "20", "0"]);
        ledger.advance(DAY);
        ledger.debit("80").await.unwrap();
        ledger.capacity("25").await;
        assert_eq!(ledger.numbers().await, ["0", "0", "0", "100", "75"]);
        ledger.capacity("1000").await;
        assert_eq!(ledger.available().await, "900", "cancel and re-subscribe refills nothing");
        ledger.capacity("25").await;
        ledger.set_time(NOON + 30 * DAY);
        assert_eq!(ledger.numbers().await, ["0", "0", "0", "80", "55"], "it heals as credits return");
        ledger.set_time(NOON + 31 * DAY);
        assert_eq!(ledger.numbers().await, ["25", "0", "0", "0", "0"]);
    }

    async fn a_refused_movement_leaves_what_is_due_to_the_next_one(ledger: &Ledger) {
        ledger.debit("25").await.unwrap();
        ledger.advance(30 * DAY);
        assert!(ledger.debit("26").await.is_err());
        ledger.debit("25").await.unwrap();
        assert_eq!(ledger.numbers().await, ["0", "0", "0", "25", "0"]);
    }
}
