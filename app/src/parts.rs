//! The elements that the widget is made of.
//!
//! They are built, not written in `view!`: there every element is a type of its own, whose drawing, redrawing and dropping
//! is compiled anew. Here all elements share one type, all live attributes another, and the wasm is half as large.

use crate::controller::{Controller, Model};
use crate::words::Word;
use leptos::ev::Event;
use leptos::html::{custom, input};
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::event::{self, on};
use leptos::tachys::html::property::prop;
use leptos::tachys::view::iterators::StaticVec;

/// An element to be.
pub(crate) struct Part {
    controller: Controller,
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

impl Controller {
    /// An element.
    pub(crate) fn part(self, tag: &'static str, class: &str) -> Part {
        Part {
            controller: self,
            tag,
            attributes: Vec::new(),
            children: Vec::new(),
        }
        .is("class", class)
    }

    /// A text that follows what there is to be seen.
    pub(crate) fn text(self, read: fn(&Model) -> String) -> AnyView {
        self.line(Word::Country, read, true)
    }

    /// A text of the widget, in its language.
    pub(crate) fn word(self, word: Word) -> AnyView {
        self.line(word, |_| String::new(), false)
    }

    fn line(self, word: Word, read: fn(&Model) -> String, reads: bool) -> AnyView {
        (move || {
            self.see(|model| {
                if reads {
                    read(model)
                } else {
                    model.say(word).to_owned()
                }
            })
        })
        .into_any()
    }

    /// What is drawn anew whenever `key` is another.
    pub(crate) fn switch(self, key: Memo<u32>, draw: fn(Controller, u32) -> Option<Part>) -> AnyView {
        (move || draw(self, key.get()).map(Part::draw)).into_any()
    }

    /// A number that stands for something in the model; equal numbers stand for the same.
    pub(crate) fn key(self, key: fn(&Model) -> u32) -> Memo<u32> {
        Memo::new(move |_| self.see(key))
    }
}

impl Part {
    /// Sets an attribute for good.
    pub(crate) fn is(mut self, name: &'static str, value: &str) -> Self {
        self.attributes
            .push(custom_attribute(name, value.to_owned()).into_any_attr());
        self
    }

    /// Sets an attribute that follows what there is to be seen; without a value it is not there.
    pub(crate) fn live(mut self, name: &'static str, read: fn(&Model) -> Option<String>) -> Self {
        let controller = self.controller;
        self.attributes
            .push(custom_attribute(name, move || controller.see(read)).into_any_attr());
        self
    }

    /// The id of one of the widget's elements.
    pub(crate) fn id(self, name: &str) -> Self {
        let id = self.controller.peek(|model| model.id(name));
        self.is("id", &id)
    }

    /// Points to other elements of the widget.
    pub(crate) fn refers(self, attribute: &'static str, name: &str) -> Self {
        let id = self.controller.peek(|model| model.id(name));
        self.is(attribute, &id)
    }

    /// The content of a field.
    pub(crate) fn value(mut self, read: fn(&Model) -> String) -> Self {
        let controller = self.controller;
        self.attributes
            .push(prop("value", move || controller.see(read)).into_any_attr());
        self
    }

    /// What an event does.
    pub(crate) fn on(mut self, name: &'static str, act: fn(Controller, &Event)) -> Self {
        let controller = self.controller;
        let listener = on(event::Custom::<Event>::new(name), move |event: Event| {
            act(controller, &event);
        });
        self.attributes.push(listener.into_any_attr());
        self
    }

    /// Puts a text into it that does not change.
    pub(crate) fn says(mut self, text: String) -> Self {
        self.children.push(text.into_any());
        self
    }

    /// Puts something into it.
    pub(crate) fn with(mut self, child: impl IntoChild) -> Self {
        self.children.push(child.into_child());
        self
    }

    /// The element itself.
    pub(crate) fn draw(self) -> AnyView {
        if self.tag == "input" {
            // The one element here that has no end tag when it is written.
            input().add_any_attr(self.attributes).into_any()
        } else {
            custom(self.tag)
                .add_any_attr(self.attributes)
                .child(StaticVec::from(self.children))
                .into_any()
        }
    }
}

/// What may stand in an element.
pub(crate) trait IntoChild {
    /// It.
    fn into_child(self) -> AnyView;
}

impl IntoChild for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl IntoChild for Part {
    fn into_child(self) -> AnyView {
        self.draw()
    }
}
