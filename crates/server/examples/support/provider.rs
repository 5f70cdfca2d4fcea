//! A model that says a few words with pauses between them, and sometimes breaks off.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::Random;

/// Starts it; the base URL of its OpenAI-compatible endpoint.
pub(crate) async fn start(random: Random) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let random = Arc::new(Mutex::new(random));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let seed = random.lock().unwrap().next();
            tokio::spawn(answer(stream, Random::new(seed)));
        }
    });
    Ok(format!("http://{address}/v1"))
}

async fn answer(mut stream: TcpStream, mut random: Random) -> Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    // The request ends where its body says: it is small, and nothing follows it.
    while !complete(&request) {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..read]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n").await?;
    let breaks_off = random.below(10) == 0;
    for word in 0..=random.below(6) {
        tokio::time::sleep(Duration::from_millis(random.below(150))).await;
        let chunk = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"word{word} \"}}}}]}}\n\n");
        stream.write_all(chunk.as_bytes()).await?;
    }
    if breaks_off {
        return Ok(());
    }
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
               data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":6}}\n\ndata: [DONE]\n\n";
    stream.write_all(end.as_bytes()).await?;
    Ok(())
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}
