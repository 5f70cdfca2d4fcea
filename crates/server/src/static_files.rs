//! Files that browsers load: the loader, the package, the pages. Written by `cargo xtask pack`.

use std::path::{Component, Path, PathBuf};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::{app::AppState, crypto, http::reply, problem::Problem};

const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The folder with the files.
#[derive(Clone, Debug)]
pub struct Assets {
    folder: PathBuf,
}

/// How long and by whom a file may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Class {
    /// The loader: other sites' pages, five minutes.
    Loader,
    /// A version of the package: other sites' pages, for ever.
    Package,
    /// A page of the server's own.
    Page,
}

impl Class {
    const fn cache(self) -> &'static str {
        match self {
            Self::Loader => "public, max-age=300",
            Self::Package => "public, max-age=31536000, immutable",
            Self::Page => "no-cache",
        }
    }
}

impl Assets {
    /// Files of this folder.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where a path's file lies; `None` for a path that leaves the folder.
    fn find(&self, path: &str) -> Option<(PathBuf, Class)> {
        let path = path.trim_start_matches('/');
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || path.contains(['\\', '\0', '%']) || path.split('/').any(|part| part.starts_with('.')) {
            return None;
        }
        if path == "embed.js" {
            return Some((self.folder.join(path), Class::Loader));
        }
        if path.starts_with("pkg/") {
            return Some((self.folder.join(path), Class::Package));
        }
        let page = self.folder.join("www").join(path);
        let is_folder = path.is_empty() || path.ends_with('/');
        Some((if is_folder { page.join("index.html") } else { page }, Class::Page))
    }
}

/// Whatever is no route.
pub async fn serve(State(app): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        return Problem::NotFound("there is no such route; see /openapi.json").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::MethodNotAllowed.into_response();
    }
    match answer(&app.assets, path, request.headers()).await {
        Some(response) => response,
        None if tokio::fs::metadata(&app.assets.folder).await.is_err() => {
            Problem::NotFound("the pages are not built yet: run `cargo xtask pack`").into_response()
        }
        None => Problem::NotFound("there is no such page").into_response(),
    }
}

async fn answer(assets: &Assets, path: &str, headers: &HeaderMap) -> Option<Response> {
    let (file, class) = assets.find(path)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| {
        let mut codings = accepted.split(',').map(|one| one.split_once(';').unwrap_or((one, "")));
        codings.any(|(name, weight)| name.trim() == coding && !weight.trim().starts_with("q=0"))
    };
    let mut found = None;
    for (suffix, coding) in [(".br", "br"), (".gz", "gzip")] {
        if found.is_none() && accepts(coding) {
            found = read(&with_suffix(&file, suffix)).await.map(|bytes| (bytes, Some(coding)));
        }
    }
    let (bytes, coding) = match found {
        Some(found) => found,
        None => (read(&file).await?, None),
    };
    Some(respond(headers, &file, class, bytes, coding))
}

fn respond(headers: &HeaderMap, file: &Path, class: Class, bytes: Vec<u8>, coding: Option<&'static str>) -> Response {
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let tag = format!("\"{}\"", crypto::to_hex(digest.first_chunk::<16>().map_or(&[][..], <[u8; 16]>::as_slice)));
    let fresh = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if fresh { reply::not_modified() } else { reply::bytes(mime(file), bytes) };
    let mut put = |name: HeaderName, value: &str| {
        response = reply::with(std::mem::take(&mut response), name, value);
    };
    put(header::ETAG, &tag);
    put(header::CACHE_CONTROL, class.cache());
    put(header::VARY, "Accept-Encoding");
    if let Some(coding) = coding.filter(|_| !fresh) {
        put(header::CONTENT_ENCODING, coding);
    }
    if class == Class::Page {
        put(header::CONTENT_SECURITY_POLICY, CSP);
        put(header::REFERRER_POLICY, "same-origin");
        put(header::X_FRAME_OPTIONS, "DENY");
        put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    } else {
        put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        put(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    }
    response
}

async fn read(file: &Path) -> Option<Vec<u8>> {
    tokio::fs::read(file).await.ok()
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "ts" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_folder() {
        let assets = Assets::new(PathBuf::from("/assets"));
        for path in
            ["/../etc/passwd", "/pkg/../../x", "/a/./b/../../..", "/%2e%2e/x", "/pkg/.git/config", "//etc/x/../.."]
        {
            assert!(assets.find(path).is_none(), "{path}");
        }
        assert_eq!(assets.find("/").unwrap().0, Path::new("/assets/www/index.html"));
        assert_eq!(assets.find("/embed.js").unwrap(), (PathBuf::from("/assets/embed.js"), Class::Loader));
    }
}
