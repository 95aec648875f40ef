use crate::controller::Controller;
use leptos::prelude::*;

/// The good end: the status region says so; beside it stands the number, as far as it is shown.
pub(crate) fn verified_step(controller: Controller) -> AnyView {
    let to = move || {
        controller
            .flow
            .with(|flow| flow.live().map(|live| live.view.to.clone()))
            .map(|to| view! { <p class="pv-hint"><bdi class="pv-to" dir="ltr">{to}</bdi></p> })
    };
    to.into_any()
}
