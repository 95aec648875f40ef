use super::parts::{Field, Kind, PostForm, Submit, alert};
use super::pin::PinForm;
use crate::page::CodeStep;
use leptos::prelude::*;

const RECOVERY: Kind = Kind {
    input: "text",
    complete: "off",
    longest: "64",
    shortest: None,
    optional: false,
};

/// `/second-step`: a PIN by the channel chosen, or a recovery code. Nothing here says whose log-in it is.
#[component]
pub(super) fn SecondStepPage(
    to: Option<String>,
    code: Option<CodeStep>,
    problem: Option<String>,
    once: String,
) -> impl IntoView {
    let pin = match (code, to) {
        (Some(code), _) => view! { <PinForm action="/second-step" code once /> }.into_any(),
        (None, Some(to)) => view! { <ChannelForm to once /> }.into_any(),
        (None, None) => view! { <p>"This account has no phone number any more."</p> }.into_any(),
    };
    view! {
        {alert(problem)}
        {pin}
        <details class="ac-more">
            <summary>"The phone is not at hand"</summary>
            <PostForm action="/recovery">
                <Field name="recovery_code" label="Recovery code" kind=RECOVERY hint="Each of them works once." />
                <Submit label="Use recovery code" />
            </PostForm>
        </details>
        <PostForm action="/logout">
            <button class="pv-button pv-link" type="submit">"Cancel"</button>
        </PostForm>
    }
}

#[component]
fn ChannelForm(to: String, once: String) -> impl IntoView {
    view! {
        <PostForm action="/second-step">
            <input type="hidden" name="once" value=once />
            <p class="pv-hint">{format!("A one-time code goes to {to}.")}</p>
            <fieldset class="ac-choice">
                <legend class="pv-label">"How shall it be sent?"</legend>
                <label><input type="radio" name="channel" value="sms" checked /> "Text message"</label>
                <label><input type="radio" name="channel" value="call" /> "Voice call"</label>
            </fieldset>
            <div class="pv-main">
                <button class="pv-button pv-primary" type="submit" name="do" value="start">"Get PIN"</button>
            </div>
        </PostForm>
    }
}
