//! What the user reads of phone-verify's answers.

use crate::page::CodeStep;
use phone_verify_app::words::{self, Language, Word, fill};
use phone_verify_domain::{ApiError, Channel, ErrorCode, View};

/// A refusal, in words.
pub(super) fn refusal(error: &ApiError, about: Option<&View>) -> String {
    let english = Language::default();
    let view = error.verification.as_deref().or(about);
    let digits = view.map_or(6, |view| view.code_length);
    let mut text = english.counted(words::of_error(error.code), digits.into());
    if let (ErrorCode::WrongCode, Some(view)) = (error.code, view) {
        text.push(' ');
        text.push_str(&english.counted(Word::TriesLeft, view.attempts_left));
    }
    if let Some(seconds) = error.retry_in {
        text.extend([" (", &english.wait(seconds), ")"]);
    }
    text
}

/// A verification that is awaited.
pub(super) fn code_step(view: &View) -> CodeStep {
    let english = Language::default();
    let hint = match view.channel {
        Channel::Sms => Word::EnterPin,
        Channel::Call => Word::EnterCalledPin,
    };
    let digits = english.number(view.code_length.into());
    let delivery = view
        .delivery
        .map(|delivery| words::of_delivery(delivery, view.channel));
    CodeStep {
        hint: fill(english.say(hint), &[("n", &digits), ("to", &view.to)]),
        delivery: delivery
            .map(|word| english.say(word).to_owned())
            .unwrap_or_default(),
        again_in: view.next_sms_in,
        call_in: view.next_call_in,
        check_in: view.next_check_in,
    }
}

/// Too many tries.
pub(super) fn too_many(seconds: u64) -> String {
    format!("Too many tries. Try again {}.", Language::default().wait(seconds))
}
