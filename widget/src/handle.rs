use crate::messages::listener;
use crate::panic;
use js_sys::{Function, Object};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use phone_verify_app::browser::json::{get, string};
use phone_verify_app::words::{Language, Words};
use phone_verify_app::{Controller, Gateway, Look, Options, list, widget};
use phone_verify_domain::Channel;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// One widget in a page, as the loader holds it. Freeing it takes the widget away.
#[wasm_bindgen]
pub struct Handle {
    controller: Controller,
    _mounted: UnmountHandle<AnyViewState>,
}

/// Puts a widget into `parent`, an element or a shadow root. `options` are the attributes in camelCase and `api`, `id`,
/// `slot` and `words`, a language's file; `on_event` is called with the kind of each event and its detail.
#[wasm_bindgen]
#[must_use]
pub fn mount(parent: HtmlElement, options: &Object, on_event: Function) -> Handle {
    let id = string(options, "id").unwrap_or_default();
    let listener = listener(on_event.clone());
    let made = Rc::new(Cell::new(None));
    let (gateway, language) = (gateway(options), language(options));
    let (look, settings) = (look(options), settings(options));
    let tree = parent.clone();
    let mounted = mount_to(parent, {
        let made = Rc::clone(&made);
        move || {
            let controller = Controller::new(id, settings, look, language, gateway, listener);
            panic::watch(controller.serial(), on_event);
            controller.live_in(&tree);
            made.set(Some(controller));
            widget(controller).into_any()
        }
    });
    // `mount_to` calls its closure before it returns.
    let Some(controller) = made.get() else {
        wasm_bindgen::throw_str("not mounted")
    };
    Handle {
        controller,
        _mounted: mounted,
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        panic::forget(self.controller.serial());
    }
}

#[wasm_bindgen]
impl Handle {
    /// Takes changed options over: theme, appearance and locale at once, all others at the next start.
    pub fn configure(&self, options: &Object) {
        self.controller.restyle(language(options), look(options));
        self.controller.configure(settings(options), gateway(options));
    }

    /// Empties everything.
    pub fn reset(&self) {
        self.controller.reset();
    }

    /// Puts the focus where the present step begins.
    pub fn focus(&self) {
        self.controller.focus();
    }
}

fn gateway(options: &JsValue) -> Gateway {
    Gateway::Rest(string(options, "api").unwrap_or_default())
}

/// English unless the loader has brought other words.
fn language(options: &JsValue) -> Language {
    Language {
        words: string(options, "words").map_or(Words::ENGLISH, Words::new),
        locale: string(options, "locale").unwrap_or_default(),
    }
}

fn look(options: &JsValue) -> Look {
    Look {
        theme: string(options, "theme").unwrap_or_default(),
        appearance: string(options, "appearance").unwrap_or_default(),
    }
}

fn settings(options: &JsValue) -> Options {
    let named = |name| string(options, name).filter(|text| !text.is_empty());
    let text = |name| string(options, name).unwrap_or_default();
    Options {
        site_key: text("siteKey"),
        session: named("session"),
        token_nonce: named("tokenNonce"),
        purpose: named("purpose"),
        country: text("country"),
        countries: list(&text("countries")).map(str::to_owned).collect(),
        channels: list(&text("channels")).filter_map(Channel::parse).collect(),
        auto: get(options, "auto").is_truthy(),
        disabled: get(options, "disabled").is_truthy(),
        terms: string(options, "terms"),
        token: named("token"),
        slot: text("slot"),
    }
}
