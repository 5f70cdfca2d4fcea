//! A run's answer: as a stream of events, or as one JSON document.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, header},
    response::{
        IntoResponse, Response,
        sse::{KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt};
use scrip::Credits;

use super::reply;
use crate::{
    app::AppState,
    ids::RunId,
    problem::Problem,
    runs::{
        Ended,
        events::{Event, Place},
        result_of, told_again,
    },
    store::{Run, RunState, StoreError},
};

const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How often the end of another server's run is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Whether the client wants one JSON document instead of a stream.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |kind: &str| accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == kind);
    accepts("application/json") && !accepts("text/event-stream")
}

fn respond(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let stream = events.map(|event| Ok::<_, Infallible>(event.to_sse()));
    let response =
        Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("keep-alive")).into_response();
    let response = reply::with(response, header::CACHE_CONTROL, "no-store");
    // Proxies that collect answers would keep the words back.
    reply::with(response, HeaderName::from_static("x-accel-buffering"), "no")
}

/// The stream of a run after a place: live, or told again from what is stored.
pub(super) async fn events(app: &AppState, id: RunId, last: Option<Place>) -> reply::Result {
    if let Some(live) = app.hub.get(id) {
        return Ok(respond(live.events(last)));
    }
    // It may have ended between the two looks; then it is stored.
    let run = app.store.run(id).await?;
    if run.state != RunState::Running {
        return Ok(respond(futures_util::stream::iter(told_again(&run, last))));
    }
    if run.server == app.server {
        return Err(Problem::RequestInProgress);
    }
    let told = elsewhere(app.clone(), id).map(move |run| told_again(&run, last)).flat_map(futures_util::stream::iter);
    Ok(respond(told))
}

/// A run of another server, once it has ended: its words live there until then. A server that is lost ends by its lease.
fn elsewhere(app: AppState, id: RunId) -> impl Stream<Item = Run> + Send {
    futures_util::stream::once(async move {
        loop {
            tokio::time::sleep(LOOK_AGAIN).await;
            match app.store.run(id).await {
                Ok(run) if run.state != RunState::Running => return Some(run),
                Ok(_) | Err(StoreError::Overloaded) => {}
                Err(error) => {
                    tracing::warn!(run = %id, %error, "another server's run cannot be followed");
                    return None;
                }
            }
        }
    })
    .filter_map(std::future::ready)
}

/// A run's whole answer, once it has ended.
pub(super) async fn document(app: &AppState, id: RunId) -> reply::Result {
    let run = ended(app, id).await?;
    match result_of(&run) {
        Ended::Well(result) => Ok(reply::ok(&*result)),
        Ended::Badly(problem) => Err(problem),
    }
}

/// A run after its end.
pub(super) async fn ended(app: &AppState, id: RunId) -> reply::Result<Run> {
    if let Some(live) = app.hub.get(id) {
        return live.ended().await.map(|run| *run);
    }
    let run = app.store.run(id).await?;
    if run.state == RunState::Running { Err(Problem::RequestInProgress) } else { Ok(run) }
}

/// What a run cost.
pub(super) fn charge(run: &Run) -> Credits {
    run.charge.unwrap_or(Credits::ZERO)
}
