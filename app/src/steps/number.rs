use super::country::country_field;
use super::{Button, on_enter, problem_id, problem_note, wait_note};
use crate::controller::Controller;
use crate::flow::{Field, Wait};
use crate::words::Word;
use leptos::prelude::*;

/// Country, number, *Get PIN*.
pub(crate) fn number_step(controller: Controller) -> AnyView {
    let field = controller.element("number");
    let wait = controller.element("start-wait");
    let terms = controller.element("terms");
    let described_by = {
        let (wait, terms) = (wait.clone(), terms.clone());
        Signal::derive(move || {
            let waits = controller.start_wait() != Wait::Over;
            let terms_there = controller.options.with(|options| options.terms.is_some());
            match (waits, terms_there) {
                (true, true) => Some([wait.as_str(), " ", &terms].concat()),
                (true, false) => Some(wait.clone()),
                (false, true) => Some(terms.clone()),
                (false, false) => None,
            }
        })
    };
    let consent = move || {
        let text = controller.options.with(|options| options.terms.clone())?;
        let text = if text.is_empty() {
            controller.text(Word::Terms)().to_owned()
        } else {
            text
        };
        Some(view! { <p class="pv-terms" id=terms.clone()>{text}</p> })
    };
    view! {
        <div class="pv-step">
            {country_field(controller)}
            <div class="pv-field">
                <label class="pv-label" for=field.clone()>{controller.text(Word::PhoneNumber)}</label>
                <input
                    class="pv-input"
                    id=field
                    node_ref=controller.fields.number
                    type="tel"
                    autocomplete="tel"
                    dir="ltr"
                    aria-required="true"
                    aria-invalid=move || controller.is_wrong(Field::Number).then_some("true")
                    aria-describedby=move || problem_id(controller)
                    disabled=move || controller.options.with(|options| options.disabled)
                    readonly=move || controller.is_held()
                    prop:value=move || controller.number.get()
                    on:input=move |event| controller.number_edited(event_target_value(&event))
                    on:keydown=move |event| on_enter(&event, || controller.get_pin())
                />
                {problem_note(controller)}
            </div>
            <div class="pv-main">
                {Button {
                    word: Word::GetPin,
                    class: "pv-button pv-primary",
                    held: Signal::derive(move || controller.is_held() || controller.start_wait() != Wait::Over),
                    described_by,
                    press: Callback::new(move |()| controller.get_pin()),
                }
                .draw(controller)}
                {wait_note(
                    controller,
                    wait,
                    Signal::derive(move || controller.start_wait()),
                    Signal::stored(Word::NotOffered),
                )}
            </div>
            {consent}
        </div>
    }
    .into_any()
}
