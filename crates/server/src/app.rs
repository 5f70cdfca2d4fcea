//! What every handler shares.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::{
    config::Settings, crypto::MasterKey, ids::ServerId, limits::RateLimit, metrics::Metrics, prices::Prices,
    provider::Provider, runs::Hub, static_files::Assets, store::Store,
};

/// The server's parts, made once.
pub struct App {
    /// The ledger and the documents.
    pub store: Arc<dyn Store>,
    /// What the operator set.
    pub settings: Settings,
    /// What keeps secrets.
    pub master_key: MasterKey,
    /// Signs visits.
    pub visit_key: [u8; 32],
    /// What models cost.
    pub prices: Prices,
    /// The models.
    pub provider: Provider,
    /// Runs whose words are coming.
    pub hub: Hub,
    /// Whose lease the runs carry.
    pub server: ServerId,
    /// Requests per address.
    pub rate_limit: RateLimit,
    /// What is counted.
    pub metrics: Metrics,
    /// Files that pages load.
    pub assets: Assets,
}

/// As handlers hold it.
pub type AppState = Arc<App>;

/// How often the lease is renewed and what expired is looked for.
pub const UPKEEP: Duration = Duration::from_secs(5);

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the price book or the provider's address cannot be used.
    pub fn new(
        store: Arc<dyn Store>,
        server: ServerId,
        settings: Settings,
        master_key: MasterKey,
    ) -> anyhow::Result<AppState> {
        let assets = settings.assets.clone().unwrap_or_else(default_assets);
        Ok(Arc::new(Self {
            visit_key: master_key.derive("visits v1"),
            prices: Prices::load(settings.price_book.as_deref(), settings.margin)?,
            provider: Provider::new(&settings)?,
            rate_limit: RateLimit::new(settings.rate_limit),
            hub: Hub::default(),
            metrics: Metrics::default(),
            assets: Assets::new(assets),
            store,
            settings,
            master_key,
            server,
        }))
    }

    /// Renews the lease, frees what expired, forgets old words; until the task is dropped.
    pub async fn upkeep(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(UPKEEP);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.tend().await {
                tracing::warn!(%error, "upkeep failed; it is tried again");
            }
        }
    }

    async fn tend(&self) -> Result<(), crate::store::StoreError> {
        self.store.renew_lease(self.server).await?;
        let released = self.store.release_expired().await?;
        if released > 0 {
            tracing::info!(released, "freed what expired runs and holds had reserved");
        }
        self.store.forget_outputs(self.settings.output_seconds).await?;
        self.rate_limit.forget();
        Ok(())
    }
}

/// `target/release/scrip` finds `target/assets`.
fn default_assets() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().and_then(|folder| folder.parent()).map(|folder| folder.join("assets")))
        .unwrap_or_else(|| PathBuf::from("assets"))
}
