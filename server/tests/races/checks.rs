//! Races of guesses.

use crate::deployment::{Deployment, Settings, number, require, require_counts};
use crate::real::{Started, token_id};
use crate::{CLIENTS, Result};

/// A code that is not `code`.
pub fn other_than(code: &str) -> String {
    let digit = if code.starts_with('0') { '1' } else { '0' };
    format!("{digit}{}", &code[1..])
}

pub async fn started(deployment: &Deployment, number: &str) -> Result<(Started, String)> {
    let started = deployment.api(0).started(number).await?;
    let code = deployment
        .codes_sent_to(number)?
        .pop()
        .ok_or("nothing was sent")?;
    Ok((started, code))
}

/// Wrong guesses: exactly the checks of the verification are evaluated.
pub mod wrong {
    use super::{
        CLIENTS, Deployment, Result, Settings, number, other_than, require, require_counts, started,
    };

    pub const SETTINGS: &Settings = &[];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let (started, code) = started(deployment, &number(0, round)).await?;
        let (wrong, of) = (other_than(&code), started.clone());
        let guess = move |api: crate::real::Api, _| {
            let (started, wrong) = (of.clone(), wrong.clone());
            async move { api.check(&started, &wrong).await }
        };
        let replies = deployment.at_once(guess).await?;
        require_counts(&replies, &[("422 wrong_code", 5), ("410 exhausted", CLIENTS - 5)])?;
        let view = deployment.api(1).view(&started).await?;
        let came = (view.text("status"), view.number("attempts_left")?);
        require("afterwards", &came, &("exhausted".to_owned(), 0))?;
        let late = deployment.api(2).check(&started, &code).await?;
        require(
            "the right code, too late",
            &late.word(),
            &"410 exhausted".to_owned(),
        )?;
        Ok("5 evaluated each".to_owned())
    }
}

/// Right guesses: one approval, one `jti`.
pub mod right {
    use super::{Deployment, Result, Settings, number, require, require_counts, started, token_id};
    use crate::CLIENTS;
    use std::collections::HashSet;

    pub const SETTINGS: &Settings = &[];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let (started, code) = started(deployment, &number(1, round)).await?;
        let of = started.clone();
        let guess = move |api: crate::real::Api, _| {
            let (started, code) = (of.clone(), code.clone());
            async move { api.check(&started, &code).await }
        };
        let replies = deployment.at_once(guess).await?;
        require_counts(&replies, &[("200", CLIENTS)])?;
        let tokens = replies.iter().map(token_id).collect::<Result<HashSet<_>>>()?;
        require("tokens", &tokens.len(), &1)?;
        let view = deployment.api(1).view(&started).await?;
        let came = (view.text("status"), view.number("attempts_left")?);
        require("afterwards", &came, &("approved".to_owned(), 4))?;
        Ok("1 approval, 1 `jti` each".to_owned())
    }
}

/// Guesses on many verifications of one number: exactly the number's day is evaluated.
pub mod many {
    use super::{Deployment, Result, Settings, number, other_than, require, started};
    use crate::deployment::evaluated;

    pub const SETTINGS: &Settings = &[("PHONE_VERIFY__LIMITS__NUMBER__PENDING", "8")];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let number = number(2, round);
        let mut all = Vec::new();
        for _ in 0..8 {
            all.push(started(deployment, &number).await?);
        }
        let of = all.clone();
        let guess = move |api: crate::real::Api, index: usize| {
            let (started, code) = of[index % of.len()].clone();
            async move { api.check(&started, &other_than(&code)).await }
        };
        let replies = deployment.at_once(guess).await?;
        evaluated(&replies, 10)?;
        let mut spent = 0;
        for (index, (started, _)) in all.iter().enumerate() {
            spent += 5 - deployment
                .api(index)
                .view(started)
                .await?
                .number("attempts_left")?;
        }
        require("spent", &spent, &10)?;
        Ok("10 evaluated each, over 8 verifications".to_owned())
    }
}
