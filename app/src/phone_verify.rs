use crate::controller::{Controller, Event, Look, Model};
use crate::gateway::Gateway;
use crate::options::Options;
use crate::steps;
use crate::words::{Language, Words};
use leptos::prelude::*;
use std::sync::Arc;

/// Proves that somebody holds a phone number: asks for the number, has a PIN sent, asks for the PIN.
///
/// ```text
/// <PhoneVerify site_key="demo" gateway=Gateway::Actions name="phone-token" on_event=Callback::new(|event| …)/>
/// ```
#[component]
pub fn PhoneVerify(
    /// The way to the server.
    gateway: Gateway,
    /// What the page asks for, beside the site key; the defaults are those of the attributes.
    #[prop(optional)]
    options: Options,
    /// The site's public key.
    #[prop(into)]
    site_key: String,
    /// The name of a hidden field that holds the token once the number is proved, for an ordinary form.
    #[prop(optional, into)]
    name: Option<String>,
    /// Begins the ids of the component's elements; must differ between components of one page.
    #[prop(default = "phone-verify".to_owned(), into)]
    id: String,
    /// Its texts; English where none are given.
    #[prop(optional)]
    words: Words,
    /// BCP 47, for names and digits; the texts' language where none is given.
    #[prop(optional, into)]
    locale: Option<String>,
    /// Theme and appearance.
    #[prop(optional)]
    look: Look,
    /// Told what happens.
    #[prop(optional)]
    on_event: Option<Callback<Event>>,
) -> impl IntoView {
    let token = RwSignal::new(String::new());
    let listener = Arc::new(move |event: Event| {
        if let Event::Token(now) = &event {
            token.set(now.clone().unwrap_or_default());
        }
        if let Some(on_event) = on_event {
            on_event.run(event);
        }
    });
    let options = Options {
        site_key,
        slot: if options.slot.is_empty() {
            id.clone()
        } else {
            options.slot
        },
        ..options
    };
    let mut language = Language::from(words);
    if let Some(locale) = locale {
        language.locale = locale;
    }
    let controller = Controller::new(id, options, look, language, gateway, listener);
    let field = name.map(|name| view! { <input type="hidden" name=name prop:value=move || token.get() /> });
    view! {
        {widget(controller)}
        {field}
    }
}

/// The widget of this controller.
pub fn widget(controller: Controller) -> AnyView {
    let step = controller.key(|model| model.flow.step() as u32);
    let popup = controller.key(|model| if model.list.open { model.list.searches } else { 0 });
    // Not inside the effect: what is registered there belongs to one run of it.
    on_cleanup(move || controller.end());
    Effect::new(move |begun: Option<()>| {
        step.track();
        popup.track();
        if begun.is_some() {
            // After the elements are there: what draws them may come after this.
            leptos::task::spawn_local(async move { controller.place_focus() });
        } else {
            untrack(|| controller.begin());
        }
    });
    let status = controller
        .part("p", "pv-status")
        .id("status")
        .is("role", "status")
        .is("tabindex", "-1")
        .with(controller.text(Model::status));
    controller
        .part("div", "pv-root")
        .id("root")
        .live("lang", |model| Some(model.language.words.language().to_owned()))
        .live("dir", |model| model.language.words.direction().map(str::to_owned))
        .live("data-state", |model| Some(model.flow.state().as_str().to_owned()))
        .live("data-theme", |model| Some(model.look.theme.clone()))
        .live("data-appearance", |model| Some(model.look.appearance.clone()))
        .with(status)
        .with(controller.switch(step, |controller, step| Some(steps::step(controller, step))))
        .draw()
}
