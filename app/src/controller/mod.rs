//! Ties the state machine to what surrounds it: the fields, the server, the tab's storage, the clock and the page.

#[cfg(feature = "browser")]
mod driver;
mod event;
#[cfg(feature = "browser")]
mod focus;
#[cfg(feature = "browser")]
mod inner;
#[cfg(feature = "browser")]
mod input;
mod model;
#[cfg(not(feature = "browser"))]
mod still;

pub use event::{Event, Listener};
pub(crate) use model::Model;

#[cfg(feature = "browser")]
use crate::browser::acting::Serial;
use crate::gateway::Gateway;
use crate::options::Options;
use crate::words::Language;
use leptos::prelude::*;

/// How the widget looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `auto`, `light` or `dark`; anything else is `auto`.
    pub theme: String,
    /// `normal`, `compact` or `card`; anything else is `normal`.
    pub appearance: String,
}

/// One widget. It lives as long as the reactive owner that it was made under; what comes later finds nothing and does
/// nothing.
#[derive(Clone, Copy)]
pub struct Controller {
    inner: StoredValue<Inner>,
    /// Moves with every change of the model.
    version: RwSignal<u32>,
    #[cfg(feature = "browser")]
    serial: Serial,
}

#[cfg(feature = "browser")]
use inner::Inner;

/// On the server there is nothing but what is shown.
#[cfg(not(feature = "browser"))]
struct Inner {
    model: Model,
}

#[cfg(not(feature = "browser"))]
impl Inner {
    fn new(model: Model, _gateway: Gateway, _listener: Listener) -> Self {
        Self { model }
    }
}

impl Controller {
    /// A widget under the current owner; it does nothing before it is shown. `id` begins the ids of its elements.
    #[must_use]
    pub fn new(
        id: String,
        options: Options,
        look: Look,
        language: Language,
        gateway: Gateway,
        listener: Listener,
    ) -> Self {
        let model = Model::new(id, options, look, language);
        Self {
            inner: StoredValue::new(Inner::new(model, gateway, listener)),
            version: RwSignal::new(0),
            #[cfg(feature = "browser")]
            serial: Serial::next(),
        }
    }

    /// Reads the model, and is called again when it changes.
    pub(crate) fn see<T: Default>(self, read: impl FnOnce(&Model) -> T) -> T {
        self.version.track();
        self.peek(read)
    }

    /// Reads the model.
    pub(crate) fn peek<T: Default>(self, read: impl FnOnce(&Model) -> T) -> T {
        let (mut read, mut result) = (Some(read), T::default());
        self.visit(&mut |inner| {
            if let Some(read) = read.take() {
                result = read(&inner.model);
            }
        });
        result
    }

    /// Has everything that shows the model look at it again.
    #[cfg(feature = "browser")]
    fn redraw(self) {
        self.version
            .try_update(|version| *version = version.wrapping_add(1));
    }

    /// One function for all: reaching into the owner's arena is long, and would be compiled for each.
    #[inline(never)]
    fn visit(self, visitor: &mut dyn FnMut(&mut Inner)) {
        self.inner.try_update_value(|inner| visitor(inner));
    }
}
