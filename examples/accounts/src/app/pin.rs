//! A PIN that is awaited.

use super::parts::PostForm;
use crate::page::CodeStep;
use leptos::prelude::*;
use std::time::Duration;

/// The form of a PIN that was sent: check it, have it sent again, or told by a call.
#[component]
pub(super) fn PinForm(
    /// Where it is posted to.
    action: &'static str,
    code: CodeStep,
    /// Makes the same press one request.
    once: String,
    /// Whether another number can be taken instead.
    #[prop(optional)]
    changeable: bool,
) -> impl IntoView {
    let CodeStep {
        hint,
        delivery,
        again_in,
        call_in,
        check_in,
    } = code;
    let passed = passed();
    let wait = move |until: Option<u64>| {
        move || match until.map(|seconds| seconds.saturating_sub(passed.get())) {
            None => "not available".to_owned(),
            Some(0) => String::new(),
            Some(seconds) => format!("in {seconds} s"),
        }
    };
    let change = changeable
        .then(|| view! { <Other value="change" label="Change number" note=String::new never=false /> });
    view! {
        <PostForm action=action>
            <input type="hidden" name="once" value=once />
            <p class="pv-hint">{hint}</p>
            <p class="pv-status" role="status">{delivery}</p>
            <div class="pv-field">
                <label class="pv-label" for="code">"PIN"</label>
                <input
                    class="pv-input pv-code"
                    id="code"
                    name="code"
                    type="text"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    dir="ltr"
                    maxlength="32"
                />
            </div>
            <div class="pv-main">
                <button class="pv-button pv-primary" type="submit" name="do" value="check">"Verify"</button>
                <span class="pv-wait">{wait(check_in)}</span>
            </div>
            <div class="pv-others">
                <Other value="again" label="Send again" note=wait(again_in) never=again_in.is_none() />
                <Other value="call" label="Call me instead" note=wait(call_in) never=call_in.is_none() />
                {change}
            </div>
        </PostForm>
    }
}

#[component]
fn Other<F>(value: &'static str, label: &'static str, note: F, never: bool) -> impl IntoView
where
    F: Fn() -> String + Send + 'static,
{
    view! {
        <div class="pv-other">
            <button class="pv-button pv-link" type="submit" name="do" value=value disabled=never>{label}</button>
            <span class="pv-wait">{note}</span>
        </div>
    }
}

/// Seconds since the page was there; without scripts it stays at none.
fn passed() -> ReadSignal<u64> {
    let (passed, set_passed) = signal(0);
    Effect::new(move |_| {
        let timer = set_interval_with_handle(
            move || set_passed.update(|passed| *passed += 1),
            Duration::from_secs(1),
        );
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    passed
}
