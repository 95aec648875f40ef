//! Where the focus goes: with the step, if somebody at this widget brought the step about, and never on load.

use super::Controller;
use crate::flow::Step;
use leptos::prelude::document;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ShadowRoot};

impl Controller {
    /// Where the widget's elements are to be found, if not in the document: an element or a shadow root.
    pub fn live_in(self, tree: &Element) {
        let tree = SendWrapper::new(tree.clone());
        self.visit(&mut |inner| inner.tree = Some(tree.clone()));
    }

    /// Puts the focus where the present step begins.
    pub fn focus(self) {
        let mut place = "number";
        self.visit(&mut |inner| {
            place = match inner.model.flow.step() {
                Step::Number => "number",
                Step::Code => "code",
                Step::Verified => "status",
                Step::Ended => "again",
            };
        });
        if let Some(element) = self.find(place) {
            let _ = element.focus();
        }
    }

    /// One of the widget's elements.
    pub(super) fn find(self, name: &str) -> Option<HtmlElement> {
        let (mut tree, mut selector) = (None, String::new());
        self.visit(&mut |inner| {
            tree.clone_from(&inner.tree);
            selector = ["[id=\"", &inner.model.id(name), "\"]"].concat();
        });
        let tree = match tree {
            Some(tree) => tree.take(),
            None => document().document_element()?,
        };
        tree.query_selector(&selector).ok()??.dyn_into().ok()
    }

    /// Follows what has just been drawn.
    pub(crate) fn place_focus(self) {
        if let Some(search) = self.find("search") {
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
        let root = self.find("root")?;
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
