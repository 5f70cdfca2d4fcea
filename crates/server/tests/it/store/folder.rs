//! What an operator meets when a data folder cannot be used.

use std::{fs, path::Path};

use scrip_server::store::{
    StoreError,
    sqlite::{OpenError, SqliteOptions, SqliteStore},
};

use super::harness::Ledger;

fn open(folder: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(folder, &SqliteOptions::default())
}

/// The message, which is one line.
fn message(folder: &Path) -> String {
    let Err(error) = open(folder) else { panic!("it opened") };
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_opener_is_told_that_another_server_runs() {
    let ledger = Ledger::sqlite().await;
    assert!(message(ledger.folder.path()).contains("another scrip server uses the data folder"));
    ledger.debit("1").await.unwrap();
    ledger.close().await;
    assert!(open(ledger.folder.path()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_says_so() {
    let ledger = Ledger::sqlite().await;
    let store = ledger.store();
    ledger.close().await;
    assert!(matches!(store.renew_lease(ledger.server).await, Err(StoreError::Database(_))));
    assert!(matches!(store.ping().await, Err(StoreError::Database(_))));
    assert!(store.close().await.is_ok(), "closing twice is closing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_newer_version_is_refused_and_left_alone() {
    let ledger = Ledger::sqlite().await;
    ledger.close().await;
    let file = ledger.folder.path().join("scrip.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    let before = fs::read(&file).unwrap();
    let message = message(ledger.folder.path());
    assert!(message.contains("format 999") && message.contains("newer version"), "{message}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("scrip.db"), "a letter to my aunt, long enough to be no header at all".repeat(99))
        .unwrap();
    assert!(message(folder.path()).contains("is not a Scrip database"));
}

#[test]
fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let other = rusqlite::Connection::open(folder.path().join("scrip.db")).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(other);
    assert!(message(folder.path()).contains("is not a Scrip database"));
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(message(&file).contains("cannot be used"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_or_found_out() {
    let ledger = Ledger::sqlite().await;
    for _ in 0..20 {
        ledger.debit("1").await.unwrap();
    }
    ledger.close().await;
    let file = ledger.folder.path().join("scrip.db");
    let mut bytes = fs::read(&file).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page.iter_mut().for_each(|byte| *byte = !*byte);
    }
    fs::write(&file, bytes).unwrap();
    assert!(message(ledger.folder.path()).contains("damaged"));
}
