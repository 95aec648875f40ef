//! What the user reads of phone-verify's answers.

use crate::page::CodeStep;
use phone_verify_app::words::{self, Word, fill, number};
use phone_verify_domain::{ApiError, Channel, ErrorCode, View};

/// A refusal, in words.
pub(super) fn refusal(error: &ApiError, about: Option<&View>) -> String {
    let view = error.verification.as_deref().or(about);
    let digits = view.map_or_else(|| "6".to_owned(), |view| number(view.code_length.into()));
    let mut text = fill(words::of_error(error.code).english(), &[("n", &digits)]);
    if let (ErrorCode::WrongCode, Some(view)) = (error.code, view) {
        let word = match view.attempts_left {
            1 => Word::OneTryLeft,
            _ => Word::TriesLeft,
        };
        text.push(' ');
        text.push_str(&fill(word.english(), &[("n", &number(view.attempts_left))]));
    }
    if let Some(seconds) = error.retry_in {
        text.extend([" (", &words::wait(seconds, words::ENGLISH), ")"]);
    }
    text
}

/// A verification that is awaited.
pub(super) fn code_step(view: &View) -> CodeStep {
    let hint = match view.channel {
        Channel::Sms => Word::EnterPin,
        Channel::Call => Word::EnterCalledPin,
    };
    let digits = number(view.code_length.into());
    let delivery = view
        .delivery
        .map(|delivery| words::of_delivery(delivery, view.channel));
    CodeStep {
        hint: fill(hint.english(), &[("n", &digits), ("to", &view.to)]),
        delivery: delivery.map(|word| word.english().to_owned()).unwrap_or_default(),
        again_in: view.next_sms_in,
        call_in: view.next_call_in,
        check_in: view.next_check_in,
    }
}

/// Too many tries.
pub(super) fn too_many(seconds: u64) -> String {
    format!(
        "Too many tries. Try again {}.",
        words::wait(seconds, words::ENGLISH)
    )
}
