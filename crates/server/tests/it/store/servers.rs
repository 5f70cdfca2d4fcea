//! What only several servers on one database, and a database that dies, can show.

use std::{sync::Arc, time::Duration};

use scrip_server::{
    ids::{RunId, ServerId},
    store::{
        Action, Answer, Movement, RunState, Store, StoreError,
        postgres::{OpenError, PostgresOptions, PostgresStore},
    },
};

use super::{
    harness::{CLUSTER, Ledger, debit, key, said},
    runs::futures,
};
use crate::support::Cluster;

async fn submit(store: &Arc<dyn Store>, ledger: &Ledger, name: &str, action: Action) -> Result<Answer, StoreError> {
    let idempotency = key(name, 1);
    store.submit(Movement { account: ledger.owner, idempotency, action }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_256_parallel_debits_on_two_servers_as_many_succeed_as_there_are_credits() {
    let ledger = Ledger::postgres().await;
    ledger.top_up("7").await;
    let servers = [ledger.store(), ledger.second().await];
    let names: Vec<String> = (0..256).map(|place| format!("debit {place}")).collect();
    let debits = names.iter().enumerate().map(|(place, name)| submit(&servers[place % 2], &ledger, name, debit("1")));
    let answers = futures(debits).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 32);
    assert_eq!(ledger.available().await, "0");
    ledger.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cap_of_seven_lets_seven_of_a_hundred_presses_on_two_servers_run() {
    let ledger = Ledger::postgres().await;
    let servers = [ledger.store(), ledger.second().await];
    let presses = (0..100).map(|place| {
        let movement = Movement {
            account: ledger.owner,
            idempotency: None,
            action: ledger.start(Some(ledger.cap("ann", Some(7)))),
        };
        servers[place % 2].submit(movement)
    });
    let answers = futures(presses).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 7);
    ledger.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_on_two_servers_at_once_debits_once() {
    let ledger = Ledger::postgres().await;
    let servers = [ledger.store(), ledger.second().await];
    let answers = futures((0..100).map(|place| submit(&servers[place % 2], &ledger, "one", debit("1")))).await;
    let answers: Vec<Answer> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(answers.iter().all(|answer| said(answer) == said(&answers[0])));
    assert_eq!(ledger.available().await, "24");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_servers_run_lives_as_long_as_its_lease() {
    let ledger = Ledger::postgres().await;
    let (one, two, living) = (ledger.store(), ledger.second().await, ServerId::generate());
    let lost = ledger.start_run(None).await.unwrap().id;
    let Action::StartRun { pickaxe, embed, cap, budget, hold, model, .. } = ledger.start(None) else { panic!() };
    let run = RunId::generate();
    let action = Action::StartRun { run, pickaxe, embed, cap, budget, hold, server: living, model };
    submit(&one, &ledger, "run", action).await.unwrap();
    ledger.advance(29_999);
    one.renew_lease(living).await.unwrap();
    assert_eq!(two.release_expired().await.unwrap(), 0);
    ledger.advance(1);
    assert_eq!(two.release_expired().await.unwrap(), 1);
    assert_eq!(one.run(lost).await.unwrap().state, RunState::Void);
    assert_eq!(two.run(run).await.unwrap().state, RunState::Running);
    ledger.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_together_migrate_once() {
    let address = CLUSTER.database().await;
    let options = PostgresOptions { writers: 1, readers: 1, ..PostgresOptions::default() };
    let servers = futures((0..6).map(|_| PostgresStore::open(&address, &options))).await;
    for server in servers {
        let server = server.unwrap();
        server.ping().await.unwrap();
        assert_eq!(server.verify().await.unwrap(), Vec::<String>::new());
        server.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_database_of_ours_is_refused_in_one_line() {
    let message = |opened: Result<PostgresStore, OpenError>| {
        let message = opened.err().expect("it opened").to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    };
    let options = PostgresOptions::default();
    let ledger = Ledger::postgres().await;
    ledger.close().await;
    let (client, connection) = tokio_postgres::connect(ledger.address(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("UPDATE scrip_format SET version = 999").await.unwrap();
    assert!(message(PostgresStore::open(ledger.address(), &options).await).contains("format 999"));
    client.batch_execute("DROP TABLE scrip_format").await.unwrap();
    assert!(message(PostgresStore::open(ledger.address(), &options).await).contains("none of Scrip's"));
    assert!(message(PostgresStore::open("not an address", &options).await).contains("--database is no address"));
    let missing = CLUSTER.address("nowhere");
    assert!(message(PostgresStore::open(&missing, &options).await).contains("does not exist: create it"));
}

/// Kills the database again and again under load: whatever was acknowledged stays, and nothing happens twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_in_the_middle_of_batches_loses_and_doubles_nothing() {
    let cluster = Cluster::start(true);
    let ledger = Ledger::postgres_on(&cluster).await;
    ledger.top_up("1000000").await;
    let mut debited = 0_usize;
    for round in 0..3 {
        let names: Vec<String> = (0..400).map(|place| format!("{round} {place}")).collect();
        let store = ledger.store();
        let load = futures(names.iter().map(|name| until_known(&store, &ledger, name)));
        let kill = async {
            let before = store.stats().jobs;
            while store.stats().jobs < before + 20 {
                tokio::task::yield_now().await;
            }
            cluster.kill();
            cluster.restart();
            cluster.answers().await;
        };
        let (first, ()) = tokio::join!(load, kill);
        debited += names.len();
        assert_eq!(ledger.available().await, (1_000_025 - debited).to_string());
        for (name, first) in names.iter().zip(&first) {
            let again = submit(&store, &ledger, name, debit("1")).await.unwrap();
            assert!(again.replayed && said(&again) == said(first), "{name}");
        }
        ledger.is_sound().await;
    }
    ledger.close().await;
}

async fn until_known(store: &Arc<dyn Store>, ledger: &Ledger, name: &str) -> Answer {
    loop {
        match submit(store, ledger, name, debit("1")).await {
            Ok(answer) => return answer,
            Err(StoreError::Overloaded) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    }
}
