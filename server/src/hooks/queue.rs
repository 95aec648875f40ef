use super::{Event, Hook};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::watch;

/// Events that wait for a hook at most; further ones are lost, and the log says so: a hook that hangs shall not fill the memory.
const WAITING: usize = 65_536;

/// The way to a hook, if there is one; clones are the same way.
#[derive(Clone, Default)]
pub struct Hooks(Option<Arc<Queue>>);

struct Queue {
    events: SyncSender<Event>,
    /// How many wait, the one that is being told included.
    waiting: watch::Sender<usize>,
    is_full: AtomicBool,
    wants_numbers: bool,
}

impl Hooks {
    /// Starts the thread on which `hook` is told. It ends when nothing can be raised any more and all is told.
    ///
    /// # Errors
    /// The system's, where it starts no thread.
    pub fn start(hook: Arc<dyn Hook>) -> io::Result<Self> {
        Self::with_room_for(WAITING, hook)
    }

    fn with_room_for(room: usize, hook: Arc<dyn Hook>) -> io::Result<Self> {
        let (events, told) = sync_channel(room);
        let waiting = watch::Sender::new(0);
        let queue = Queue {
            events,
            waiting: waiting.clone(),
            is_full: AtomicBool::new(false),
            wants_numbers: hook.wants_numbers(),
        };
        let thread = std::thread::Builder::new().name("hook".to_owned());
        thread.spawn(move || tell(&*hook, &told, &waiting))?;
        Ok(Self(Some(Arc::new(queue))))
    }

    /// Raises an event, which must be committed. It is not made where nobody hears it; `event` is told whether it shall carry
    /// the number.
    pub(crate) fn raise(&self, event: impl FnOnce(bool) -> Event) {
        let Some(queue) = &self.0 else { return };
        // Counted before it can be told, and so never below nothing.
        queue.waiting.send_modify(|waiting| *waiting += 1);
        if queue.events.try_send(event(queue.wants_numbers)).is_ok() {
            queue.is_full.store(false, Ordering::Relaxed);
            return;
        }
        queue.waiting.send_modify(|waiting| *waiting -= 1);
        if !queue.is_full.swap(true, Ordering::Relaxed) {
            tracing::error!("events are lost: the hook is too far behind");
        }
    }

    /// Whether anybody hears of events.
    pub(crate) const fn are_heard(&self) -> bool {
        self.0.is_some()
    }

    /// Waits until all is told.
    pub async fn idle(&self) {
        if let Some(queue) = &self.0 {
            // The sender lives in `self`, so waiting cannot fail.
            let _ = queue.waiting.subscribe().wait_for(|waiting| *waiting == 0).await;
        }
    }
}

fn tell(hook: &dyn Hook, events: &Receiver<Event>, waiting: &watch::Sender<usize>) {
    for event in events {
        let told = catch_unwind(AssertUnwindSafe(|| hook.event(&event)));
        if told.is_err() {
            tracing::error!(event = event.name(), "the hook panicked");
        }
        waiting.send_modify(|waiting| *waiting -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{BudgetState, Money};
    use crate::hooks::BudgetEvent;
    use phone_verify_domain::Timestamp;
    use std::sync::Mutex;

    /// Remembers when what it heard of was, and hangs or panics where that is so.
    struct Odd {
        heard: Mutex<Vec<i64>>,
        gate: Mutex<()>,
    }

    impl Hook for Odd {
        fn event(&self, event: &Event) {
            drop(self.gate.lock());
            let Event::BudgetWarning(event) = event else {
                return;
            };
            assert!(event.at.as_millis() != 1, "on purpose");
            self.heard.lock().unwrap().push(event.at.as_millis());
        }
    }

    fn odd() -> Arc<Odd> {
        Arc::new(Odd {
            heard: Mutex::default(),
            gate: Mutex::default(),
        })
    }

    fn at(millis: i64) -> impl FnOnce(bool) -> Event {
        move |_| {
            Event::BudgetWarning(BudgetEvent {
                at: Timestamp::from_millis(millis),
                site: None,
                period: "2026-01".to_owned(),
                state: BudgetState::Warn,
                spent: Money::ZERO,
                limit: Money::ZERO,
                currency: "USD".to_owned(),
            })
        }
    }

    #[tokio::test]
    async fn all_are_told_in_order_and_a_panic_stops_none_of_the_others() {
        let odd = odd();
        let hooks = Hooks::start(odd.clone()).unwrap();
        for millis in 0..100 {
            hooks.raise(at(millis));
        }
        hooks.idle().await;
        let expected: Vec<i64> = (0..100).filter(|millis| *millis != 1).collect();
        assert_eq!(*odd.heard.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn a_hook_that_hangs_keeps_nobody_waiting_and_loses_only_what_there_is_no_room_for() {
        let odd = odd();
        let hooks = Hooks::with_room_for(10, odd.clone()).unwrap();
        let hanging = odd.gate.lock().unwrap();
        for millis in 10..110 {
            hooks.raise(at(millis));
        }
        drop(hanging);
        hooks.idle().await;
        let heard = odd.heard.lock().unwrap().clone();
        assert!((10..=11).contains(&heard.len()), "{heard:?}");
        hooks.raise(at(500));
        hooks.idle().await;
        assert_eq!(odd.heard.lock().unwrap().last(), Some(&500));
    }

    #[test]
    fn without_a_hook_no_event_is_made() {
        Hooks::default().raise(|_| panic!("made for nobody"));
    }
}
