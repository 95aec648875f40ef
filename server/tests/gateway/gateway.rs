//! A gateway: real HTTP on a port of its own, which answers as it was told.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One request, as it came in.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub head: String,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub struct Gateway {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Gateway {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send?key=url-secret", listener.local_addr().unwrap());
        let (requests, answer) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let (kept, told) = (requests.clone(), answer.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, kept.clone(), told.clone()));
            }
        });
        Self {
            url,
            requests,
            answer,
        }
    }

    /// Answers so from now on.
    pub fn answer(&self, status: u16, body: &str) {
        self.answer_bytes(format!(
            "HTTP/1.1 {status} Status\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ));
    }

    /// Writes these bytes from now on and hangs up; none at all hold the connection open.
    pub fn answer_bytes(&self, bytes: impl Into<Vec<u8>>) {
        *self.answer.lock().unwrap() = bytes.into();
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, requests: Arc<Mutex<Vec<Request>>>, answer: Arc<Mutex<Vec<u8>>>) {
    let mut bytes = Vec::new();
    let request = loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = Request {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length: usize = request.header("content-length").unwrap().parse().unwrap();
            if body.len() == length {
                break request;
            }
        }
    };
    requests.lock().unwrap().push(request);
    let answer = answer.lock().unwrap().clone();
    if answer.is_empty() {
        tokio::time::sleep(std::time::Duration::from_mins(1)).await;
    }
    let _ = stream.write_all(&answer).await;
}
