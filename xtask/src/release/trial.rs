//! The tarball on an empty machine: an empty folder, no variables, nothing but a configuration.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::client::Request;
use super::gateway::Gateway;
use crate::error::{AtPath, Error, Result};

const NUMBER: &str = "+12025550134";

/// Production, with a gateway in place of Twilio.
fn configuration(gateway: SocketAddr) -> String {
    format!(
        r#"
mode = "production"
[http]
listen = "127.0.0.1:0"
trusted_proxies = 0
[senders]
sms = ["http"]
[http_sender]
url = "http://{gateway}/send"
body = '{{"to": "{{to}}", "code": "{{code}}"}}'
[[sites]]
key = "shop"
secret = "the secret of the shop that nobody guesses"
name = "Shop"
countries = ["US"]
"#
    )
}

/// Unpacks it, starts the server, and does the whole job: a code is sent, checked, and the token redeemed, once.
///
/// # Errors
/// Something of it does not go as it should.
pub fn run(tarball: &[u8], name: &str) -> Result<()> {
    let folder = Folder::make()?;
    tar::Archive::new(GzDecoder::new(tarball))
        .unpack(&folder.0)
        .at(&folder.0)?;
    let place = folder.0.join(name);
    let gateway = Gateway::start()?;
    let file = place.join("trial.toml");
    std::fs::write(&file, configuration(gateway.address)).at(&file)?;
    let server = Server::start(&place)?;
    job(&server, &gateway)?;
    server.end()
}

fn job(server: &Server, gateway: &Gateway) -> Result<()> {
    let body = json!({"site_key": "shop", "phone_number": NUMBER});
    let view = server.post("/v1/verifications", None, &body, 201)?;
    let message = gateway.message()?;
    expect(message["to"] == NUMBER, "the message's number", &message)?;

    let path = format!("/v1/verifications/{}/check", word(&view, "id")?);
    let bearer = format!("Bearer {}", word(&view, "client_secret")?);
    let code = json!({ "code": word(&message, "code")? });
    let approved = server.post(&path, Some(&bearer), &code, 200)?;
    expect(approved["status"] == "approved", "the status", &approved)?;

    let secret = "shop:the secret of the shop that nobody guesses";
    let basic = base64::engine::general_purpose::STANDARD.encode(secret);
    let basic = format!("Basic {basic}");
    let token = json!({ "token": word(&approved, "token")? });
    let claims = server.post("/v1/tokens/redeem", Some(&basic), &token, 200)?;
    expect(claims["aud"] == "shop", "the token's site", &claims)?;
    server.post("/v1/tokens/redeem", Some(&basic), &token, 409)?;
    println!("started, sent, checked, redeemed, and not redeemed again");
    Ok(())
}

fn word<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    let missing = || Error::Other(format!("`{key}` is missing in {value}"));
    value[key].as_str().ok_or_else(missing)
}

fn expect(holds: bool, what: &str, value: &Value) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::Other(format!("{what} is another: {value}")))
}

/// The program out of the tarball; it is killed where the trial fails.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(place: &Path) -> Result<Self> {
        let command = "phone-verify serve --config trial.toml".to_owned();
        let started = Command::new(place.join("phone-verify"))
            .args(["serve", "--config", "trial.toml"])
            .current_dir(place)
            .env_clear()
            .stdout(Stdio::piped())
            .spawn();
        let mut child = started.map_err(|source| Error::Start { command, source })?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut line);
        }
        let address = line.trim().strip_prefix("phone-verify listens on http://");
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Error::Other(format!(
                "it does not say where it listens: {line:?}"
            )));
        };
        Ok(Self { child, address })
    }

    fn post(&self, path: &str, authorization: Option<&str>, body: &Value, wanted: u16) -> Result<Value> {
        let request = Request {
            method: "POST",
            path,
            authorization,
            body,
        };
        let (status, answer) = request.send(self.address)?;
        if status != wanted {
            let problem = format!("POST {path}: {status} in place of {wanted}: {answer}");
            return Err(Error::Other(problem));
        }
        Ok(answer)
    }

    /// Asks it to stop, as systemd does.
    fn end(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        let mut kill = Command::new("kill");
        crate::process::run(kill.args(["-s", "TERM", &id]))?;
        let status = self.child.wait().map_err(|source| Error::Start {
            command: "kill".to_owned(),
            source,
        })?;
        if status.success() {
            return Ok(());
        }
        Err(Error::Other(format!("after SIGTERM it ends with {status}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new folder, deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("phone-verify-trial-{}", std::process::id()));
        std::fs::create_dir(&folder).at(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
