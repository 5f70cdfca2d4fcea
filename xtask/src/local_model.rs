//! The local model as a running endpoint.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::run::step;
use crate::service::{Service, free_port};
use crate::setup::model::Model;

/// The name under which it is known; the endpoint takes any.
pub(crate) const NAME: &str = "smollm2-135m-instruct";
const SERVE: &str = include_str!("../model/serve.py");

pub(crate) struct LocalModel {
    /// Until this is dropped the model answers.
    pub(crate) service: Service,
    /// An OpenAI-compatible base, e.g. `http://127.0.0.1:40123/v1`.
    pub(crate) base_url: String,
}

/// Starts it on a free port and waits until the weights are loaded.
pub(crate) fn start(model: &Model, log: &Path) -> Result<LocalModel> {
    step("starting the local model", || {
        let port = free_port()?;
        let cmd = model.python.command().args(["-c", SERVE]).arg(&model.weights).arg(port.to_string());
        let mut service = Service::start("local model", cmd, log)?;
        service.wait_ready(&format!("http://127.0.0.1:{port}/health"), Duration::from_secs(120))?;
        Ok(LocalModel { service, base_url: format!("http://127.0.0.1:{port}/v1") })
    })
}
