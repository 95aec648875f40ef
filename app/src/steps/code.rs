use super::{Button, note_id, problem, problem_id, when};
use crate::controller::{Controller, Model};
use crate::flow::{Field, Wait};
use crate::parts::Part;
use crate::words::Word;

/// The code, and what to do if it does not come.
pub(super) fn code_step(controller: Controller) -> Part {
    let field = controller
        .part("input", "pv-input pv-code")
        .id("code")
        .is("type", "text")
        .is("autocomplete", "one-time-code")
        .is("inputmode", "numeric")
        .is("autocapitalize", "off")
        .is("spellcheck", "false")
        .is("dir", "ltr")
        .is("aria-required", "true")
        .live("aria-invalid", |model| when(model.is_wrong(Field::Code)))
        .live("aria-describedby", problem_id)
        .live("disabled", |model| model.options.disabled.then(String::new))
        .value(|model| model.code.clone())
        .on("input", Controller::on_code_input)
        .on("compositionend", Controller::on_code_input)
        .on("keydown", Controller::on_code_key);
    let label = controller
        .part("label", "pv-label")
        .refers("for", "code")
        .with(controller.word(Word::Pin));
    let verify = Button {
        word: Word::Verify,
        id: "check",
        class: "pv-button pv-primary",
        note: "check-wait",
        held: |model| when(model.is_held() || model.check_wait() != Wait::Over),
        wait: |model| model.wait_note(model.check_wait()),
        described_by: |model| note_id(model, model.check_wait(), "check-wait"),
        press: |controller, _| controller.check(),
    };
    let send_again = Button {
        word: Word::SendAgain,
        id: "again",
        class: "pv-button pv-link",
        note: "again-wait",
        held: |model| when(model.is_held() || model.again_wait() != Wait::Over),
        wait: |model| model.wait_note(model.again_wait()),
        described_by: |model| note_id(model, model.again_wait(), "again-wait"),
        press: |controller, _| controller.send_again(),
    };
    let call_me = Button {
        word: Word::CallMeInstead,
        id: "call",
        class: "pv-button pv-link",
        note: "call-wait",
        held: |model| when(model.is_held() || model.call_wait() != Wait::Over),
        wait: |model| model.wait_note(model.call_wait()),
        described_by: |model| note_id(model, model.call_wait(), "call-wait"),
        press: |controller, _| controller.call(),
    };
    let change_number = Button {
        word: Word::ChangeNumber,
        id: "change",
        class: "pv-button pv-link",
        note: "",
        held: |model| when(model.options.disabled),
        wait: |_| String::new(),
        described_by: |_| None,
        press: |controller, _| controller.change_number(),
    };
    let others = controller
        .part("div", "pv-others")
        .with(send_again.row(controller, "pv-other"))
        .with(call_me.row(controller, "pv-other"))
        .with(change_number.row(controller, "pv-other"));
    controller
        .part("div", "pv-step")
        .with(hint(controller))
        .with(
            controller
                .part("div", "pv-field")
                .with(label)
                .with(field)
                .with(problem(controller)),
        )
        .with(verify.row(controller, "pv-main"))
        .with(others)
}

/// Where the code went; the number is a thing of its own, that reads from left to right in every script.
fn hint(controller: Controller) -> Part {
    controller
        .part("p", "pv-hint")
        .with(controller.text(|model| model.hint().split('{').next().unwrap_or_default().to_owned()))
        .with(
            controller
                .part("bdi", "pv-to")
                .is("dir", "ltr")
                .with(controller.text(Model::masked)),
        )
        .with(controller.text(|model| model.hint().split('{').nth(1).unwrap_or_default().to_owned()))
}
