//! The race for the lock of a number.

/// Wrong codes and starts at once: the tenth wrong code locks the number, on all servers and for its whole time.
pub mod wrong_code {
    use crate::checks::{other_than, started};
    use crate::deployment::{Deployment, Settings, evaluated, number, require};
    use crate::real::Reply;
    use crate::{CLIENTS, Result};

    pub const SETTINGS: &Settings = &[
        ("PHONE_VERIFY__LIMITS__LOCK_DAYS", "2"),
        ("PHONE_VERIFY__LIMITS__NUMBER__PENDING", "100"),
    ];

    /// What the lock keeps, in seconds: longer than any other limit of these servers, and two days from the code that locked,
    /// which a start may have come a little before.
    const OF_THE_LOCK: std::ops::RangeInclusive<u64> = 86_401..=2 * 86_400 + 60;

    pub async fn round(deployment: &Deployment, round: u32) -> Result<String> {
        let number = number(6, round);
        let mut all = Vec::new();
        for _ in 0..8 {
            all.push(started(deployment, &number).await?);
        }
        let (of, to) = (all.clone(), number.clone());
        let guess_or_start = move |api: crate::real::Api, index: usize| {
            let (started, code) = of[index % of.len()].clone();
            let number = to.clone();
            async move {
                if index % 4 == 3 {
                    api.start(&number, None).await
                } else {
                    api.check(&started, &other_than(&code)).await
                }
            }
        };
        let replies = deployment.at_once(guess_or_start).await?;
        let (starts, guesses): (Vec<_>, Vec<_>) =
            (0..CLIENTS).zip(replies).partition(|(index, _)| index % 4 == 3);
        let guesses: Vec<Reply> = guesses.into_iter().map(|(_, reply)| reply).collect();
        evaluated(&guesses, 10)?;
        for (_, start) in &starts {
            if start.word() != "201" {
                is_locked(start)?;
            }
        }
        for server in 0..3 {
            is_locked(&deployment.api(server).start(&number, None).await?)?;
        }
        Ok("10 evaluated, then locked each".to_owned())
    }

    fn is_locked(start: &Reply) -> Result {
        require("a start", &start.word(), &"429 too_many_requests".to_owned())?;
        let keeps = start.number("retry_in")?;
        if OF_THE_LOCK.contains(&keeps) {
            Ok(())
        } else {
            Err(format!("not by the lock: {keeps} s").into())
        }
    }
}
