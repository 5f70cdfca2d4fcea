//! A client that costs little: keep-alive connections, requests made up beforehand but for their key.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What the client saw.
pub(crate) struct Load {
    pub(crate) latencies: Vec<Duration>,
    pub(crate) seconds: f64,
}

/// Debits over `connections` at once for `length`.
pub(crate) fn run(address: SocketAddr, secret: &str, connections: usize, length: Duration) -> Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let begin = Instant::now();
        let end = begin + length;
        let clients: Vec<_> = (0..connections).map(|_| tokio::spawn(client(address, secret.to_owned(), end))).collect();
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await??);
        }
        Ok(Load { latencies, seconds: begin.elapsed().as_secs_f64() })
    })
}

async fn client(address: SocketAddr, secret: String, end: Instant) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let head = format!(
        "POST /v1/debits HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {secret}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\nidempotency-key: "
    );
    let mut latencies = Vec::new();
    let mut buffer = vec![0; 16_384];
    while Instant::now() < end {
        let begin = Instant::now();
        let request = format!("{head}{}\r\n\r\n{{}}", uuid::Uuid::now_v7());
        stream.write_all(request.as_bytes()).await?;
        answer(&mut stream, &mut buffer).await?;
        latencies.push(begin.elapsed());
    }
    Ok(latencies)
}

/// Reads one answer, which must be a 201.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        ensure!(read > 0, "the server closed the connection");
        filled += read;
        let text = std::str::from_utf8(&buffer[..filled])?;
        let Some(head) = text.find("\r\n\r\n") else { continue };
        ensure!(text.starts_with("HTTP/1.1 201"), "not a 201: {text}");
        let length = text[..head]
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length")))
            .context("no content-length")?;
        if filled >= head + 4 + length.1.parse::<usize>()? {
            return Ok(());
        }
    }
}
