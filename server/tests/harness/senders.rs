use phone_verify::senders::{Message, SendOutcome, Sender};
use phone_verify::verification::Senders;
use phone_verify_domain::Channel;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// A sender that always has the same outcome.
struct Always(SendOutcome);

#[async_trait::async_trait]
impl Sender for Always {
    fn name(&self) -> &'static str {
        "always"
    }

    async fn send(&self, _: &Message<'_>) -> SendOutcome {
        self.0.clone()
    }
}

/// A sender that answers when it is told to.
#[derive(Default)]
pub struct Gate {
    asked: AtomicUsize,
    open: Notify,
}

impl Gate {
    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Lets one sending go.
    pub fn open(&self) {
        self.open.notify_one();
    }
}

#[async_trait::async_trait]
impl Sender for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.open.notified().await;
        SendOutcome::Accepted {
            reference: message.delivery_id.to_owned(),
        }
    }
}

/// Makes senders for both channels.
pub struct SendersOf;

impl SendersOf {
    pub fn always(outcome: SendOutcome) -> Senders {
        Self::both(Arc::new(Always(outcome)))
    }

    pub fn both(sender: Arc<dyn Sender>) -> Senders {
        Senders::new([
            (Channel::Sms, vec![sender.clone()]),
            (Channel::Call, vec![sender]),
        ])
    }
}
