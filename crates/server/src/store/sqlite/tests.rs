//! What only a job of our own making can show.

use std::sync::mpsc;

use super::{SqliteOptions, SqliteStore, error::Fault};
use crate::store::{Store, StoreError};

fn open(options: &SqliteOptions) -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open(folder.path(), options).unwrap(), folder)
}

fn servers(store: &SqliteStore) -> impl Future<Output = Result<i64, StoreError>> {
    store.write(|batch| Ok(batch.conn.query_row("SELECT count(*) FROM servers", [], |row| row.get(0))?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_takes_nothing_with_it_but_its_batch() {
    let (store, _folder) = open(&SqliteOptions::default());
    let answer = store
        .write(|batch| -> Result<(), Fault> {
            batch.conn.execute("INSERT INTO servers VALUES (x'01', 0)", [])?;
            panic!("a fault of ours");
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Database(message)) if message.contains("a fault of ours")));
    assert_eq!(servers(&store).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_job_leaves_no_trace_and_its_neighbours_stay() {
    let (store, _folder) = open(&SqliteOptions::default());
    let insert = |public: u8, refuse: bool| {
        store.write(move |batch| {
            batch.conn.execute("INSERT INTO servers VALUES (?1, 0)", [[public]])?;
            if refuse { Err(StoreError::NotFound.into()) } else { Ok(()) }
        })
    };
    let (one, two, three) = tokio::join!(insert(1, false), insert(2, true), insert(3, false));
    assert!(one.is_ok() && matches!(two, Err(StoreError::NotFound)) && three.is_ok());
    assert_eq!(servers(&store).await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_told_at_once_and_empties_again() {
    let (store, _folder) = open(&SqliteOptions { queue: 1, batch: 1, ..SqliteOptions::default() });
    let ((started, running), (open, gate)) = (mpsc::channel(), mpsc::channel::<()>());
    let slow = store.write(move |_| {
        started.send(()).unwrap();
        gate.recv().unwrap();
        Ok(())
    });
    let others = async {
        tokio::task::spawn_blocking(move || running.recv().unwrap()).await.unwrap();
        let waiting = store.renew_lease(crate::ids::ServerId::generate());
        let refused = async {
            while store.stats().queued == 0 {
                tokio::task::yield_now().await;
            }
            let refused = store.renew_lease(crate::ids::ServerId::generate()).await;
            open.send(()).unwrap();
            refused
        };
        tokio::join!(waiting, refused)
    };
    let (slow, (waiting, refused)) = tokio::join!(slow, others);
    assert!(slow.is_ok() && waiting.is_ok());
    assert!(matches!(refused, Err(StoreError::Overloaded)));
    assert_eq!(servers(&store).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_job_commits_at_once_and_many_go_together() {
    let (store, _folder) = open(&SqliteOptions::default());
    let before = store.stats();
    assert_eq!(servers(&store).await.unwrap(), 0);
    assert_eq!((store.stats().jobs - before.jobs, store.stats().batches - before.batches), (1, 1));
    let many = (0..1000).map(|_| store.renew_lease(crate::ids::ServerId::generate()));
    assert!(futures_util::future::join_all(many).await.iter().all(Result::is_ok));
    let after = store.stats();
    assert_eq!(after.jobs - before.jobs, 1001);
    assert!(after.largest_batch > 1 && after.batches < 500, "{after:?}");
}
