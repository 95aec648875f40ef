use super::Button;
use crate::controller::Controller;
use crate::words::Word;
use leptos::prelude::*;

/// An end that is not the good one; why it ended is in the status region.
pub(crate) fn ended_step(controller: Controller) -> AnyView {
    let button = Button {
        word: Word::StartAgain,
        class: "pv-button pv-primary",
        held: Signal::derive(move || controller.options.with(|options| options.disabled)),
        described_by: Signal::stored(Some(controller.element("status"))),
        press: Callback::new(move |()| controller.change_number()),
    };
    view! {
        <div class="pv-step">
            <div class="pv-main">{button.draw_at(controller, controller.fields.start_again)}</div>
        </div>
    }
    .into_any()
}
