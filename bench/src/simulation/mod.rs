//! `cargo xtask simulate`: what attacks cost and whom they keep out, on the real server under a clock of the script's own: its routes,
//! SQLite, limits, breakers and Twilio's client, with production's settings, and the project's fake Twilio at the other end. One request
//! at a time and one seed: the figures are the same each time.

mod cast;
mod chart;
mod figures;
mod page;
mod random;
mod run;
mod script;
mod scripts;
mod table;
mod world;

use crate::{Error, Result};
use figures::Figures;
use script::Script;
use scripts::Scale;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use world::Defences;

/// Where the figures are kept, so that the page can be compared with them without playing everything.
const KEPT: &str = "bench/simulation.json";

/// Where the table stands.
const PAGE: &str = "docs/security.md";

/// Where the report with charts is written.
const REPORT: &str = "target/simulation/report.html";

/// What is played, and what a message costs.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// What the operator pays for a message at most, in their currency: money is messages by this. It is no price of anybody's.
    #[arg(long, default_value_t = 0.1)]
    cap: f64,
    /// Only scripts whose names contain this; nothing is written then.
    #[arg(long)]
    only: Option<String>,
    /// Hours in place of days; nothing is written then.
    #[arg(long)]
    part: bool,
    /// With the breaker off, to see what it is good for; nothing is written then.
    #[arg(long)]
    without_breaker: bool,
}

impl Options {
    fn scale(&self) -> Scale {
        if self.part { Scale::Part } else { Scale::Whole }
    }

    fn defences(&self) -> Defences {
        if self.without_breaker {
            Defences::NoBreaker
        } else {
            Defences::On
        }
    }

    fn is_written(&self) -> bool {
        self.only.is_none() && !self.part && !self.without_breaker
    }
}

/// Both runs of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// With production's settings.
    with: Figures,
    /// Without limits, breaker and proof of work; none for a day without an attack.
    without: Option<Figures>,
}

/// All figures by the scripts' names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    cap: f64,
    scripts: BTreeMap<String, Played>,
}

/// Plays the scripts, prints the table, writes it and the report.
///
/// # Errors
/// A figure is over its bound; the server breaks; a file cannot be written.
pub fn run(options: &Options) -> Result {
    let scripts = scripts::all(options.scale()).into_iter().filter(|script| {
        let only = options.only.as_ref();
        only.is_none_or(|only| script.name.contains(only))
    });
    let kept = Kept {
        cap: options.cap,
        scripts: play_all(scripts.collect(), options.defences())?,
    };
    let mut unmet = Vec::new();
    for script in scripts::all(options.scale()) {
        if let Some(played) = kept.scripts.get(script.name) {
            println!("{}\n  {}", script.about, serde_json::to_string(played)?);
            let missed = played.with.unmet(&script.must).into_iter();
            unmet.extend(missed.map(|what| format!("{}: {what}", script.name)));
        }
    }
    if options.is_written() {
        std::fs::write(KEPT, serde_json::to_string_pretty(&kept)? + "\n")?;
        let page = std::fs::read_to_string(PAGE)?;
        std::fs::write(PAGE, table::written_into(&page, &kept)?)?;
        write(Path::new(REPORT), &page::report(&kept)?)?;
        println!("written: {PAGE}, {REPORT}");
    }
    if unmet.is_empty() {
        Ok(())
    } else {
        Err(Error::from(unmet.join("\n")))
    }
}

/// Plays each script on servers of its own, as many at once as there are processors.
fn play_all(scripts: VecDeque<Script>, defences: Defences) -> Result<BTreeMap<String, Played>> {
    let (left, done) = (Mutex::new(scripts), Mutex::new(BTreeMap::new()));
    let work = || -> Result {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(script) = next else {
                return Ok(());
            };
            let name = script.name.to_owned();
            let played = runtime.block_on(both(script, defences))?;
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(name, played);
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut ended = threads.into_iter().map(|thread| {
            let ended = thread.join();
            ended.unwrap_or_else(|_| Err(Error::from("a script panicked")))
        });
        ended.try_for_each(|ended| ended)
    })?;
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// With these defences, and, where there is an attack, without.
async fn both(script: Script, defences: Defences) -> Result<Played> {
    let with = run::play(&script, defences).await?;
    let without = if script.attempts.is_empty() {
        None
    } else {
        Some(run::play(&script.attack_alone(), Defences::Off).await?)
    };
    Ok(Played { with, without })
}

fn write(file: &Path, text: &str) -> Result {
    let folder = file.parent().map(PathBuf::from).unwrap_or_default();
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(file, text)?)
}

#[cfg(test)]
mod tests;
