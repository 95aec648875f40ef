use phone_verify_domain::{Code, PhoneNumber};
use std::sync::Arc;

/// Whose the codes of new verifications are.
#[derive(Clone, Default)]
pub enum Codes {
    /// Drawn, kept and compared here.
    #[default]
    Ours,
    /// The same, and a provider that sends some of them wants to hear how it ended.
    OursReported(Arc<dyn CodeProvider>),
    /// Drawn, sent and compared by a provider; never known here before they are approved.
    Providers(Arc<dyn CodeProvider>),
}

impl Codes {
    /// Who wants to hear how verifications end.
    #[must_use]
    pub fn provider(&self) -> Option<&Arc<dyn CodeProvider>> {
        match self {
            Self::Ours => None,
            Self::OursReported(provider) | Self::Providers(provider) => Some(provider),
        }
    }
}

/// A service that keeps codes of its own, or wants to know what became of ours.
#[async_trait::async_trait]
pub trait CodeProvider: Send + Sync {
    /// The name in `[senders]` under which it sends.
    fn name(&self) -> &'static str;

    /// Asks once whether a code is the right one. It answers within some ten seconds, whatever the provider does.
    async fn check(&self, which: &Named, code: &Code) -> Verdict;

    /// Tells how a verification ended. Nothing depends on its being heard.
    async fn close(&self, reference: &str, end: End);
}

/// How a provider knows one of its verifications.
#[derive(Clone)]
pub enum Named {
    /// By what it answered to the sending.
    Reference(String),
    /// By the number, where that answer was lost.
    Number(PhoneNumber),
}

/// What a provider says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the right one.
    Right,
    /// It is not.
    Wrong,
    /// The provider knows of no such verification any more: it expired, it was approved, it was given up.
    Gone,
    /// The provider compares no more codes for this number.
    NoChecksLeft,
    /// No answer, or one that says nothing of the code.
    NoAnswer,
}

/// How a verification ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By the right code.
    Approved,
    /// Otherwise: its number may begin anew.
    GivenUp,
}
