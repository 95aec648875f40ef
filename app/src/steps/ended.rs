use super::{Button, when};
use crate::controller::Controller;
use crate::parts::Part;
use crate::words::Word;

/// An end that is not the good one; why it ended is in the status region.
pub(super) fn ended_step(controller: Controller) -> Part {
    let start_again = Button {
        word: Word::StartAgain,
        id: "again",
        class: "pv-button pv-primary",
        note: "",
        held: |model| when(model.options.disabled),
        wait: |_| String::new(),
        described_by: |model| Some(model.id("status")),
        press: |controller, _| controller.change_number(),
    };
    controller
        .part("div", "pv-step")
        .with(start_again.row(controller, "pv-main"))
}
