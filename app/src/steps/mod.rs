//! What is on the screen, step by step, and what the steps share.

mod code;
mod country;
mod ended;
mod number;
mod verified;

use crate::controller::{Controller, Model};
use crate::flow::{Step, Wait};
use crate::parts::Part;
use crate::words::Word;
use leptos::ev::Event;

/// Draws a step by its number: [`Step`] as `u32`.
pub(crate) fn step(controller: Controller, step: u32) -> Part {
    if step == Step::Number as u32 {
        number::number_step(controller)
    } else if step == Step::Code as u32 {
        code::code_step(controller)
    } else if step == Step::Verified as u32 {
        verified::verified_step(controller)
    } else {
        ended::ended_step(controller)
    }
}

/// A button and beside it how long it must wait. It stays reachable while it does nothing.
struct Button {
    word: Word,
    id: &'static str,
    class: &'static str,
    /// Names the note beside it; without one there is none.
    note: &'static str,
    /// The value of `aria-disabled`.
    held: fn(&Model) -> Option<String>,
    /// The note's text.
    wait: fn(&Model) -> String,
    /// Ids of what describes it.
    described_by: fn(&Model) -> Option<String>,
    press: fn(Controller, &Event),
}

impl Button {
    fn button(&self, controller: Controller) -> Part {
        controller
            .part("button", self.class)
            .id(self.id)
            .is("type", "button")
            .live("aria-disabled", self.held)
            .live("aria-describedby", self.described_by)
            .on("click", self.press)
            .with(controller.word(self.word))
    }

    /// The button and its note, in a row of this class.
    fn row(self, controller: Controller, class: &str) -> Part {
        let row = controller.part("div", class).with(self.button(controller));
        if self.note.is_empty() {
            return row;
        }
        row.with(
            controller
                .part("span", "pv-wait")
                .id(self.note)
                .with(controller.text(self.wait)),
        )
    }
}

/// The value of an attribute that is either `true` or not there.
fn when(condition: bool) -> Option<String> {
    condition.then(|| "true".to_owned())
}

/// The problem there is, in an alert; it is drawn anew each time, so that it is spoken each time.
fn problem(controller: Controller) -> leptos::prelude::AnyView {
    let count = controller.key(|model| model.flow.problems());
    controller.switch(count, |controller, count| {
        (count > 0).then(|| {
            controller
                .part("p", "pv-problem")
                .id("problem")
                .is("role", "alert")
                .with(controller.text(Model::problem))
        })
    })
}

/// The id of the problem, for the field that it stands below.
fn problem_id(model: &Model) -> Option<String> {
    model.flow.problem().map(|_| model.id("problem"))
}

/// The id of a note, while it says something.
fn note_id(model: &Model, wait: Wait, note: &str) -> Option<String> {
    (wait != Wait::Over).then(|| model.id(note))
}
