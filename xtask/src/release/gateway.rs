//! What the trial's server sends its messages to: any gateway that takes JSON by HTTP POST.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};

/// A gateway on a free port of this machine; it ends with this program.
pub struct Gateway {
    pub address: SocketAddr,
    messages: Receiver<Value>,
}

impl Gateway {
    /// # Errors
    /// No port is free.
    pub fn start() -> Result<Self> {
        let failed = |error| Error::Other(format!("the gateway: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(std::io::Result::ok) {
                // Whoever connects and says nothing has sent no message.
                if let Ok(message) = take(&stream) {
                    let _ = sender.send(message);
                }
            }
        });
        Ok(Self { address, messages })
    }

    /// The next message.
    ///
    /// # Errors
    /// None comes.
    pub fn message(&self) -> Result<Value> {
        let message = self.messages.recv_timeout(Duration::from_secs(30));
        message.map_err(|_| Error::Other("no message came to the gateway".to_owned()))
    }
}

fn take(stream: &TcpStream) -> std::io::Result<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut answer = stream;
    answer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")?;
    Ok(serde_json::from_slice(&body)?)
}
