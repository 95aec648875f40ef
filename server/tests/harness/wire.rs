use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection of bytes, for what no client library would send.
pub struct Wire(TcpStream);

/// What came back until the server closed.
#[derive(Debug)]
pub struct WireReply {
    pub text: String,
}

impl Wire {
    pub async fn to(authority: &str) -> Self {
        Self(TcpStream::connect(authority).await.unwrap())
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The same, where the server may have closed already.
    pub async fn try_send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// One byte each `pause` until the server closes; says whether it did before `most`.
    pub async fn drip(&mut self, byte: u8, pause: Duration, most: Duration) -> WireReply {
        let (mut read, mut write) = self.0.split();
        let mut bytes = Vec::new();
        let dripping = async {
            while write.write_all(&[byte]).await.is_ok() {
                tokio::time::sleep(pause).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = dripping => {}
            closed = tokio::time::timeout(most, read.read_to_end(&mut bytes)) => {
                assert!(closed.is_ok(), "the server did not close within {most:?}");
            }
        }
        WireReply::of(&bytes)
    }

    /// All that comes until the server closes.
    pub async fn read_to_end(&mut self) -> WireReply {
        let mut bytes = Vec::new();
        let read = self.0.read_to_end(&mut bytes);
        let _ = tokio::time::timeout(Duration::from_secs(20), read).await.unwrap();
        WireReply::of(&bytes)
    }
}

impl WireReply {
    fn of(bytes: &[u8]) -> Self {
        Self {
            text: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    pub fn status(&self) -> Option<u16> {
        self.text.split(' ').nth(1)?.parse().ok()
    }

    pub fn has(&self, text: &str) -> bool {
        self.text.to_lowercase().contains(&text.to_lowercase())
    }
}
