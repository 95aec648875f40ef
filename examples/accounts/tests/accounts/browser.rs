//! A browser without scripts, with its cookie.

use crate::world::{PASSWORD, World};
use reqwest::header::{CONTENT_SECURITY_POLICY, COOKIE, LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};

/// A page that was answered.
pub struct Page {
    pub status: StatusCode,
    pub html: String,
    pub location: Option<String>,
    pub set_cookie: Option<String>,
    pub policy: Option<String>,
    pub referrer_policy: Option<String>,
}

/// One browser.
#[derive(Clone)]
pub struct Browser {
    pub url: String,
    pub cookie: Option<String>,
    http: Client,
}

#[expect(clippy::disallowed_methods, reason = "this client is the test's own")]
pub fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// Another code of the same length.
pub fn wrong(code: &str) -> String {
    let other = |digit: char| char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
    code.chars().map(other).collect()
}

impl Page {
    /// The first recovery codes that the page shows.
    pub fn recovery_codes(&self) -> Vec<String> {
        let codes = self.html.split("<code>").skip(1);
        codes
            .map(|rest| rest.split("</code>").next().unwrap().to_owned())
            .collect()
    }

    #[track_caller]
    pub fn leads_to(&self, path: &str) {
        assert_eq!(
            (self.status, self.location.as_deref()),
            (StatusCode::SEE_OTHER, Some(path)),
            "{}",
            self.html
        );
    }

    #[track_caller]
    pub fn says(&self, text: &str) {
        assert!(
            self.html.contains(text),
            "`{text}` is not in {}: {}",
            self.status,
            self.html
        );
    }

    #[track_caller]
    pub fn refuses(&self, status: u16, text: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.html);
        self.says(text);
    }
}

impl Browser {
    pub fn new(world: &World) -> Self {
        Self {
            url: world.url.clone(),
            cookie: None,
            http: client(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Posts a form as a page of the app does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request.header(ORIGIN, &self.url).form(fields);
        self.send(request).await
    }

    /// Sends whatever a test has put together.
    pub async fn send(&mut self, mut request: RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.unwrap();
        let header = |name| {
            let value = answer.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        let page = Page {
            status: answer.status(),
            location: header(LOCATION),
            set_cookie: header(SET_COOKIE),
            policy: header(CONTENT_SECURITY_POLICY),
            referrer_policy: header(REFERRER_POLICY),
            html: answer.text().await.unwrap(),
        };
        if let Some(cookie) = &page.set_cookie {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        page
    }

    /// Registers, up to the page that asks for the number's proof.
    pub async fn register(&mut self, user_name: &str, number: &str) -> Page {
        let fields = [
            ("user_name", user_name),
            ("full_name", "Ada Lovelace"),
            ("password", PASSWORD),
            ("phone_number", number),
        ];
        self.post("/register", &fields).await
    }

    /// Proves the number.
    pub async fn prove(&mut self, world: &World, number: &str) -> Page {
        let sent = self
            .post("/verify", &[("do", "start"), ("phone_number", number)])
            .await;
        sent.says("name=\"code\"");
        let code = world.code(number).await;
        self.post("/verify", &[("do", "check"), ("code", &code)]).await
    }

    /// Registers and proves the number.
    pub async fn join(world: &World, user_name: &str, number: &str) -> Self {
        let mut browser = Self::new(world);
        browser.register(user_name, number).await.leads_to("/dashboard");
        browser.prove(world, number).await.leads_to("/dashboard");
        browser
    }

    /// The same with two-factor on, logged out; with the recovery codes.
    pub async fn join_with_two_factor(world: &World, user_name: &str, number: &str) -> (Self, Vec<String>) {
        let mut browser = Self::join(world, user_name, number).await;
        let on = browser.post("/two-factor", &[("turn", "on")]).await;
        on.says("Two-factor is on");
        let codes = on.recovery_codes();
        browser.post("/logout", &[]).await.leads_to("/login");
        (browser, codes)
    }

    pub async fn log_in(&mut self, user_name: &str, password: &str) -> Page {
        let fields = [("user_name", user_name), ("password", password)];
        self.post("/login", &fields).await
    }

    /// Has a PIN of the second step sent.
    pub async fn get_pin(&mut self, channel: &str) -> Page {
        self.post("/second-step", &[("do", "start"), ("channel", channel)])
            .await
    }

    pub async fn enter_pin(&mut self, code: &str) -> Page {
        self.post("/second-step", &[("do", "check"), ("code", code)])
            .await
    }
}
