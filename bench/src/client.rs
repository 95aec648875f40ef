//! As much of HTTP/1.1 as the load needs, so that the generator takes little from the machine: connections are kept, requests are
//! written whole.

use crate::Result;
use serde_json::Value;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A client that keeps its connections.
pub struct Client {
    server: SocketAddr,
    free: Mutex<Vec<TcpStream>>,
}

impl Client {
    /// Of this server.
    pub fn new(server: SocketAddr) -> Self {
        let free = Mutex::default();
        Self { server, free }
    }

    /// Asks with a body of JSON, or none; the status, and the body's bytes.
    ///
    /// # Errors
    /// No answer, or none that this understands.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
    ) -> Result<(u16, Vec<u8>)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = self.written(method, path, bearer, &body);
        let kept = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let kept = kept.filter(is_open);
        let mut stream = if let Some(stream) = kept {
            stream
        } else {
            let stream = TcpStream::connect(self.server).await?;
            stream.set_nodelay(true)?;
            stream
        };
        stream.write_all(request.as_bytes()).await?;
        let (status, body, stays) = read(&mut stream).await?;
        if stays {
            self.free
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(stream);
        }
        Ok((status, body))
    }

    /// Sends a request on a connection of its own and closes it, whatever the answer would have been.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn send_and_leave(&self, method: &str, path: &str, bearer: Option<&str>, body: &str) -> Result {
        let mut stream = TcpStream::connect(self.server).await?;
        let request = self.written(method, path, bearer, body);
        Ok(stream.write_all(request.as_bytes()).await?)
    }

    fn written(&self, method: &str, path: &str, bearer: Option<&str>, body: &str) -> String {
        let bearer = bearer
            .map(|secret| format!("authorization: Bearer {secret}\r\n"))
            .unwrap_or_default();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{bearer}content-length: {}\r\n\r\n{body}",
            self.server,
            body.len()
        )
    }

    /// The same, where this status and JSON are expected.
    ///
    /// # Errors
    /// As [`Client::ask`], and another status.
    pub async fn json(
        &self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
        wanted: u16,
    ) -> Result<Value> {
        let (status, answer) = self.ask(method, path, bearer, body).await?;
        if status != wanted {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(serde_json::from_slice(&answer)?)
    }

    /// Closes what is kept.
    pub fn close(&self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Whether the server has not closed it: it keeps idle connections for five seconds.
fn is_open(stream: &TcpStream) -> bool {
    let said = stream.try_read(&mut [0]);
    said.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

async fn read(stream: &mut TcpStream) -> Result<(u16, Vec<u8>, bool)> {
    let mut bytes = Vec::with_capacity(2_048);
    let end_of_head = loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err("the connection was closed".into());
        }
        if let Some(place) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break place + 4;
        }
    };
    let head = std::str::from_utf8(&bytes[..end_of_head])?.to_ascii_lowercase();
    let status = head.get(9..12).ok_or("no status")?.parse()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .ok_or("no length")?;
    let length: usize = length.trim().parse()?;
    let stays = !head.contains("\r\nconnection: close");
    while bytes.len() < end_of_head + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err("the answer was cut off".into());
        }
    }
    Ok((status, bytes.split_off(end_of_head), stays))
}
