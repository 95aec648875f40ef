use super::{Button, on_enter, problem_id, problem_note, wait_note};
use crate::controller::Controller;
use crate::flow::{Field, Wait};
use crate::words::{self, Word};
use leptos::prelude::*;
use phone_verify_domain::Channel;

/// The code, and what to do if it does not come.
pub(crate) fn code_step(controller: Controller) -> AnyView {
    let field = controller.element("code");
    let wait = controller.element("check-wait");
    let described_by = {
        let wait = wait.clone();
        Signal::derive(move || (controller.check_wait() != Wait::Over).then(|| wait.clone()))
    };
    view! {
        <div class="pv-step">
            {hint(controller)}
            <div class="pv-field">
                <label class="pv-label" for=field.clone()>{controller.text(Word::Pin)}</label>
                <input
                    class="pv-input pv-code"
                    id=field
                    node_ref=controller.fields.code
                    type="text"
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    autocapitalize="off"
                    spellcheck="false"
                    dir="ltr"
                    aria-required="true"
                    aria-invalid=move || controller.is_wrong(Field::Code).then_some("true")
                    aria-describedby=move || problem_id(controller)
                    disabled=move || controller.options.with(|options| options.disabled)
                    prop:value=move || controller.code.get()
                    on:input=move |event| {
                        // Characters that are being composed are not touched.
                        if !is_composing(&event) {
                            controller.code_edited(&event_target_value(&event));
                        }
                    }
                    on:compositionend=move |event| controller.code_edited(&event_target_value(&event))
                    on:keydown=move |event| on_enter(&event, || controller.check())
                />
                {problem_note(controller)}
            </div>
            <div class="pv-main">
                {Button {
                    word: Word::Verify,
                    class: "pv-button pv-primary",
                    held: Signal::derive(move || controller.is_held() || controller.check_wait() != Wait::Over),
                    described_by,
                    press: Callback::new(move |()| controller.check()),
                }
                .draw(controller)}
                {wait_note(
                    controller,
                    wait,
                    Signal::derive(move || controller.check_wait()),
                    Signal::stored(Word::TooManyRequests),
                )}
            </div>
            <div class="pv-others">
                {send(controller, Word::SendAgain, "sms-wait", controller.options.with_untracked(|options| options.first_channel()))}
                {send(controller, Word::CallMeInstead, "call-wait", Channel::Call)}
                <div class="pv-other">
                    {Button {
                        word: Word::ChangeNumber,
                        class: "pv-button pv-link",
                        held: Signal::derive(move || controller.options.with(|options| options.disabled)),
                        described_by: Signal::stored(None),
                        press: Callback::new(move |()| controller.change_number()),
                    }
                    .draw(controller)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Where the code went; the number is a thing of its own, that reads from left to right in every script.
fn hint(controller: Controller) -> AnyView {
    let parts = move || {
        let (channel, to, length) = controller.flow.with(|flow| {
            flow.live()
                .map(|live| (live.view.channel, live.view.to.clone(), live.view.code_length))
        })?;
        let word = match channel {
            Channel::Sms => Word::EnterPin,
            Channel::Call => Word::EnterCalledPin,
        };
        let text = controller.text(word)();
        let (before, after) = text.split_once("{to}").unwrap_or((text, ""));
        let length = length.to_string();
        let put = |part| words::fill(part, &[("n", &length)]);
        Some(view! { {put(before)} <bdi class="pv-to" dir="ltr">{to}</bdi> {put(after)} })
    };
    view! { <p class="pv-hint">{parts}</p> }.into_any()
}

/// A further sending, and when it is possible.
fn send(controller: Controller, word: Word, note: &'static str, channel: Channel) -> AnyView {
    let id = controller.element(note);
    let wait = Signal::derive(move || controller.send_wait(channel));
    let never = Signal::derive(move || {
        let spent = controller
            .flow
            .with(|flow| flow.live().is_some_and(|live| live.view.sends_left == 0));
        if spent {
            Word::NoMoreSends
        } else {
            Word::NotOffered
        }
    });
    let described_by = {
        let id = id.clone();
        Signal::derive(move || (wait.get() != Wait::Over).then(|| id.clone()))
    };
    let button = Button {
        word,
        class: "pv-button pv-link",
        held: Signal::derive(move || controller.is_held() || wait.get() != Wait::Over),
        described_by,
        press: Callback::new(move |()| controller.resend(channel)),
    };
    view! {
        <div class="pv-other">{button.draw(controller)} {wait_note(controller, id, wait, never)}</div>
    }
    .into_any()
}

#[cfg(feature = "browser")]
fn is_composing(event: &leptos::ev::Event) -> bool {
    use wasm_bindgen::JsCast;

    event
        .dyn_ref::<web_sys::InputEvent>()
        .is_some_and(web_sys::InputEvent::is_composing)
}

#[cfg(not(feature = "browser"))]
fn is_composing(_event: &leptos::ev::Event) -> bool {
    false
}
