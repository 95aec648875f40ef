use super::let_in;
use crate::page::Content;
use crate::server::Accounts;
use crate::server::attempts::{BY_ADDRESS, network};
use crate::server::passwords::Password;
use crate::server::recovery::secret;
use crate::server::render::{Problem, page};
use crate::server::stop::Stop;
use crate::server::users::{User, name_key};
use crate::server::words::{refusal, too_many};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use phone_verify::numbers;
use phone_verify_domain::{ApiError, ErrorCode};
use serde::Deserialize;
use tower_sessions::Session;

/// Characters of a password: NIST SP 800-63B asks for 8, where it is not alone.
const SHORTEST_PASSWORD: usize = 8;

/// Bytes of a password: longer ones are somebody's attempt to keep this server busy.
const LONGEST_PASSWORD: usize = 1_024;

/// What is typed at `/register`.
#[derive(Deserialize)]
pub(super) struct Registration {
    user_name: String,
    full_name: String,
    password: Password,
    phone_number: String,
}

/// `GET /register`
pub(super) async fn show(State(accounts): State<Accounts>) -> Result<Response, Stop> {
    let content = Content::Register {
        user_name: String::new(),
        full_name: String::new(),
        phone_number: String::new(),
    };
    page(&accounts, content, None).await
}

/// `POST /register`: makes the account; its number is still to be proved.
pub(super) async fn register(
    State(accounts): State<Accounts>,
    session: Session,
    parts: Parts,
    Form(form): Form<Registration>,
) -> Result<Response, Stop> {
    let Registration {
        user_name,
        full_name,
        password,
        phone_number,
    } = form;
    let typed = Typed {
        user_name: user_name.trim().to_owned(),
        full_name: full_name.trim().to_owned(),
        phone_number: phone_number.trim().to_owned(),
    };
    if let Some(why) = typed.fault(&password) {
        return typed
            .again(&accounts, (StatusCode::UNPROCESSABLE_ENTITY, why))
            .await;
    }
    let address = network(accounts.embedded.caller(&parts).address);
    if let Err(seconds) = accounts.attempts.count(BY_ADDRESS, &address).await? {
        return typed
            .again(&accounts, (StatusCode::TOO_MANY_REQUESTS, too_many(seconds)))
            .await;
    }
    let user = User {
        id: secret(&*accounts.random)?,
        name: typed.user_name.clone(),
        full_name: typed.full_name.clone(),
        // Before anybody knows whether the name is taken: both take as long.
        password_hash: accounts.passwords.hash(password).await?,
        two_factor: false,
        number_due: true,
    };
    if !accounts.users.add(&user).await? {
        let why = "This user name is taken.".to_owned();
        return typed.again(&accounts, (StatusCode::CONFLICT, why)).await;
    }
    // The dashboard leads on to the number.
    let onward = let_in(&accounts, &session, user.id, typed.phone_number).await?;
    Ok(onward.into_response())
}

/// What was typed, but for the password.
struct Typed {
    user_name: String,
    full_name: String,
    phone_number: String,
}

impl Typed {
    fn fault(&self, password: &Password) -> Option<String> {
        let is_line = |text: &str, longest| {
            !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
        };
        if !is_line(&self.user_name, 64) || self.user_name.contains(char::is_whitespace) {
            return Some("A user name has 1 to 64 characters and no spaces.".to_owned());
        }
        if !is_line(&self.full_name, 200) {
            return Some("A full name has 1 to 200 characters.".to_owned());
        }
        let typed = password.expose();
        if typed.chars().count() < SHORTEST_PASSWORD || typed.len() > LONGEST_PASSWORD {
            return Some(format!("A password has at least {SHORTEST_PASSWORD} characters."));
        }
        if name_key(typed) == name_key(&self.user_name) {
            return Some("The password is the user name.".to_owned());
        }
        let number = numbers::parse(&self.phone_number, None);
        number
            .err()
            .map(|_| refusal(&ApiError::new(ErrorCode::InvalidNumber, ""), None))
    }

    async fn again(self, accounts: &Accounts, problem: Problem) -> Result<Response, Stop> {
        let content = Content::Register {
            user_name: self.user_name,
            full_name: self.full_name,
            phone_number: self.phone_number,
        };
        page(accounts, content, Some(problem)).await
    }
}
