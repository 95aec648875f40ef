use crate::controller::{Controller, Event, Look};
use crate::flow::Step;
use crate::gateway::Gateway;
use crate::options::Options;
use crate::steps;
use crate::words;
use leptos::prelude::*;

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
    /// BCP 47; the language of names and texts.
    #[prop(default = words::ENGLISH.to_owned(), into)]
    locale: String,
    /// Theme and appearance.
    #[prop(optional)]
    look: Look,
    /// Told what happens.
    #[prop(optional)]
    on_event: Option<Callback<Event>>,
) -> impl IntoView {
    let token = RwSignal::new(String::new());
    let listen = Callback::new(move |event: Event| {
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
    let controller = Controller::new(id, options, look, locale, gateway, listen);
    let field = name.map(|name| view! { <input type="hidden" name=name prop:value=move || token.get() /> });
    view! {
        {widget(controller)}
        {field}
    }
}

/// The widget of this controller.
pub fn widget(controller: Controller) -> impl IntoView + use<> {
    Effect::new(move |begun: Option<()>| {
        if begun.is_none() {
            untrack(|| controller.begin());
        }
    });
    Effect::new(move |_| controller.place_focus());
    let step = move || match controller.step.get() {
        Step::Number => steps::number_step(controller),
        Step::Code => steps::code_step(controller),
        Step::Verified => steps::verified_step(controller),
        Step::Ended => steps::ended_step(controller),
    };
    let status = move || {
        controller
            .flow
            .with(crate::flow::Flow::status)
            .map(|word| controller.text(word)())
    };
    view! {
        <div
            class="pv-root"
            node_ref=controller.fields.root
            lang=move || controller.locale.with(|locale| words::language(locale))
            data-state=move || controller.flow.with(|flow| flow.state().as_str())
            data-theme=move || controller.look.with(|look| look.theme.clone())
            data-appearance=move || controller.look.with(|look| look.appearance.clone())
        >
            <p
                class="pv-status"
                role="status"
                id=controller.element("status")
                tabindex="-1"
                node_ref=controller.fields.status
            >
                {status}
            </p>
            {step}
        </div>
    }
}
