//! Which widget of a page is at work: a panic carries no such thing with it.

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
    static ACTING: Cell<u32> = const { Cell::new(0) };
}

/// Tells the widgets of one page apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial(u32);

impl Serial {
    /// The next widget's.
    #[must_use]
    pub(crate) fn next() -> Self {
        LAST.set(LAST.get() + 1);
        Self(LAST.get())
    }

    /// This widget is at work from here on.
    pub fn acts(self) {
        ACTING.set(self.0);
    }

    /// The widget that was at work last.
    #[must_use]
    pub fn acting() -> Self {
        Self(ACTING.get())
    }
}
