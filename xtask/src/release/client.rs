//! As much of HTTP as the trial speaks to a server on this machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(30);

/// A request with a body of JSON.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// The whole `Authorization` header's value.
    pub authorization: Option<&'a str>,
    pub body: &'a Value,
}

impl Request<'_> {
    /// The status, and the answer's JSON where it is some.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn send(&self, to: SocketAddr) -> Result<(u16, Value)> {
        let answer = self.exchange(to).map_err(|error| {
            let Self { method, path, .. } = self;
            Error::Other(format!("{method} {path}: {error}"))
        })?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| Error::Other(format!("{}: not HTTP: {head}", self.path)))?;
        Ok((status, serde_json::from_str(body).unwrap_or_default()))
    }

    fn exchange(&self, to: SocketAddr) -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&to, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let body = self.body.to_string();
        let authorization = self
            .authorization
            .map(|value| format!("authorization: {value}\r\n"))
            .unwrap_or_default();
        write!(
            stream,
            "{} {} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             {authorization}content-length: {}\r\n\r\n{body}",
            self.method,
            self.path,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}
