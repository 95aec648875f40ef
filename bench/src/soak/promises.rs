//! What was answered, and whether the database holds it in the end.

use super::database::{Connection, Row};
use crate::Result;
use phone_verify_domain::VerificationId;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What clients were told.
#[derive(Default)]
pub struct Promises(Mutex<Told>);

#[derive(Default)]
struct Told {
    started: HashSet<VerificationId>,
    /// The name of each one's token.
    approved: HashMap<VerificationId, String>,
    canceled: HashSet<VerificationId>,
    /// Somebody sent the right code and may have had no answer.
    may_be_approved: HashSet<VerificationId>,
    refused: u64,
    broken_off: u64,
    /// Starts of which nobody knows how they ended: the server or the database died meanwhile.
    unanswered: u64,
}

impl Promises {
    fn told_so_far(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn started(&self, id: &str) -> Result {
        self.told_so_far().started.insert(read(id)?);
        Ok(())
    }

    pub fn may_be_approved(&self, id: &str) -> Result {
        self.told_so_far().may_be_approved.insert(read(id)?);
        Ok(())
    }

    pub fn approved(&self, id: &str, token: &str) -> Result {
        self.told_so_far().approved.insert(read(id)?, token.to_owned());
        Ok(())
    }

    pub fn canceled(&self, id: &str) -> Result {
        self.told_so_far().canceled.insert(read(id)?);
        Ok(())
    }

    pub fn refused(&self) {
        self.told_so_far().refused += 1;
    }

    pub fn broken_off(&self) {
        self.told_so_far().broken_off += 1;
    }

    pub fn unanswered(&self) {
        self.told_so_far().unanswered += 1;
    }

    /// A line of it.
    pub fn told(&self) -> String {
        let told = self.told_so_far();
        format!(
            "{} started, {} approved, {} canceled, {} refused, {} broken off, {} starts unanswered so far",
            told.started.len(),
            told.approved.len(),
            told.canceled.len(),
            told.refused,
            told.broken_off,
            told.unanswered
        )
    }

    /// All that was told is in the database; nothing is approved of which nobody sent the code, nothing ended holds its code, and
    /// each approval has its one token.
    ///
    /// # Errors
    /// A promise was broken.
    pub async fn hold(&self, database: &mut Connection) -> Result {
        let rows = database.rows().await?;
        println!("{}", self.told_so_far().hold(&rows)?);
        database.is_whole().await
    }
}

impl Told {
    fn hold(&self, rows: &HashMap<VerificationId, Row>) -> Result<String> {
        for id in &self.started {
            let row = rows.get(id).ok_or("a start that was answered is lost")?;
            self.holds(*id, row)?;
        }
        let of_others = rows.len() - self.started.len();
        if of_others as u64 > self.unanswered {
            return Err(format!("{of_others} verifications that nobody started").into());
        }
        let approved = rows.values().filter(|row| row.status == "approved").count();
        Ok(format!(
            "{} verifications, {of_others} of them of starts that had no answer; {approved} approved, {} of them answered",
            rows.len(),
            self.approved.len()
        ))
    }

    fn holds(&self, id: VerificationId, row: &Row) -> Result {
        let is_approved = row.status == "approved";
        if let Some(token) = self.approved.get(&id)
            && (!is_approved || row.token.as_ref() != Some(token))
        {
            return Err(format!("an approval that was answered is {row:?}").into());
        }
        if is_approved && !self.may_be_approved.contains(&id) {
            return Err("what nobody sent the code of is approved".into());
        }
        if self.canceled.contains(&id) && row.status != "canceled" {
            return Err(format!("what was given up is {row:?}").into());
        }
        if is_approved != row.token.is_some() || (row.status != "pending" && row.has_code) {
            return Err(format!("a verification is {row:?}").into());
        }
        Ok(())
    }
}

fn read(id: &str) -> Result<VerificationId> {
    VerificationId::parse(id).ok_or_else(|| "a verification has no name".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: VerificationId = VerificationId::from_bytes([7; 16]);

    fn row(status: &str, token: Option<&str>, has_code: bool) -> Row {
        Row {
            status: status.to_owned(),
            token: token.map(str::to_owned),
            has_code,
        }
    }

    fn started() -> Told {
        Told {
            started: HashSet::from([ID]),
            ..Told::default()
        }
    }

    fn approved() -> Told {
        Told {
            approved: HashMap::from([(ID, "token".to_owned())]),
            may_be_approved: HashSet::from([ID]),
            ..started()
        }
    }

    #[test]
    fn what_was_answered_and_is_kept_holds() {
        let kept = HashMap::from([(ID, row("approved", Some("token"), false))]);
        assert!(approved().hold(&kept).is_ok());
        let kept = HashMap::from([(ID, row("pending", None, true))]);
        assert!(started().hold(&kept).is_ok());
    }

    #[test]
    fn every_broken_promise_is_found() {
        let canceled = Told {
            canceled: HashSet::from([ID]),
            ..started()
        };
        for (told, kept, what) in [
            (started(), None, "a start is lost"),
            (
                approved(),
                Some(row("pending", None, true)),
                "an approval is lost",
            ),
            (
                approved(),
                Some(row("approved", Some("other"), false)),
                "its token is another",
            ),
            (approved(), Some(row("approved", None, false)), "it has no token"),
            (
                approved(),
                Some(row("approved", Some("token"), true)),
                "its code is kept",
            ),
            (
                started(),
                Some(row("approved", Some("token"), false)),
                "nobody sent the code",
            ),
            (
                started(),
                Some(row("pending", Some("token"), true)),
                "a token for nothing",
            ),
            (
                canceled,
                Some(row("pending", None, true)),
                "what was given up goes on",
            ),
            (
                Told::default(),
                Some(row("pending", None, true)),
                "nobody started it",
            ),
        ] {
            let kept = kept.map(|row| (ID, row)).into_iter().collect();
            assert!(told.hold(&kept).is_err(), "{what}");
        }
    }
}
