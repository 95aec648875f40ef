//! What stands between Twilio and a server: a public address that leads to wherever the server listens.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// An address that is known before the server is there.
pub struct Front {
    listener: Option<TcpListener>,
    pub url: String,
    task: Option<JoinHandle<()>>,
}

impl Front {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self {
            listener: Some(listener),
            url,
            task: None,
        }
    }

    /// From now on, connections lead to `authority`.
    pub fn lead_to(&mut self, authority: &str) {
        let (listener, authority) = (self.listener.take().unwrap(), authority.to_owned());
        self.task = Some(tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let authority = authority.clone();
                tokio::spawn(async move {
                    if let Ok(mut to) = TcpStream::connect(authority).await {
                        let _ = copy_bidirectional(&mut from, &mut to).await;
                    }
                });
            }
        }));
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
