//! How an operator's command reaches a server that runs: one line of JSON each way over a socket in the data folder, which
//! only its user may open.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{app::AppState, operator::Request};

const SOCKET: &str = "scrip.sock";
const MAX_LINE_BYTES: u64 = 64 * 1024;

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Value),
    Error(String),
}

/// The socket; it is removed when this is dropped.
#[derive(Debug)]
pub struct Control {
    path: PathBuf,
    #[cfg(unix)]
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Control {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.task.abort();
        // The next server removes it as well.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt;

    use anyhow::Context;
    use tokio::{
        io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
        net::{UnixListener, UnixStream},
    };

    use super::{Answer, AppState, Control, MAX_LINE_BYTES, Path, Request, SOCKET, Value};
    use crate::operator;

    /// Listens in a folder that this process has locked.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn listen(folder: &Path, app: AppState) -> anyhow::Result<Control> {
        let path = folder.join(SOCKET);
        // Whatever lies there belongs to a dead server: the folder is locked by this one.
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path)
            .with_context(|| format!("cannot make {} (a shorter --data path may help)", path.display()))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let app = app.clone();
                tokio::spawn(async move {
                    if let Err(error) = answer(stream, &app).await {
                        tracing::warn!(%error, "an operator's command was not answered");
                    }
                });
            }
        });
        Ok(Control { path, task })
    }

    async fn answer(mut stream: UnixStream, app: &AppState) -> anyhow::Result<()> {
        let (reader, mut writer) = stream.split();
        let mut line = String::new();
        BufReader::new(reader.take(MAX_LINE_BYTES)).read_line(&mut line).await?;
        let answer = match serde_json::from_str::<Request>(&line) {
            Ok(request) => operator::perform(&*app.store, &app.master_key, request).await,
            Err(error) => Err(format!("the server does not know this command: {error}")),
        };
        let answer = answer.map_or_else(Answer::Error, Answer::Ok);
        writer.write_all(format!("{}\n", serde_json::to_string(&answer)?).as_bytes()).await?;
        Ok(writer.shutdown().await?)
    }

    /// Asks the server of a folder; `None`: no server runs there.
    ///
    /// # Errors
    /// When there is one and it does not answer.
    pub async fn ask(folder: &Path, request: &Request) -> anyhow::Result<Option<Result<Value, String>>> {
        let Ok(mut stream) = UnixStream::connect(folder.join(SOCKET)).await else { return Ok(None) };
        stream.write_all(format!("{}\n", serde_json::to_string(request)?).as_bytes()).await?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).await?;
        let answer = serde_json::from_str(&line).context("the server on this folder did not answer")?;
        Ok(Some(match answer {
            Answer::Ok(value) => Ok(value),
            Answer::Error(text) => Err(text),
        }))
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::{AppState, Control, Path, Request, SOCKET, Value};

    /// Operators stop the server first on this platform.
    ///
    /// # Errors
    /// None.
    pub fn listen(folder: &Path, _: AppState) -> anyhow::Result<Control> {
        Ok(Control { path: folder.join(SOCKET) })
    }

    /// No server can be asked on this platform.
    ///
    /// # Errors
    /// None.
    pub async fn ask(_: &Path, _: &Request) -> anyhow::Result<Option<Result<Value, String>>> {
        Ok(None)
    }
}

#[cfg(not(unix))]
pub use elsewhere::{ask, listen};
#[cfg(unix)]
pub use unix::{ask, listen};
