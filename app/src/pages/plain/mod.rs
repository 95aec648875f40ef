//! The whole job by plain form posts, for browsers without JavaScript: each page is one form, which carries what the next
//! request needs. Nothing moves by itself, so waits stand as text, as they were when the page was made.

mod country;
mod steps;

use super::Page;
use crate::words::{Language, Word};
use leptos::prelude::*;
use phone_verify_domain::{ApiError, Channel, View};

/// What a button of a plain form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainAction {
    /// *Get PIN*.
    Start,
    /// *Verify*.
    Check,
    /// *Send again*.
    SendAgain,
    /// *Call me instead*.
    Call,
    /// *Refresh*: how things stand.
    Look,
    /// *Change number*, and *Start again* after an end.
    Change,
}

impl PlainAction {
    /// The name of the buttons.
    pub const FIELD: &'static str = "do";

    const ALL: [Self; 6] = [
        Self::Start,
        Self::Check,
        Self::SendAgain,
        Self::Call,
        Self::Look,
        Self::Change,
    ];

    /// The button's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Check => "check",
            Self::SendAgain => "send-again",
            Self::Call => "call",
            Self::Look => "look",
            Self::Change => "change",
        }
    }

    /// The action that `value` names, if it names one.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == value)
    }
}

/// What the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlainStep {
    /// Asks for the number.
    #[default]
    Number,
    /// Asks for the code of this verification.
    Code(Box<View>),
    /// The number is proved.
    Verified {
        /// The signed result, where it is for whoever looks at this page.
        token: Option<String>,
    },
    /// The verification is over; the problem says how.
    Ended,
}

/// One form, and what it carries to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainForm {
    /// The path that it is posted to.
    pub action: String,
    /// What it shows.
    pub step: PlainStep,
    /// The number as it was typed.
    pub phone_number: String,
    /// The country chosen: ISO 3166 alpha-2.
    pub country: String,
    /// The countries to choose from; all where empty.
    pub countries: Vec<String>,
    /// The channels that the site offers, the preferred one first.
    pub channels: Vec<Channel>,
    /// The verification's id; empty before there is one.
    pub id: String,
    /// The right to act on it.
    pub client_secret: String,
    /// Different for each page that is made: the same form sent twice is one request.
    pub nonce: String,
    /// What went wrong.
    pub problem: Option<ApiError>,
}

/// The whole document: no script, and nothing that needs one.
#[must_use]
pub fn plain_document(page: &Page, form: &PlainForm) -> String {
    let styles = super::style_links(page);
    let content = plain_content(page, form);
    let (language, direction) = super::language(&page.words);
    let document = view! {
        <!DOCTYPE html>
        <html lang=language dir=direction>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>"phone-verify"</title>
                {styles}
            </head>
            <body>{content}</body>
        </html>
    };
    Owner::new().with(|| document.to_html())
}

/// What is in the document's body.
pub(super) fn plain_content(page: &Page, form: &PlainForm) -> AnyView {
    let outbox = page.outbox.clone().map(super::home::outbox_note);
    let language = Language::from(page.words.clone());
    let heading = language.say(Word::VerifyYourNumber).to_owned();
    view! {
        <div class="pg-page">
            <main class="pg-main">
                <section class="pg-try" aria-labelledby="plain">
                    <h1 id="plain">{heading}</h1>
                    {steps::form(form, &language)}
                    {outbox}
                </section>
            </main>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
