use super::country::country_field;
use super::{PlainAction, PlainForm, PlainStep};
use crate::words::{self, Language, Word, fill};
use leptos::prelude::*;
use phone_verify_domain::{ApiError, Channel, ErrorCode, View};

/// The form of this step.
pub(super) fn form(form: &PlainForm, language: &Language) -> AnyView {
    let action = form.action.clone();
    let carried = carried(form);
    let step = match &form.step {
        PlainStep::Number => number_step(form, language).into_any(),
        PlainStep::Code(view) => code_step(form, view, language).into_any(),
        PlainStep::Verified { token } => verified_step(token.clone(), language).into_any(),
        PlainStep::Ended => ended_step(form, language).into_any(),
    };
    view! {
        <form class="pv-root" method="post" action=action data-theme="auto" data-appearance="normal">
            {carried}
            {step}
        </form>
    }
    .into_any()
}

/// What the next request needs and nobody types.
fn carried(form: &PlainForm) -> impl IntoView + use<> {
    let mut fields = vec![("nonce", form.nonce.clone())];
    if !matches!(form.step, PlainStep::Number) {
        fields.push(("phone_number", form.phone_number.clone()));
        fields.push(("country", form.country.clone()));
    }
    if matches!(form.step, PlainStep::Code(_)) {
        fields.push(("id", form.id.clone()));
        fields.push(("client_secret", form.client_secret.clone()));
    }
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
}

fn number_step(form: &PlainForm, language: &Language) -> impl IntoView + use<> {
    let say = |word| language.say(word).to_owned();
    let problem = form.problem.as_ref().map(|error| message(error, None, language));
    let wrong = problem.is_some();
    view! {
        {country_field(form, language)}
        <div class="pv-field">
            <label class="pv-label" for="number">{say(Word::PhoneNumber)}</label>
            <input
                class="pv-input"
                id="number"
                name="phone_number"
                type="tel"
                autocomplete="tel"
                dir="ltr"
                required
                maxlength="64"
                value=form.phone_number.clone()
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then_some("problem")
            />
            {alert(problem)}
        </div>
        <div class="pv-main">{button(PlainAction::Start, say(Word::GetPin), "pv-button pv-primary", false)}</div>
    }
}

fn code_step(form: &PlainForm, view: &View, language: &Language) -> impl IntoView + use<> {
    let problem = form
        .problem
        .as_ref()
        .map(|error| message(error, Some(view), language));
    let wrong = problem.is_some();
    let say = |word| language.say(word).to_owned();
    let digits = language.number(view.code_length.into());
    let hint = match view.channel {
        Channel::Sms => Word::EnterPin,
        Channel::Call => Word::EnterCalledPin,
    };
    let hint = fill(language.say(hint), &[("n", &digits), ("to", &view.to)]);
    let delivery = view
        .delivery
        .map(|delivery| say(words::of_delivery(delivery, view.channel)));
    let first = form.channels.first().copied().unwrap_or(Channel::Sms);
    let again = [
        (PlainAction::SendAgain, Word::SendAgain, first),
        (PlainAction::Call, Word::CallMeInstead, Channel::Call),
    ]
    .map(|(action, word, channel)| {
        let wait = match channel {
            Channel::Sms => view.next_sms_in,
            Channel::Call => view.next_call_in,
        };
        let note = match wait {
            Some(seconds) => waiting(Some(seconds), language),
            None if view.sends_left == 0 => say(Word::NoMoreSends),
            None => say(Word::NotOffered),
        };
        other(action, say(word), wait.is_none(), note)
    });
    view! {
        <p class="pv-hint">{hint}</p>
        <p class="pv-status" role="status">{delivery}</p>
        <div class="pv-field">
            <label class="pv-label" for="code">{say(Word::Pin)}</label>
            <input
                class="pv-input pv-code"
                id="code"
                name="code"
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                dir="ltr"
                maxlength="32"
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then_some("problem")
            />
            {alert(problem)}
        </div>
        <div class="pv-main">
            {button(PlainAction::Check, say(Word::Verify), "pv-button pv-primary", false)}
            <span class="pv-wait">{waiting(view.next_check_in, language)}</span>
        </div>
        <div class="pv-others">
            {again.into_iter().collect_view()}
            {other(PlainAction::Change, say(Word::ChangeNumber), false, String::new())}
            <div class="pv-other">
                <button class="pv-button pv-link" type="submit" name=PlainAction::FIELD value=PlainAction::Look.as_str()>
                    {say(Word::Refresh)}
                </button>
            </div>
        </div>
    }
}

fn verified_step(token: Option<String>, language: &Language) -> impl IntoView + use<> {
    let token = token.map(|token| {
        view! {
            <div class="pg-result">
                <h2>"What your page gets"</h2>
                <pre class="pg-code" tabindex="0" aria-label="Token">{token}</pre>
            </div>
        }
    });
    view! {
        <p class="pv-success" role="status">{language.say(Word::PhoneNumberVerified).to_owned()}</p>
        {token}
    }
}

fn ended_step(form: &PlainForm, language: &Language) -> impl IntoView + use<> {
    let problem = form.problem.as_ref().map(|error| message(error, None, language));
    view! {
        {alert(problem)}
        <div class="pv-main">{button(PlainAction::Change, language.say(Word::StartAgain).to_owned(), "pv-button pv-primary", false)}</div>
    }
}

fn other(action: PlainAction, word: String, never: bool, note: String) -> impl IntoView {
    view! {
        <div class="pv-other">
            {button(action, word, "pv-button pv-link", never)}
            <span class="pv-wait">{note}</span>
        </div>
    }
}

fn button(action: PlainAction, word: String, class: &'static str, never: bool) -> impl IntoView {
    view! {
        <button class=class type="submit" name=PlainAction::FIELD value=action.as_str() disabled=never>
            {word}
        </button>
    }
}

fn alert(text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <p class="pv-problem" id="problem" role="alert">{text}</p> })
}

/// How long one must wait, where one must.
fn waiting(seconds: Option<u64>, language: &Language) -> String {
    seconds
        .filter(|seconds| *seconds > 0)
        .map(|seconds| language.wait(seconds))
        .unwrap_or_default()
}

/// What went wrong, how often one may still try, and when.
fn message(error: &ApiError, view: Option<&View>, language: &Language) -> String {
    let digits = view.map_or(0, |view| view.code_length);
    let mut text = language.counted(words::of_error(error.code), digits.into());
    if let (ErrorCode::WrongCode, Some(view)) = (error.code, view) {
        text.push(' ');
        text.push_str(&language.counted(Word::TriesLeft, view.attempts_left));
    }
    if let Some(seconds) = error.retry_in {
        text.extend([" (", &language.wait(seconds), ")"]);
    }
    text
}
