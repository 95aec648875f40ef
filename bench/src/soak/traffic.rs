//! What people do: type the right code, a wrong one first, none, ask again, give up, go away.

use super::promises::Promises;
use crate::Result;
use crate::load::Work as _;
use crate::product::{Product, Started};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// So many people at once.
const WAVE: usize = 64;

/// A wave of starts, and what each of them leads to.
///
/// # Errors
/// An answer is none that may be given.
pub async fn wave(product: &Arc<Product>, promises: &Arc<Promises>) -> Result {
    nobody_s_number(product, promises).await?;
    let starts = (0..WAVE).map(|_| {
        let product = product.clone();
        tokio::spawn(async move { product.start().await })
    });
    let mut started = VecDeque::new();
    for start in starts.collect::<Vec<_>>() {
        let verification = start.await??;
        promises.started(&verification.id)?;
        started.push_back(verification);
    }
    product.prepare(&mut started).await?;
    let stories = started.into_iter().enumerate().map(|(place, verification)| {
        let (product, promises) = (product.clone(), promises.clone());
        tokio::spawn(async move { story(place, &product, &promises, &verification).await })
    });
    for story in stories.collect::<Vec<_>>() {
        story.await??;
    }
    Ok(())
}

async fn story(place: usize, product: &Product, promises: &Promises, started: &Started) -> Result {
    let of = Of {
        product,
        promises,
        started,
    };
    match place % 8 {
        0..=2 => of.right().await,
        3 => {
            of.wrong().await?;
            of.right().await
        }
        4 => {
            of.again().await?;
            of.right().await
        }
        5 => of.canceled().await,
        6 => of.gone_away().await,
        _ => {
            let view = of.asked("GET", "", None, 200).await?;
            if view["status"] == "pending" {
                Ok(())
            } else {
                Err(format!("nobody typed anything, and it is {view}").into())
            }
        }
    }
}

/// One verification, and who acts on it.
struct Of<'a> {
    product: &'a Product,
    promises: &'a Promises,
    started: &'a Started,
}

impl Of<'_> {
    async fn asked(&self, method: &str, path: &str, body: Option<&Value>, wanted: u16) -> Result<Value> {
        let path = format!("/v1/verifications/{}{path}", self.started.id);
        let secret = Some(self.started.secret.as_str());
        let asked = self
            .product
            .client
            .json(method, &path, secret, body, wanted)
            .await?;
        if wanted >= 400 {
            self.promises.refused();
        }
        Ok(asked)
    }

    /// The right code approves; typed again, it approves nothing twice.
    async fn right(&self) -> Result {
        let code = json!({"code": self.started.code});
        self.promises.may_be_approved(&self.started.id)?;
        let names = [
            named(&self.asked("POST", "/check", Some(&code), 200).await?)?,
            named(&self.asked("POST", "/check", Some(&code), 200).await?)?,
        ];
        if names[0] != names[1] {
            return Err("one approval has two tokens".into());
        }
        self.promises.approved(&self.started.id, &names[0])
    }

    async fn wrong(&self) -> Result {
        let wrong = if self.started.code == "000000" {
            "000001"
        } else {
            "000000"
        };
        self.asked("POST", "/check", Some(&json!({"code": wrong})), 422)
            .await?;
        Ok(())
    }

    /// Another message, mostly before its time.
    async fn again(&self) -> Result {
        let path = format!("/v1/verifications/{}/resend", self.started.id);
        let secret = Some(self.started.secret.as_str());
        let body = json!({"channel": "sms", "phone_number": self.started.number});
        match self
            .product
            .client
            .ask("POST", &path, secret, Some(&body))
            .await?
        {
            (200, _) => Ok(()),
            (429, _) => {
                self.promises.refused();
                Ok(())
            }
            (status, answer) => Err(format!("{status}: {}", String::from_utf8_lossy(&answer)).into()),
        }
    }

    /// What was given up takes no code any more.
    async fn canceled(&self) -> Result {
        self.asked("DELETE", "", None, 200).await?;
        self.promises.canceled(&self.started.id)?;
        self.asked("POST", "/check", Some(&json!({"code": self.started.code})), 410)
            .await?;
        Ok(())
    }

    /// Types the right code and goes away before the answer: whether it counts nobody knows.
    async fn gone_away(&self) -> Result {
        self.promises.may_be_approved(&self.started.id)?;
        let path = format!("/v1/verifications/{}/check", self.started.id);
        let body = json!({"code": self.started.code}).to_string();
        self.product
            .client
            .send_and_leave("POST", &path, Some(&self.started.secret), &body)
            .await
    }
}

/// What cannot be a number is refused.
async fn nobody_s_number(product: &Product, promises: &Promises) -> Result {
    let body = json!({"site_key": "demo", "phone_number": "nobody's"});
    product
        .client
        .json("POST", "/v1/verifications", None, Some(&body), 422)
        .await?;
    promises.refused();
    Ok(())
}

/// The name of the token in a view.
fn named(view: &Value) -> Result<String> {
    let token = view["token"]
        .as_str()
        .ok_or("an approved verification has no token")?;
    let claims = token.split('.').nth(1).ok_or("a token has no claims")?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
    Ok(claims["jti"].as_str().ok_or("a token has no name")?.to_owned())
}
