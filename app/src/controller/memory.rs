use super::Event;
use crate::browser::storage::Record;
use crate::gateway::Gateway;
use crate::options::Options;
use futures::future::AbortHandle;
use leptos::leptos_dom::helpers::{IntervalHandle, TimeoutHandle};
use leptos::prelude::Callback;
use phone_verify_domain::Timestamp;

/// What one widget keeps to itself.
pub(super) struct Memory {
    pub(super) gateway: Gateway,
    pub(super) on_event: Callback<Event>,
    /// What holds from the next start on.
    pub(super) next: Option<(Options, Gateway)>,
    /// What outlives a reload.
    pub(super) record: Record,
    /// The request that the user waits for.
    pub(super) task: Option<(AbortHandle, TimeoutHandle)>,
    /// A look at how things stand that nobody waits for.
    pub(super) look: Option<AbortHandle>,
    /// Redraws what time changes.
    pub(super) timer: Option<IntervalHandle>,
    /// When the last sending was, and how many looks followed it.
    pub(super) looks: (Timestamp, usize),
    /// Counts beginnings, so that what belongs to an earlier one is not told to the page any more.
    pub(super) epoch: u32,
    /// Whether the focus must follow the step.
    pub(super) aim: bool,
    /// Whether this verification's code was checked without being asked.
    pub(super) checked_by_itself: bool,
}

impl Memory {
    pub(super) fn new(gateway: Gateway, on_event: Callback<Event>) -> Self {
        Self {
            gateway,
            on_event,
            next: None,
            record: Record::default(),
            task: None,
            look: None,
            timer: None,
            looks: (Timestamp::from_millis(0), 0),
            epoch: 0,
            aim: false,
            checked_by_itself: false,
        }
    }

    /// Gives up whatever is under way.
    pub(super) fn abort(&mut self) {
        if let Some((task, timeout)) = self.task.take() {
            task.abort();
            timeout.clear();
        }
        if let Some(look) = self.look.take() {
            look.abort();
        }
    }
}
