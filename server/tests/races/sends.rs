//! Races of sends and of what follows an approval.

/// Starts of one number: exactly its limit is sent, and nothing is written for the others.
pub mod starts {
    use crate::deployment::{Deployment, Settings, number, require, require_counts};
    use crate::{CLIENTS, Result};

    pub const SETTINGS: &Settings = &[("PHONE_VERIFY__LIMITS__NUMBER__PER_HOUR", "3")];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let number = number(3, round);
        let to = number.clone();
        let start = move |api: crate::real::Api, _| {
            let number = to.clone();
            async move { api.start(&number, None).await }
        };
        let replies = deployment.at_once(start).await?;
        require_counts(&replies, &[("201", 3), ("429 too_many_requests", CLIENTS - 3)])?;
        require("messages", &deployment.codes_sent_to(&number)?.len(), &3)?;
        Ok("3 messages each".to_owned())
    }
}

/// Redemptions of one token: one gets the claims.
pub mod redeems {
    use crate::deployment::{Deployment, Settings, number, require_counts};
    use crate::{CLIENTS, Result};

    pub const SETTINGS: &Settings = &[];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let number = number(4, round);
        let started = deployment.api(0).started(&number).await?;
        let code = deployment
            .codes_sent_to(&number)?
            .pop()
            .ok_or("nothing was sent")?;
        let token = deployment.api(1).check(&started, &code).await?.text("token");
        let redeem = move |api: crate::real::Api, _| {
            let token = token.clone();
            async move { api.redeem(&token).await }
        };
        let replies = deployment.at_once(redeem).await?;
        require_counts(&replies, &[("200", 1), ("409 already_redeemed", CLIENTS - 1)])?;
        Ok("1 redemption each".to_owned())
    }
}

/// One start repeated under its key: one verification, one message, and everybody gets it.
pub mod repeats {
    use crate::deployment::{Deployment, Settings, number, require, require_counts};
    use crate::real::{Api, Reply, Started};
    use crate::{CLIENTS, Result};
    use std::collections::HashSet;

    pub const SETTINGS: &Settings = &[];

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let number = number(5, round);
        let to = number.clone();
        let start = move |api: Api, _| {
            let number = to.clone();
            async move { repeated(&api, &number).await }
        };
        let replies = deployment.at_once(start).await?;
        require_counts(&replies, &[("201", CLIENTS)])?;
        let started: HashSet<Started> = replies.iter().map(Started::of).collect();
        require("verifications", &started.len(), &1)?;
        require("messages", &deployment.codes_sent_to(&number)?.len(), &1)?;
        Ok("1 message each".to_owned())
    }

    /// The call, again while the first one is under way: that answer says that it may be repeated, and spends nothing.
    async fn repeated(api: &Api, number: &str) -> Result<Reply> {
        let key = format!("key-of-{number}");
        for _ in 0..10 {
            let reply = api.start(number, Some(&key)).await?;
            if reply.word() != "409 request_in_progress" {
                return Ok(reply);
            }
        }
        Err("still in progress after ten repeats".into())
    }
}
