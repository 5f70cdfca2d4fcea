//! `verify` finds what no sequence of movements can produce.

use scrip_server::store::{
    Action, Store, TransactionKind,
    sqlite::{SqliteOptions, SqliteStore},
};

use super::harness::{Ledger, credits, debit, item, key};

/// A ledger with a bit of everything in it.
async fn busy() -> Ledger {
    let ledger = Ledger::sqlite().await;
    ledger.top_up("10").await;
    let paid = ledger.debit("26").await.unwrap();
    ledger.refund(paid.id, Some("3")).await.unwrap();
    ledger.advance(1000);
    ledger.submit(key("k", 1), debit("1")).await.unwrap();
    let hold = ledger.hold("2", 300).await.unwrap();
    ledger.settle(hold, Some("1")).await.unwrap();
    ledger.hold("1", 300).await.unwrap();
    let run = ledger.start_run(Some(ledger.cap("ann", Some(5)))).await.unwrap();
    ledger.finish(run.id, Some("1")).await.unwrap();
    ledger.start_run(Some(ledger.cap("ann", Some(5)))).await.unwrap();
    let items = vec![item("0.25"), item("0.25")];
    let (kind, amount) = (TransactionKind::Debit, credits("0.5"));
    ledger
        .transact(Action::Debit { kind, amount, items, embed: None, cap: None, budget: None, note: None })
        .await
        .unwrap();
    ledger
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_damage_is_named() {
    let ledger = busy().await;
    ledger.reopen().await;
    ledger.is_sound().await;
    ledger.close().await;
    for (damage, sentence) in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scrip.db");
        std::fs::copy(ledger.folder.path().join("scrip.db"), &file).unwrap();
        let conn = rusqlite::Connection::open(&file).unwrap();
        assert!(conn.execute(damage, []).unwrap() > 0, "{damage}");
        drop(conn);
        let store = SqliteStore::open(folder.path(), &SqliteOptions::default()).unwrap();
        let findings = store.verify().await.unwrap();
        assert!(findings.iter().any(|finding| finding.contains(sentence)), "{damage}: {findings:#?}");
    }
}

/// What somebody might do to the file, and part of a sentence that must then be said.
const DAMAGES: &[(&str, &str)] = &[
    ("UPDATE balances SET prepaid = prepaid + 1", "The prepaid credits"),
    ("UPDATE balances SET spent = spent + 1", "is not what is queued to return"),
    ("UPDATE balances SET held_prepaid = held_prepaid + 1", "What account 1 holds"),
    ("UPDATE balances SET capacity = capacity + 1", "is not what its entries come to"),
    ("UPDATE returns SET return_at = return_at + 1", "The queue of returns"),
    ("DELETE FROM returns", "The queue of returns"),
    ("UPDATE entries SET allowance = allowance + 1 WHERE kind = 1 AND allowance > 0", "Entry"),
    ("UPDATE entries SET refunded = 0 WHERE refunded > 0", "another refunded sum"),
    ("UPDATE entries SET next_at = next_at + 1 WHERE kind = 1", "another next return"),
    ("DELETE FROM entries WHERE kind = 3", "The core refuses"),
    ("DELETE FROM entries WHERE kind = 0", "has no entry"),
    ("UPDATE runs SET state = 2, closed_at = created_at WHERE state = 1", "although it is not done"),
    ("UPDATE holds SET state = 2, closed_seq = 999, closed_at = created_at WHERE state = 0", "What account 1 holds"),
    ("UPDATE items SET amount = amount + 1", "do not add up"),
    ("UPDATE idempotency SET target = 12345", "names no row"),
    ("UPDATE visitors SET in_flight = in_flight + 1", "in flight"),
    ("UPDATE counted SET runs = runs + 1", "are not counted as they are"),
    ("UPDATE embeds SET held = held + 1", "What the runs of embed 1 hold"),
    ("UPDATE charges SET charged = charged + 1", "What embed 1 was charged"),
    ("DELETE FROM charges", "What embed 1 was charged"),
    ("UPDATE entries SET at = at + 100000 WHERE kind = 3", "Entry"),
    ("UPDATE ledger SET sequence = 1", "The ledger's number"),
];
