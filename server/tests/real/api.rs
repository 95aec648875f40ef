use super::Result;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::Duration;

/// A status and the JSON with it.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    /// `"422 wrong_code"`, or the status alone where it is no problem.
    pub fn word(&self) -> String {
        match self.body["code"].as_str() {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }

    pub fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_default().to_owned()
    }

    pub fn number(&self, field: &str) -> Result<u64> {
        let number = self.body[field].as_u64();
        Ok(number.ok_or_else(|| format!("no `{field}`: {self:?}"))?)
    }
}

/// What a browser keeps of a verification.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Started {
    pub id: String,
    pub secret: String,
}

/// The browser's and the host's API of one server.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    url: String,
    host: String,
}

impl Api {
    /// Of a server that is called by the address where it listens.
    pub fn new(url: &str) -> Result<Self> {
        Self::behind(url, url.trim_start_matches("http://"))
    }

    /// Of a server that is called by another name, as behind a proxy.
    #[expect(clippy::disallowed_methods, reason = "the tests' own client")]
    pub fn behind(url: &str, host: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(90))
            // The server closes idle connections after five seconds.
            .pool_idle_timeout(Duration::from_secs(2))
            .build()?;
        Ok(Self {
            http,
            url: url.to_owned(),
            host: host.to_owned(),
        })
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.header(reqwest::header::HOST, &self.host)
    }

    pub async fn answer(request: RequestBuilder) -> Result<Reply> {
        let response = request.send().await?;
        let status = response.status().as_u16();
        let body = response.json().await?;
        Ok(Reply { status, body })
    }

    pub async fn start(&self, number: &str, key: Option<&str>) -> Result<Reply> {
        let body = json!({"site_key": "demo", "phone_number": number, "channel": "sms"});
        let mut request = self.request(Method::POST, "/v1/verifications").json(&body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Self::answer(request).await
    }

    /// A start that must succeed.
    pub async fn started(&self, number: &str) -> Result<Started> {
        let reply = self.start(number, None).await?;
        if reply.status == 201 {
            Ok(Started::of(&reply))
        } else {
            Err(format!("a start was refused: {reply:?}").into())
        }
    }

    pub async fn check(&self, started: &Started, code: &str) -> Result<Reply> {
        let path = format!("/v1/verifications/{}/check", started.id);
        let request = self.request(Method::POST, &path).bearer_auth(&started.secret);
        Self::answer(request.json(&json!({"code": code}))).await
    }

    pub async fn resend(&self, started: &Started, number: &str) -> Result<Reply> {
        let path = format!("/v1/verifications/{}/resend", started.id);
        let request = self.request(Method::POST, &path).bearer_auth(&started.secret);
        Self::answer(request.json(&json!({"channel": "sms", "phone_number": number}))).await
    }

    pub async fn view(&self, started: &Started) -> Result<Reply> {
        let path = format!("/v1/verifications/{}", started.id);
        Self::answer(self.request(Method::GET, &path).bearer_auth(&started.secret)).await
    }

    pub async fn redeem(&self, token: &str) -> Result<Reply> {
        let request = self.request(Method::POST, "/v1/tokens/redeem");
        let request = request.basic_auth("demo", Some("demo-secret"));
        Self::answer(request.json(&json!({"token": token}))).await
    }
}

impl Started {
    pub fn of(reply: &Reply) -> Self {
        Self {
            id: reply.text("id"),
            secret: reply.text("client_secret"),
        }
    }
}

/// The `jti` of the token in an approved answer.
pub fn token_id(reply: &Reply) -> Result<String> {
    use base64::Engine as _;
    let token = reply.text("token");
    let claims = token
        .split('.')
        .nth(1)
        .ok_or_else(|| format!("no token: {reply:?}"))?;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims)?;
    let claims: Value = serde_json::from_slice(&claims)?;
    Ok(claims["jti"].as_str().ok_or("a token without `jti`")?.to_owned())
}
