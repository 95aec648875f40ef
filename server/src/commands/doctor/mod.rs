//! `phone-verify doctor`: everything that sending depends on, one line each: ok, or what to do.

mod callback;
mod local;
mod twilio;

use super::{CommandError, FileArgument, runtime};
use crate::compose::{ComposeError, http_client};
use crate::config::{Config, SenderName};
use std::collections::BTreeSet;
use std::fmt;

/// What was found, in the order in which it was looked at.
#[derive(Default)]
struct Report(Vec<Line>);

struct Line {
    about: String,
    state: State,
}

enum State {
    Ok(String),
    /// Nothing has to be done, and it should be known.
    Note(String),
    ToDo(String),
}

impl Report {
    fn ok(&mut self, about: impl Into<String>, found: impl Into<String>) {
        self.add(about, State::Ok(found.into()));
    }

    fn note(&mut self, about: impl Into<String>, note: impl Into<String>) {
        self.add(about, State::Note(note.into()));
    }

    fn needs(&mut self, about: impl Into<String>, what: impl Into<String>) {
        self.add(about, State::ToDo(what.into()));
    }

    fn add(&mut self, about: impl Into<String>, state: State) {
        self.0.push(Line {
            about: about.into(),
            state,
        });
    }

    fn to_dos(&self) -> usize {
        let is_to_do = |line: &&Line| matches!(line.state, State::ToDo(_));
        self.0.iter().filter(is_to_do).count()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.state {
            State::Ok(text) => ("ok", text),
            State::Note(text) => ("note", text),
            State::ToDo(text) => ("to do", text),
        };
        write!(f, "{word:<6} {}: {text}", self.about)
    }
}

/// `phone-verify doctor`
pub(super) fn run(file: &FileArgument) -> Result<(), CommandError> {
    let config = file.load(None)?;
    let report = runtime()?.block_on(examine(&config))?;
    for line in &report.0 {
        println!("{line}");
    }
    match report.to_dos() {
        0 => Ok(()),
        count => Err(CommandError::ToDo(count)),
    }
}

async fn examine(config: &Config) -> Result<Report, CommandError> {
    let mut report = Report::default();
    report.ok(
        "settings",
        format!("{}, {} sites", config.mode.as_str(), config.sites.len()),
    );
    for warning in &config.warnings {
        report.note("settings", warning);
    }
    local::folders(config, &mut report);
    local::database(config, &mut report).await;

    let http = http_client().map_err(ComposeError::from)?;
    let routes = config.routes();
    let senders: BTreeSet<&str> = routes
        .sms
        .iter()
        .chain(&routes.call)
        .map(|name| name.as_str())
        .collect();
    for name in &senders {
        match *name {
            "outbox" => report.note(
                "sender outbox",
                "nothing is sent: /dev/outbox shows what would be",
            ),
            "http" => report.note("sender http", "not asked: that would send a message"),
            _ => {}
        }
    }
    if [SenderName::Messages, SenderName::Calls, SenderName::Verify]
        .iter()
        .any(|name| senders.contains(name.as_str()))
    {
        twilio::examine(config, &routes, http.clone(), &mut report).await;
        callback::examine(config, &http, &mut report).await;
    }
    Ok(report)
}
