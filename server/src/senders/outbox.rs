//! The sender of development: nothing leaves, everything can be read. It is the only thing that logs a code.

use super::text::Texts;
use super::{Message, SendOutcome, Sender};
use crate::clock::{Clock, rfc3339};
use phone_verify_domain::Channel;
use serde::Serialize;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What would have been sent.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The delivery's name.
    pub id: String,
    /// The verification's name.
    pub verification: String,
    /// To whom, in E.164.
    pub to: String,
    /// How.
    pub channel: Channel,
    /// The text, or what would have been spoken.
    pub body: String,
    /// The digits.
    pub code: String,
    /// When, after RFC 3339.
    pub at: String,
}

/// Keeps the newest messages, and appends each to a file where one is set.
pub struct Outbox {
    entries: Mutex<VecDeque<Entry>>,
    keep: usize,
    file: Option<Mutex<File>>,
    texts: Texts,
    clock: Arc<dyn Clock>,
}

impl Outbox {
    /// An outbox of the newest `keep` messages.
    ///
    /// # Errors
    /// The file cannot be opened for appending.
    pub fn new(
        keep: usize,
        file: Option<&Path>,
        texts: Texts,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let open = |path: &Path| {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            OpenOptions::new().create(true).append(true).open(path)
        };
        Ok(Self {
            entries: Mutex::default(),
            keep,
            file: file.map(open).transpose()?.map(Mutex::new),
            texts,
            clock,
        })
    }

    /// The messages, newest first; those to one number where `to` is given.
    #[must_use]
    pub fn newest_first(&self, to: Option<&str>) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .filter(|entry| to.is_none_or(|to| entry.to == to))
            .cloned()
            .collect()
    }

    fn put(&self, entry: Entry) {
        if let Some(file) = &self.file {
            append(file, &entry);
        }
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push_front(entry);
        entries.truncate(self.keep);
    }
}

fn append(file: &Mutex<File>, entry: &Entry) {
    let Ok(mut line) = serde_json::to_vec(entry) else {
        return;
    };
    line.push(b'\n');
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    // One write a line: several processes may append to one file.
    if let Err(error) = file.write_all(&line) {
        tracing::warn!(%error, "the outbox file cannot be written");
    }
}

#[async_trait::async_trait]
impl Sender for Outbox {
    fn name(&self) -> &'static str {
        "outbox"
    }

    async fn send(&self, message: &Message<'_>) -> SendOutcome {
        let code = match message.code.ours() {
            Ok(code) => code,
            Err(outcome) => return outcome,
        };
        let body = match message.channel {
            Channel::Sms => self.texts.of(message, code),
            Channel::Call => spoken(message.site_name, code.expose()),
        };
        let code = code.expose();
        tracing::info!(
            verification = %message.verification,
            to = message.to.expose(),
            channel = %message.channel,
            code,
            "outbox: nothing is sent in development"
        );
        self.put(Entry {
            id: message.delivery_id.to_owned(),
            verification: message.verification.to_string(),
            to: message.to.expose().to_owned(),
            channel: message.channel,
            body,
            code: code.to_owned(),
            at: rfc3339(self.clock.now()),
        });
        SendOutcome::Accepted {
            reference: message.delivery_id.to_owned(),
        }
    }
}

fn spoken(site: &str, code: &str) -> String {
    let digits: Vec<String> = code.chars().map(String::from).collect();
    format!("Your {site} code is {}.", digits.join(", "))
}
