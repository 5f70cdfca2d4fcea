use scrip_server::store::{ListQuery, StoreError, TransactionKind};

use super::harness::{DAY, Ledger, NOON, at};

pub(super) fn all() -> ListQuery {
    ListQuery { limit: 200, ..ListQuery::default() }
}

async fn amounts(ledger: &Ledger, query: ListQuery) -> Vec<String> {
    let page = ledger.store().transactions(ledger.owner, query).await.unwrap();
    page.data.iter().map(|row| row.amount.to_string()).collect()
}

conformance! {
    async fn newest_first_page_by_page_each_row_once(ledger: &Ledger) {
        for amount in 1..=6 {
            ledger.debit(&amount.to_string()).await.unwrap();
        }
        let mut query = ListQuery { limit: 4, ..ListQuery::default() };
        let first = ledger.store().transactions(ledger.owner, query.clone()).await.unwrap();
        ledger.debit("0.5").await.unwrap();
        query.cursor.clone_from(&first.next_cursor);
        let second = ledger.store().transactions(ledger.owner, query).await.unwrap();
        let seen: Vec<_> = first.data.iter().chain(&second.data).map(|row| row.amount.to_string()).collect();
        assert_eq!(seen, ["6", "5", "4", "3", "2", "1"]);
        assert_eq!(second.next_cursor, None);
    }

    async fn from_is_inclusive_and_to_is_not(ledger: &Ledger) {
        for day in 0..5 {
            ledger.set_time(NOON + day * DAY);
            ledger.debit(&(day + 1).to_string()).await.unwrap();
        }
        let range = |from: i64, to: i64| ListQuery { from: Some(at(NOON + from)), to: Some(at(NOON + to)), ..all() };
        assert_eq!(amounts(ledger, range(DAY, 3 * DAY)).await, ["3", "2"]);
        assert_eq!(amounts(ledger, range(DAY + 1, 3 * DAY + 1)).await, ["4", "3"]);
        assert_eq!(amounts(ledger, range(-DAY, 100 * DAY)).await, ["5", "4", "3", "2", "1"]);
        assert!(amounts(ledger, range(3 * DAY, DAY)).await.is_empty());
    }

    async fn one_kind_alone(ledger: &Ledger) {
        ledger.top_up("7").await;
        let debit = ledger.debit("2").await.unwrap();
        ledger.refund(debit.id, Some("1")).await.unwrap();
        ledger.capacity("30").await;
        for (kind, amount) in [(TransactionKind::TopUp, "7"), (TransactionKind::Debit, "2"), (TransactionKind::Refund, "1")] {
            assert_eq!(amounts(ledger, ListQuery { kind: Some(kind), ..all() }).await, [amount]);
        }
        assert_eq!(amounts(ledger, all()).await, ["1", "2", "7"], "a change of plan is no transaction");
    }

    async fn a_foreign_cursor_or_row_is_not_found(ledger: &Ledger) {
        let query = ListQuery { cursor: Some("nonsense".to_owned()), ..all() };
        assert!(matches!(ledger.store().transactions(ledger.owner, query).await, Err(StoreError::NotFound)));
        let debit = ledger.debit("2").await.unwrap();
        let other = scrip_server::ids::AccountId::generate();
        ledger.new_account(other, "25").await.unwrap();
        assert!(matches!(ledger.store().transaction(other, debit.id).await, Err(StoreError::NotFound)));
    }
}
