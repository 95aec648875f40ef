//! What a site's own server does with verifications. The rules are those of the browser's door; its caller has no Origin and no
//! client secret but the site's own credentials, and names a verification by its number.

mod attempts;
mod check;
mod end;
mod find;
mod start;

pub use check::ServiceCheck;
pub use end::ServiceEnd;
pub use start::ServiceStart;

use super::refusal;
use crate::metrics::Refusal;
use phone_verify_domain::{ApiError, PhoneNumber, VerificationId};

/// What a site's server names a verification by.
#[derive(Clone, Debug)]
pub enum ServiceName {
    /// Its id: any of the site's.
    Id(VerificationId),
    /// Its number: of those that the site's server started the live one, else the last.
    Number(PhoneNumber),
}

/// Why a site's server is refused.
#[derive(Debug, thiserror::Error)]
pub enum ServiceRefusal {
    /// As a browser would be.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// Operator or provider take the number for fraud. A browser would not learn of it.
    #[error("the number is taken for fraud")]
    Fraud,
    /// Text messages do not reach the number; a call may. A browser sees it in the delivery's state.
    #[error("text messages do not reach the number")]
    NotTextable,
    /// Nothing was sent, for a reason of this number's. A browser sees it in the delivery's state.
    #[error("the number cannot be reached")]
    Unreachable,
}

impl Refusal for ServiceRefusal {
    fn word(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.word(),
            Self::Fraud => "fraud",
            Self::NotTextable => "not_textable",
            Self::Unreachable => "unreachable",
        }
    }
}

fn not_found() -> ServiceRefusal {
    refusal::not_found().into()
}
