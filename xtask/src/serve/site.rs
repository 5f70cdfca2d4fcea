//! Somebody's website: a folder served on an origin of its own, with placeholders filled in. It knows nothing of Scrip.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Result;

struct Site {
    folder: PathBuf,
    placeholders: Vec<(String, String)>,
}

/// Serves in the background for as long as the process lives.
pub(super) fn serve(listener: TcpListener, folder: PathBuf, placeholders: Vec<(String, String)>) {
    let site = Arc::new(Site { folder, placeholders });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            thread::spawn(move || {
                // A visitor who went away is no trouble of ours.
                let _ = site.answer(stream);
            });
        }
    });
}

impl Site {
    fn answer(&self, mut stream: TcpStream) -> Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 2 {
            header.clear();
        }
        let mut words = first.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or("/"));
        let found = if matches!(method, "GET" | "HEAD") { self.find(target) } else { None };
        let (status, kind, body) = match found {
            Some((kind, body)) => ("200 OK", kind, body),
            None => ("404 Not Found", "text/plain; charset=utf-8", b"there is no such page\n".to_vec()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        if method != "HEAD" {
            stream.write_all(&body)?;
        }
        Ok(())
    }

    fn find(&self, target: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = Path::new(target.split(['?', '#']).next()?.trim_start_matches('/'));
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let mut file = self.folder.join(path);
        if file.is_dir() {
            file = file.join("index.html");
        }
        let mut body = fs::read(&file).ok()?;
        let kind = content_type(&file);
        if kind.starts_with("text/html") || kind.starts_with("text/javascript") {
            let mut text = String::from_utf8(body).ok()?;
            for (placeholder, value) in &self.placeholders {
                text = text.replace(placeholder, value);
            }
            body = text.into_bytes();
        }
        Some((kind, body))
    }
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().unwrap_or_default().to_string_lossy().as_ref() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
