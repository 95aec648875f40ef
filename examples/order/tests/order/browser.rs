//! A browser that has no JavaScript: it reads the form and posts what a test puts into it.

use crate::issuer::{Issuer, SECRET};
use order::{Shop, VerifyServer};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, StatusCode};

/// A shop that listens, and its address.
pub struct OpenShop {
    pub url: String,
}

impl OpenShop {
    pub async fn start(issuer: &Issuer) -> Self {
        let verify = VerifyServer::new(
            &issuer.url.parse().unwrap(),
            None,
            "demo".into(),
            SECRET.into(),
            issuer.clock(),
        )
        .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let router = order::router(Shop::new(verify));
            axum::serve(listener, router).await.unwrap();
        });
        Self { url }
    }
}

/// One browser, with its cookie.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    shop: String,
    pub cookie: Option<String>,
}

/// The form as it was shown.
#[derive(Clone)]
pub struct Form {
    pub nonce: String,
    pub form_token: String,
}

/// A page that was answered.
pub struct Page {
    pub status: StatusCode,
    pub html: String,
    pub location: Option<String>,
    pub set_cookie: Option<String>,
    pub policy: Option<String>,
}

impl Page {
    /// The value of the first attribute `name="…"` in the page.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.html.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    }

    pub fn problem(&self) -> &str {
        let (_, rest) = self.html.split_once("id=\"phone-problem\">").unwrap_or_default();
        rest.split_once('<').map_or("", |(words, _)| words)
    }
}

impl Browser {
    #[expect(clippy::disallowed_methods, reason = "this browser's one HTTP client")]
    pub fn new(shop: &OpenShop) -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            shop: shop.url.clone(),
            cookie: None,
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(format!("{}{path}", self.shop));
        self.send(request).await
    }

    /// Opens the form.
    pub async fn open(&mut self) -> Form {
        let page = self.get("/").await;
        assert_eq!(page.status, StatusCode::OK);
        let (_, form_token) = page.html.split_once("name=\"form-token\" value=\"").unwrap();
        Form {
            nonce: page.attribute("token-nonce").unwrap().to_owned(),
            form_token: form_token.split_once('"').unwrap().0.to_owned(),
        }
    }

    /// Posts the form with good fields and this token.
    pub async fn order(&mut self, form: &Form, token: &str) -> Page {
        self.post(&[
            ("form-token", &form.form_token),
            ("name", "Ada Lovelace"),
            ("item", "1 kg of coffee"),
            ("address", "1 Main Street\r\nSpringfield"),
            ("phone-token", token),
        ])
        .await
    }

    pub async fn post(&mut self, fields: &[(&str, &str)]) -> Page {
        let request = self.http.post(format!("{}/order", self.shop)).form(fields);
        self.send(request).await
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.unwrap();
        let header = |name| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let page = Page {
            status: answer.status(),
            location: header(LOCATION),
            set_cookie: header(SET_COOKIE),
            policy: header(reqwest::header::CONTENT_SECURITY_POLICY),
            html: String::new(),
        };
        if let Some(cookie) = &page.set_cookie {
            self.cookie = cookie.split_once(';').map(|(pair, _)| pair.to_owned());
        }
        let html = answer.text().await.unwrap();
        Page { html, ..page }
    }
}
