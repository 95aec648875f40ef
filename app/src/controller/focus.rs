//! Where the focus goes: with the step, if somebody at this widget brought the step about, and never on load.

use super::Controller;
use crate::flow::Step;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

impl Controller {
    /// Puts the focus where the present step begins.
    pub fn focus(self) {
        let place = self.peek(|model| match model.flow.step() {
            Step::Number => "input[type=tel]",
            Step::Code => ".pv-code",
            Step::Verified => ".pv-status",
            Step::Ended => ".pv-primary",
        });
        if let Some(element) = self.find(place) {
            let _ = element.focus();
        }
    }

    /// One of the widget's elements.
    pub(super) fn find(self, selector: &str) -> Option<HtmlElement> {
        self.element()?.query_selector(selector).ok()??.dyn_into().ok()
    }

    fn element(self) -> Option<HtmlElement> {
        self.root.try_get_untracked()??.dyn_into().ok()
    }

    /// Follows what has just been drawn.
    pub(crate) fn place_focus(self) {
        if let Some(search) = self.find(".pv-search") {
            let _ = search.focus();
            self.show_active();
            return;
        }
        let mut aim = false;
        self.visit(&mut |inner| {
            if !inner.model.flow.is_busy() {
                aim = std::mem::take(&mut inner.aim);
            }
        });
        if aim {
            self.focus_if_ours();
        }
    }

    /// Moves the focus unless it has gone to another part of the page meanwhile.
    pub(super) fn focus_if_ours(self) {
        if self.focus_is_elsewhere() != Some(true) {
            self.focus();
        }
    }

    fn focus_is_elsewhere(self) -> Option<bool> {
        let root = self.element()?;
        let document = root.owner_document()?;
        let (outer, body) = (document.active_element()?, document.body()?);
        if outer.is_same_node(Some(&body)) {
            return Some(false);
        }
        Some(match root.get_root_node().dyn_into::<ShadowRoot>() {
            Ok(shadow) => shadow.active_element().is_none(),
            Err(_) => !root.contains(Some(&outer)),
        })
    }
}
