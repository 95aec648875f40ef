//! A panic ends the widget that it happened in; its page is told, the page's other widgets go on.

use js_sys::Function;
use phone_verify_app::browser::acting::Serial;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static LISTENERS: RefCell<Vec<(Serial, Function)>> = const { RefCell::new(Vec::new()) };
}

/// Has `on_event` told, by the kind `panic`, when this widget panics.
pub(crate) fn watch(widget: Serial, on_event: Function) {
    LISTENERS.with_borrow_mut(|listeners| listeners.push((widget, on_event)));
}

/// The widget is gone.
pub(crate) fn forget(widget: Serial) {
    LISTENERS.with_borrow_mut(|listeners| listeners.retain(|(other, _)| *other != widget));
}

/// What every panic does, and nothing else: the build has it called where the panic begins (`xtask/src/wasm/ending.rs`), in place of
/// a hook.
#[wasm_bindgen]
pub fn panicked() {
    report(Serial::acting());
}

fn report(widget: Serial) {
    let listener = LISTENERS.with(|listeners| {
        let listeners = listeners.try_borrow().ok()?;
        let (_, on_event) = listeners.iter().find(|(other, _)| *other == widget)?;
        Some(on_event.clone())
    });
    if let Some(on_event) = listener {
        let _ = on_event.call1(&JsValue::UNDEFINED, &JsValue::from_str("panic"));
    }
}
