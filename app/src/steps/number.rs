use super::country::country_field;
use super::{Button, note_id, problem, problem_id, when};
use crate::controller::{Controller, Model};
use crate::flow::{Field, Wait};
use crate::parts::Part;
use crate::words::Word;

/// Country, number, *Get PIN*.
pub(super) fn number_step(controller: Controller) -> Part {
    let field = controller
        .part("input", "pv-input")
        .id("number")
        .is("type", "tel")
        .is("autocomplete", "tel")
        .is("dir", "ltr")
        .is("aria-required", "true")
        .live("aria-invalid", |model| when(model.is_wrong(Field::Number)))
        .live("aria-describedby", problem_id)
        .live("disabled", |model| model.options.disabled.then(String::new))
        .live("readonly", |model| model.is_held().then(String::new))
        .value(|model| model.number.clone())
        .on("input", Controller::on_number_input)
        .on("compositionend", Controller::on_number_input)
        .on("keydown", Controller::on_number_key);
    let label = controller
        .part("label", "pv-label")
        .refers("for", "number")
        .with(controller.word(Word::PhoneNumber));
    let get_pin = Button {
        word: Word::GetPin,
        id: "send",
        class: "pv-button pv-primary",
        note: "start-wait",
        held: |model| when(model.is_held() || model.start_wait() != Wait::Over),
        wait: |model| model.wait_note(model.start_wait()),
        described_by,
        press: |controller, _| controller.get_pin(),
    };
    let terms = controller.switch(
        controller.key(|model| model.options.terms.is_some().into()),
        |controller, there| {
            (there != 0).then(|| {
                controller
                    .part("p", "pv-terms")
                    .id("terms")
                    .with(controller.text(Model::terms))
            })
        },
    );
    controller
        .part("div", "pv-step")
        .with(country_field(controller))
        .with(
            controller
                .part("div", "pv-field")
                .with(label)
                .with(field)
                .with(problem(controller)),
        )
        .with(get_pin.row(controller, "pv-main"))
        .with(terms)
}

fn described_by(model: &Model) -> Option<String> {
    let wait = note_id(model, model.start_wait(), "start-wait");
    let terms = model.options.terms.as_ref().map(|_| model.id("terms"));
    match (wait, terms) {
        (Some(wait), Some(terms)) => Some([wait, terms].join(" ")),
        (wait, terms) => wait.or(terms),
    }
}
