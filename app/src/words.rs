//! How a widget speaks: the texts of `phone-verify-words` with values in them, and which of them says what.

pub use phone_verify_words::{Word, Words, fill};

use phone_verify_domain::{Channel, DeliveryReason, DeliveryState, DeliveryView, ErrorCode};

/// How one widget speaks: its texts, and by which locale it writes numbers and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// The texts.
    pub words: Words,
    /// BCP 47: the language that was asked for, with its region.
    pub locale: String,
}

impl Default for Language {
    fn default() -> Self {
        Self::from(Words::ENGLISH)
    }
}

impl From<Words> for Language {
    fn from(words: Words) -> Self {
        let locale = words.language().to_owned();
        Self { words, locale }
    }
}

impl Language {
    /// A text.
    #[must_use]
    pub fn say(&self, word: Word) -> &str {
        self.words.say(word)
    }

    /// A number in digits.
    #[must_use]
    pub fn number(&self, number: u32) -> String {
        digits(number, self.tongue())
    }

    /// A text that speaks of `n` things.
    #[must_use]
    pub fn counted(&self, word: Word, n: u32) -> String {
        let text = self.words.counted(word, &category(n, self.tongue()));
        fill(text, &[("n", &self.number(n))])
    }

    /// How long one must wait, as in *in 45 s*.
    #[must_use]
    pub fn wait(&self, seconds: u64) -> String {
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        let (minutes, rest) = (self.number(seconds / 60), self.number(seconds % 60));
        let word = if seconds < 60 {
            Word::InSeconds
        } else {
            Word::InMinutes
        };
        fill(self.say(word), &[("m", &minutes), ("s", &rest)])
    }

    /// The locale where the texts are in its language, else the texts' own.
    fn tongue(&self) -> &str {
        let spoken = self.words.language();
        if primary(&self.locale) == primary(spoken) {
            &self.locale
        } else {
            spoken
        }
    }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

#[cfg(feature = "browser")]
use crate::browser::locale::{category, digits};

#[cfg(not(feature = "browser"))]
fn category(n: u32, language: &str) -> String {
    phone_verify_words::category(language, n).to_owned()
}

/// The server has no `Intl`, and its forms need no other digits: they show no countdown.
#[cfg(not(feature = "browser"))]
fn digits(number: u32, _locale: &str) -> String {
    number.to_string()
}

/// What a refusal means to the one who reads it.
#[must_use]
pub const fn of_error(code: ErrorCode) -> Word {
    match code {
        ErrorCode::InvalidNumber => Word::InvalidNumber,
        ErrorCode::CountryNotServed => Word::CountryNotServed,
        ErrorCode::NumberTypeRefused => Word::NumberTypeRefused,
        ErrorCode::NumberTaken => Word::NumberTaken,
        ErrorCode::NumberMismatch => Word::NumberMismatch,
        ErrorCode::OptedOut => Word::OptedOut,
        ErrorCode::ChannelUnavailable => Word::ChannelUnavailable,
        ErrorCode::WrongCode => Word::WrongPin,
        ErrorCode::InvalidCode => Word::PinLength,
        ErrorCode::TooManyRequests => Word::TooManyRequests,
        ErrorCode::SenderUnavailable => Word::SenderUnavailable,
        ErrorCode::RequestInProgress => Word::InProgress,
        ErrorCode::ChallengeRequired => Word::ChallengeFailed,
        ErrorCode::Exhausted => Word::Exhausted,
        ErrorCode::Expired | ErrorCode::Canceled | ErrorCode::NotFound => Word::Expired,
        ErrorCode::AlreadyApproved | ErrorCode::AlreadyRedeemed => Word::ResultLost,
        ErrorCode::InvalidToken => Word::VerificationLapsed,
        ErrorCode::Busy | ErrorCode::Unavailable | ErrorCode::IdempotencyMismatch => Word::Unavailable,
        ErrorCode::InvalidRequest
        | ErrorCode::Unauthorized
        | ErrorCode::OriginRefused
        | ErrorCode::SiteUnknown
        | ErrorCode::MethodNotAllowed
        | ErrorCode::TooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::Misdirected
        | ErrorCode::InvalidSession => Word::Misconfigured,
    }
}

/// What has become of a message or a call.
#[must_use]
pub const fn of_delivery(delivery: DeliveryView, channel: Channel) -> Word {
    if let Some(reason) = delivery.reason {
        return match reason {
            DeliveryReason::Unreachable => Word::Unreachable,
            DeliveryReason::NotTextable => Word::NotTextable,
            DeliveryReason::OptedOut => Word::DeliveryOptedOut,
            DeliveryReason::Blocked => Word::Blocked,
            DeliveryReason::Filtered => Word::Filtered,
            DeliveryReason::NotServed => Word::NotServed,
            DeliveryReason::Busy => Word::LineBusy,
            DeliveryReason::NoAnswer => Word::NoAnswer,
            DeliveryReason::Sender => Word::SenderAtFault,
        };
    }
    match (delivery.state, channel) {
        (DeliveryState::Sending | DeliveryState::Accepted, Channel::Sms) => Word::TextOnItsWay,
        (DeliveryState::Sending | DeliveryState::Accepted, Channel::Call) => Word::CallOnItsWay,
        (DeliveryState::Delivered, Channel::Sms) => Word::TextDelivered,
        (DeliveryState::Delivered, Channel::Call) => Word::CallDelivered,
        (DeliveryState::Unknown, _) => Word::DeliveryUnknown,
        (DeliveryState::NotSent, _) => Word::SenderAtFault,
        (DeliveryState::Undelivered | DeliveryState::Rejected, _) => Word::NotDelivered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_in_seconds_and_minutes() {
        let english = Language::default();
        assert_eq!(english.wait(0), "in 0 s");
        assert_eq!(english.wait(59), "in 59 s");
        assert_eq!(english.wait(125), "in 2 min 5 s");
    }

    #[test]
    fn numbers_and_forms_follow_the_texts_where_the_locale_is_of_another_language() {
        let tongue = |locale: &str, text: &str| {
            let language = Language {
                words: Words::new(text.to_owned()),
                locale: locale.to_owned(),
            };
            language.tongue().to_owned()
        };
        assert_eq!(tongue("ar-EG", "ar\nrtl"), "ar-EG");
        assert_eq!(tongue("zh-TW", "zh-Hant\n"), "zh-TW");
        assert_eq!(tongue("fa-IR", "en\n"), "en");
        assert_eq!(tongue("no", "nb\n"), "nb");
    }
}
