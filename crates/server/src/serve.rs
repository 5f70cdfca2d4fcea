//! A server's life: open, listen, serve, end.

pub mod control;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::{App, AppState},
    config::Serve,
    crypto::MasterKey,
    http,
    ids::ServerId,
    prices::Prices,
    store::{
        Store,
        postgres::{PostgresOptions, PostgresStore},
        sqlite::{SqliteOptions, SqliteStore, lock_folder},
    },
};

/// How long runs may go on after the server was told to end.
const GRACE: Duration = Duration::from_secs(10);
/// How long their settlements and connections may take after that.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Opens the ledger of a folder.
///
/// # Errors
/// One line for the operator.
pub async fn open(folder: &Path) -> anyhow::Result<Arc<dyn Store>> {
    let folder = folder.to_owned();
    let store = tokio::task::spawn_blocking(move || SqliteStore::open(&folder, &SqliteOptions::default())).await?;
    Ok(Arc::new(store?))
}

/// Opens the ledger in a database.
///
/// # Errors
/// One line for the operator.
pub async fn open_database(address: &str) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(PostgresStore::open(address, &PostgresOptions::default()).await?))
}

/// The key of servers that share a database: a file of one of them would not do.
///
/// # Errors
/// When there is none, or it is too short.
pub fn shared_key(text: Option<&str>) -> anyhow::Result<MasterKey> {
    let missing = "--database needs --master-key (SCRIP_MASTER_KEY): the same 64 hexadecimal digits for every server";
    MasterKey::from_text(text.context(missing)?)
}

/// Serves until the process is told to end.
///
/// # Errors
/// One line for the operator: what is wrong and what to do.
pub async fn serve(options: Serve) -> anyhow::Result<()> {
    // A faulty price book is refused before a ledger is made.
    Prices::load(options.settings.price_book.as_deref(), options.settings.margin)?;
    let listener = bind(&options.listen).await?;
    // With a database the folder has only the operator's socket; it still is one server's.
    let mut folder = None;
    let (store, master) = match (&options.database, &options.settings.master_key) {
        (Some(database), key) => {
            let master = shared_key(key.as_deref())?;
            folder = Some(lock_folder(&options.data)?);
            (open_database(database).await?, master)
        }
        (None, Some(key)) => (open(&options.data).await?, MasterKey::from_text(key)?),
        (None, None) => (open(&options.data).await?, MasterKey::in_folder(&options.data)?),
    };
    let address = listener.local_addr()?;
    let app = App::new(store, ServerId::generate(), options.settings, master)?;
    app.store.renew_lease(app.server).await.context("the ledger does not answer")?;
    let control = control::listen(&options.data, app.clone())?;
    tracing::info!(%address, data = %options.data.display(), "scrip is ready");
    let ended = run(app.clone(), listener, terminated()).await;
    drop(control);
    app.store.close().await?;
    drop(folder);
    ended
}

async fn bind(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{address} is in use; stop what listens there or choose another --listen")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("may not listen on {address}; choose a port above 1023")
        }
        _ => anyhow::anyhow!("cannot listen on {address}: {error}; choose another --listen, as HOST:PORT"),
    })
}

/// Serves on a listener until `end`; runs that are under way get a grace period, then end void.
///
/// # Errors
/// When the listener fails.
pub async fn run(
    app: AppState,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let upkeep = tokio::spawn(app.clone().upkeep());
    let service = http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let mut told = stopped.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // The sender lives until this function returns.
        let _ = told.wait_for(|stop| *stop).await;
    });
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        ended = &mut server => ended??,
        () = end => {
            tracing::info!(running = app.hub.len(), "ending; runs may go on for {} s", GRACE.as_secs());
            stop.send_replace(true);
            settle_runs(&app).await;
            if tokio::time::timeout(LAST_WORDS, &mut server).await.is_err() {
                server.abort();
            }
        }
    }
    upkeep.abort();
    Ok(())
}

async fn settle_runs(app: &AppState) {
    let idle = async {
        while !app.hub.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::pin!(idle);
    if tokio::time::timeout(GRACE, &mut idle).await.is_err() {
        app.hub.shut_down();
        if tokio::time::timeout(LAST_WORDS, &mut idle).await.is_err() {
            tracing::warn!(running = app.hub.len(), "some runs did not end; the next start voids them");
        }
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn terminated() {
    drop(tokio::signal::ctrl_c().await);
}
