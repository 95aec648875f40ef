//! What is committed together: all that waits, and what is on its way.

use std::thread;
use tokio::sync::mpsc;

/// Operations that share one commit at most: the first of them waits for all.
pub(super) const BATCH: usize = 64;

/// How often others go first at most.
const PAUSES: u32 = 3;

/// Takes what waits, in groups.
///
/// What arrives a moment after a group was taken begins a commit of its own, and all others wait for that. So before a group that is
/// smaller than those before it, other threads may have the core: as many operations may be on their way again. Where no thread wants it,
/// nobody waits; to sleep for some 0.1 ms instead cost a tenth of all starts (`docs/performance.md`).
pub(super) struct Grouping<P = fn()> {
    /// How large groups were lately.
    usual: usize,
    pause: P,
}

impl Grouping {
    /// In its pauses, its thread lets others go first.
    pub(super) fn new() -> Self {
        Self {
            usual: 0,
            pause: thread::yield_now,
        }
    }
}

impl<P: FnMut()> Grouping<P> {
    /// Puts the next group into `group`, which is empty. False: there will be no more.
    pub(super) async fn next<T>(&mut self, waiting: &mut mpsc::Receiver<T>, group: &mut Vec<T>) -> bool {
        if waiting.recv_many(group, BATCH).await == 0 {
            return false;
        }
        for _ in 0..PAUSES {
            if group.len() >= self.usual {
                break;
            }
            (self.pause)();
            while group.len() < BATCH
                && let Ok(one_more) = waiting.try_recv()
            {
                group.push(one_more);
            }
        }
        // A burst is forgotten within some twenty groups.
        self.usual = group.len().max(self.usual * 7 / 8);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// During each of its pauses, so many more are sent.
    fn grouping(sender: &mpsc::Sender<()>, usual: usize, sent_in_a_pause: usize) -> Grouping<impl FnMut()> {
        let sender = sender.clone();
        Grouping {
            usual,
            pause: move || send(&sender, sent_in_a_pause),
        }
    }

    fn send(sender: &mpsc::Sender<()>, count: usize) {
        for _ in 0..count {
            sender.try_send(()).unwrap();
        }
    }

    async fn size_of_next<P: FnMut()>(grouping: &mut Grouping<P>, waiting: &mut mpsc::Receiver<()>) -> usize {
        let mut group = Vec::new();
        assert!(grouping.next(waiting, &mut group).await);
        group.len()
    }

    #[tokio::test]
    async fn a_group_smaller_than_usual_takes_what_comes_right_after_it() {
        let (sender, mut waiting) = mpsc::channel(256);
        let mut grouping = grouping(&sender, 8, 3);
        send(&sender, 1);
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, 10);
        send(&sender, 9);
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, 12);
    }

    #[tokio::test]
    async fn a_group_as_large_as_usual_waits_for_nobody() {
        let (sender, mut waiting) = mpsc::channel(256);
        let mut grouping = grouping(&sender, 8, 1);
        for size in [8, 9, 20, 20] {
            send(&sender, size);
            assert_eq!(size_of_next(&mut grouping, &mut waiting).await, size);
        }
    }

    #[tokio::test]
    async fn who_comes_alone_lets_others_go_first_after_a_burst_and_then_no_more() {
        let (sender, mut waiting) = mpsc::channel(256);
        let mut pauses = 0;
        let mut grouping = Grouping {
            usual: 0,
            pause: || pauses += 1,
        };
        send(&sender, BATCH);
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, BATCH);
        for _ in 0..100 {
            send(&sender, 1);
            assert_eq!(size_of_next(&mut grouping, &mut waiting).await, 1);
        }
        assert!((PAUSES..=PAUSES * 25).contains(&pauses), "{pauses}");
    }

    #[tokio::test]
    async fn no_group_is_larger_than_a_commit_may_be() {
        let (sender, mut waiting) = mpsc::channel(256);
        let mut grouping = grouping(&sender, BATCH, BATCH);
        send(&sender, 10);
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, BATCH);
        send(&sender, BATCH);
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, BATCH);
        assert_eq!(waiting.len(), 10);
    }

    #[tokio::test]
    async fn what_waited_when_the_last_sender_left_is_taken() {
        let (sender, mut waiting) = mpsc::channel(256);
        send(&sender, 2);
        drop(sender);
        let mut grouping = Grouping {
            usual: 8,
            pause: || {},
        };
        assert_eq!(size_of_next(&mut grouping, &mut waiting).await, 2);
        assert!(!grouping.next(&mut waiting, &mut Vec::new()).await);
    }
}
