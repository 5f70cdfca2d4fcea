//! No space is left: nothing is half-applied, and the ledger goes on once there is space again.

use scrip_server::store::StoreError;

use super::harness::{DAY, Ledger, debit, key, said};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_without_space_is_rolled_back_whole_and_the_store_works_again() {
    let ledger = Ledger::sqlite().await;
    ledger.top_up("100000").await;
    let first = ledger.submit(key("first", 1), debit("1")).await.unwrap();
    let pages = pages(&ledger).await;
    ledger.sqlite_store().limit_pages(pages + 2).await.unwrap();

    let mut paid = 1_u32;
    let mut failed = 0;
    for round in 0..60 {
        let answers =
            super::runs::futures((0..20).map(|n| ledger.submit(key(&format!("{round}-{n}"), 1), debit("1")))).await;
        for answer in answers {
            match answer {
                Ok(answer) => paid += u32::from(!answer.replayed),
                Err(StoreError::Database(message)) => {
                    assert!(message.contains("no space is left"), "{message}");
                    failed += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(ledger.available().await, (100_025 - paid).to_string());
    }
    assert!(failed > 0, "the disk was never full");
    ledger.is_sound().await;

    ledger.sqlite_store().limit_pages(1_000_000).await.unwrap();
    for round in 0..60 {
        for n in 0..20 {
            let answer = ledger.submit(key(&format!("{round}-{n}"), 1), debit("1")).await.unwrap();
            paid += u32::from(!answer.replayed);
        }
    }
    assert_eq!(paid, 1201);
    assert_eq!(ledger.available().await, (100_025 - 1201).to_string());
    assert_eq!(said(&ledger.submit(key("first", 1), debit("1")).await.unwrap()), said(&first));
    ledger.advance(30 * DAY);
    assert_eq!(ledger.available().await, (100_000 - 1201 + 25 + 25).to_string());
    ledger.is_sound().await;
}

async fn pages(ledger: &Ledger) -> u32 {
    let file = ledger.folder.path().join("scrip.db");
    let conn = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap()
}
