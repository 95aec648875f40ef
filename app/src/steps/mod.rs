//! What is on the screen, step by step, and the parts that the steps share.

mod code;
mod country;
mod ended;
mod number;
mod verified;

pub(crate) use code::code_step;
pub(crate) use ended::ended_step;
pub(crate) use number::number_step;
pub(crate) use verified::verified_step;

use crate::controller::Controller;
use crate::flow::Wait;
use crate::words::{self, Word};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// A button that stays reachable while it does nothing: what it waits for stands beside it.
struct Button {
    word: Word,
    class: &'static str,
    held: Signal<bool>,
    /// Ids of what describes it.
    described_by: Signal<Option<String>>,
    press: Callback<()>,
}

impl Button {
    fn draw(self, controller: Controller) -> AnyView {
        self.draw_at(controller, NodeRef::new())
    }

    fn draw_at(self, controller: Controller, node: NodeRef<html::Button>) -> AnyView {
        let Self {
            word,
            class,
            held,
            described_by,
            press,
        } = self;
        view! {
            <button
                type="button"
                node_ref=node
                class=class
                aria-disabled=move || held.get().then_some("true")
                aria-describedby=move || described_by.get()
                on:click=move |_| press.run(())
            >
                {controller.text(word)}
            </button>
        }
        .into_any()
    }
}

/// How long a button must wait, beside it.
fn wait_note(controller: Controller, id: String, wait: Signal<Wait>, never: Signal<Word>) -> AnyView {
    let text = move || match wait.get() {
        Wait::Over => String::new(),
        Wait::Seconds(seconds) => controller.locale.with(|locale| words::wait(seconds, locale)),
        Wait::Never => controller.text(never.get())().to_owned(),
    };
    view! { <span class="pv-wait" id=id>{text}</span> }.into_any()
}

/// What went wrong; it is drawn anew each time, so that it is spoken each time.
fn problem_note(controller: Controller) -> AnyView {
    let problem = Memo::new(move |_| controller.problem());
    let draw = move || {
        problem.get().map(|message| {
            view! { <p class="pv-problem" role="alert" id=controller.element("problem")>{message}</p> }
        })
    };
    draw.into_any()
}

/// The id of the problem, for what it is about.
fn problem_id(controller: Controller) -> Option<String> {
    controller
        .flow
        .with(|flow| flow.problem().is_some())
        .then(|| controller.element("problem"))
}

/// Enter does the widget's step; it never submits the form that the widget is in.
fn on_enter(event: &KeyboardEvent, act: impl FnOnce()) {
    if event.key() == "Enter" {
        event.prevent_default();
        // While characters are being composed Enter chooses among them.
        if !event.is_composing() && !event.repeat() {
            act();
        }
    }
}
