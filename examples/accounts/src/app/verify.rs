use super::parts::{Field, NUMBER, PostForm, alert};
use super::pin::PinForm;
use crate::actions::{Finished, finish_proof};
use crate::page::Proving;
use leptos::prelude::*;
use leptos::task::spawn_local;
use phone_verify_app::{Event, Gateway, Options, PhoneVerify};

/// `/verify`: a plain form, whose place the component takes as soon as scripts run, unless a PIN is awaited already.
#[component]
pub(super) fn VerifyPage(proving: Proving, problem: Option<String>, once: String) -> impl IntoView {
    let component = RwSignal::new(false);
    let number = StoredValue::new(proving.number.clone());
    if proving.code.is_none() {
        Effect::new(move |_| {
            if let Some(typed) = typed() {
                number.set_value(typed);
            }
            component.set(true);
        });
    }
    let Proving {
        site_key,
        session,
        number: first,
        code,
    } = proving;
    let form = move || match code.clone() {
        Some(code) => {
            view! { <PinForm action="/verify" code once=once.clone() changeable=true /> }.into_any()
        }
        None => view! { <NumberForm number=first.clone() once=once.clone() /> }.into_any(),
    };
    let content = move || {
        if component.get() {
            let (site_key, session) = (site_key.clone(), session.clone());
            view! { <Component site_key session number=number.get_value() /> }.into_any()
        } else {
            form()
        }
    };
    view! {
        {alert(problem)}
        {content}
        <PostForm action="/logout">
            <button class="pv-button pv-link" type="submit">"Log out"</button>
        </PostForm>
    }
}

#[component]
fn NumberForm(number: String, once: String) -> impl IntoView {
    view! {
        <PostForm action="/verify">
            <input type="hidden" name="once" value=once />
            <Field name="phone_number" label="Phone number" kind=NUMBER value=number />
            <div class="pv-main">
                <button class="pv-button pv-primary" type="submit" name="do" value="start">"Get PIN"</button>
            </div>
        </PostForm>
    }
}

/// The component of phone-verify, bound to this user by the session.
#[component]
fn Component(site_key: String, session: String, number: String) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let on_event = Callback::new(move |event: Event| {
        // The token itself stays here: the server knows what was proved in its session.
        if let Event::Token(Some(_)) = event {
            spawn_local(async move {
                match finish_proof().await {
                    Ok(Finished::Held) => go_on("/dashboard"),
                    Ok(Finished::Refused(why)) => refused.set(Some(why)),
                    Err(_) => refused.set(Some("The server does not answer.".to_owned())),
                }
            });
        }
    });
    let options = Options {
        // What another session has begun in this tab is none of this one's.
        slot: session.clone(),
        session: Some(session),
        phone_number: number,
        ..Options::default()
    };
    let again = move || {
        refused.get().map(|why| {
            view! {
                <p class="pv-problem" role="alert">{why}</p>
                <p><a href="/verify">"Start again"</a></p>
            }
        })
    };
    view! {
        <PhoneVerify gateway=Gateway::Actions options=options site_key=site_key on_event=on_event />
        <div class="pv-root ac-form" data-theme="auto" data-appearance="normal">{again}</div>
    }
}

/// What somebody has typed before the scripts ran.
#[cfg(feature = "hydrate")]
fn typed() -> Option<String> {
    use wasm_bindgen::JsCast as _;

    let field = document().get_element_by_id("phone_number")?;
    let field: web_sys::HtmlInputElement = field.dyn_into().ok()?;
    Some(field.value())
}

#[cfg(not(feature = "hydrate"))]
const fn typed() -> Option<String> {
    None
}

#[cfg(feature = "hydrate")]
fn go_on(address: &str) {
    let _ = window().location().assign(address);
}

#[cfg(not(feature = "hydrate"))]
const fn go_on(_: &str) {}
