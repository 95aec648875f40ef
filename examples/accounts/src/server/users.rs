//! Users, and the recovery codes that they have left. Which number a user holds is phone-verify's to know.

use super::recovery::CodeHash;
use sqlx::SqlitePool;

/// A user.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) password_hash: String,
    pub(super) two_factor: bool,
    /// Whether a number must be proved before anything else.
    pub(super) number_due: bool,
}

type Row = (String, String, String, String, bool, bool);

impl From<Row> for User {
    fn from((id, name, full_name, password_hash, two_factor, number_due): Row) -> Self {
        Self {
            id,
            name,
            full_name,
            password_hash,
            two_factor,
            number_due,
        }
    }
}

/// Where they are kept.
#[derive(Clone)]
pub(super) struct Users {
    database: SqlitePool,
}

/// A user name as it is compared.
pub(super) fn name_key(user_name: &str) -> String {
    user_name.trim().to_lowercase()
}

impl Users {
    pub(super) const fn new(database: SqlitePool) -> Self {
        Self { database }
    }

    /// Adds a user; `false` where the name is taken.
    pub(super) async fn add(&self, user: &User) -> Result<bool, sqlx::Error> {
        let added = sqlx::query(
            "INSERT INTO users (id, user_name, user_name_key, full_name, password_hash) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (user_name_key) DO NOTHING",
        )
        .bind(&user.id)
        .bind(&user.name)
        .bind(name_key(&user.name))
        .bind(&user.full_name)
        .bind(&user.password_hash)
        .execute(&self.database)
        .await?;
        Ok(added.rows_affected() == 1)
    }

    pub(super) async fn by_name(&self, user_name: &str) -> Result<Option<User>, sqlx::Error> {
        let found: Option<Row> = sqlx::query_as(
            "SELECT id, user_name, full_name, password_hash, two_factor, number_due FROM users WHERE user_name_key = ?1",
        )
        .bind(name_key(user_name))
        .fetch_optional(&self.database)
        .await?;
        Ok(found.map(User::from))
    }

    pub(super) async fn by_id(&self, id: &str) -> Result<Option<User>, sqlx::Error> {
        let found: Option<Row> = sqlx::query_as(
            "SELECT id, user_name, full_name, password_hash, two_factor, number_due FROM users WHERE id = ?1",
        )
        .bind(id)
        .fetch_optional(&self.database)
        .await?;
        Ok(found.map(User::from))
    }

    pub(super) async fn set_number_due(&self, id: &str, due: bool) -> Result<(), sqlx::Error> {
        let query = sqlx::query("UPDATE users SET number_due = ?2 WHERE id = ?1");
        query.bind(id).bind(due).execute(&self.database).await.map(drop)
    }

    /// Turns two-factor on with new recovery codes; `false` where it was on before, and nothing was changed.
    pub(super) async fn turn_on(&self, id: &str, codes: &[CodeHash]) -> Result<bool, sqlx::Error> {
        let mut change = self.database.begin().await?;
        let on = sqlx::query(
            "UPDATE users SET two_factor = 1 WHERE id = ?1 AND two_factor = 0 AND number_due = 0",
        );
        if on.bind(id).execute(&mut *change).await?.rows_affected() == 0 {
            return Ok(false);
        }
        for code in codes {
            let add = sqlx::query("INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)");
            add.bind(id).bind(code).execute(&mut *change).await?;
        }
        change.commit().await?;
        Ok(true)
    }

    /// Turns two-factor off; its recovery codes are void.
    pub(super) async fn turn_off(&self, id: &str) -> Result<(), sqlx::Error> {
        let mut change = self.database.begin().await?;
        let off = sqlx::query("UPDATE users SET two_factor = 0 WHERE id = ?1");
        off.bind(id).execute(&mut *change).await?;
        let void = sqlx::query("DELETE FROM recovery_codes WHERE user = ?1");
        void.bind(id).execute(&mut *change).await?;
        change.commit().await
    }

    /// Uses a recovery code up; `false` where the user has none such.
    pub(super) async fn spend_code(&self, id: &str, code: &CodeHash) -> Result<bool, sqlx::Error> {
        let spent = sqlx::query("DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2");
        let spent = spent.bind(id).bind(code).execute(&self.database).await?;
        Ok(spent.rows_affected() == 1)
    }

    /// How many recovery codes a user has left.
    pub(super) async fn codes_left(&self, id: &str) -> Result<u32, sqlx::Error> {
        let (left,): (i64,) = sqlx::query_as("SELECT count(*) FROM recovery_codes WHERE user = ?1")
            .bind(id)
            .fetch_one(&self.database)
            .await?;
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }
}
