//! The tables of `docs/security.md`.

use super::figures::{Figures, Served};
use super::script::{Group, Must, Script};
use super::scripts::{self, Scale};
use super::{Kept, Played};
use crate::Result;
use std::fmt::Write as _;

const BEGIN: &str = "<!-- simulation: made by cargo xtask -->\n";
const END: &str = "<!-- end of simulation -->";

/// The page with the tables of these figures.
///
/// # Errors
/// It has no place for them, or a script was not played.
pub fn written_into(page: &str, kept: &Kept) -> Result<String> {
    let missing = || format!("docs/security.md has no part `{}`", BEGIN.trim());
    let (before, rest) = page.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let tables = tables(kept)?;
    Ok(format!("{before}{BEGIN}\n{tables}\n{END}{after}"))
}

/// The scripts with what they came to.
///
/// # Errors
/// One was not played.
pub fn played(kept: &Kept) -> Result<Vec<(Script, &Played)>> {
    let scripts = scripts::all(Scale::Whole).into_iter().map(|script| -> Result<_> {
        let played = kept.scripts.get(script.name);
        let played = played.ok_or_else(|| format!("`{}` was not played", script.name))?;
        Ok((script, played))
    });
    scripts.collect()
}

fn tables(kept: &Kept) -> Result<String> {
    let played = played(kept)?;
    let mut text = format!(
        "Money is messages times {:.2}, the cap for a message that the command was given (`--cap`), in the operator's currency.\n\n\
         | attack | asks | messages | at most | time to stop | money lost | without defences | work proved |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        kept.cap
    );
    for (script, Played { with, without }) in &played {
        let Some(without) = without else { continue };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} messages, {} | {} |",
            script.about,
            with.asked,
            messages(with, &script.must),
            bound(&script.must),
            stopped(with),
            money(kept.cap, with),
            without.messages,
            money(kept.cap, without),
            work(with),
        )?;
    }
    text.push_str("\n| during | known numbers refused | other prefixes of the country refused | other countries refused |\n");
    text.push_str("| --- | --- | --- | --- |\n");
    for (script, Played { with, .. }) in played.iter().filter(|(script, _)| !script.attempts.is_empty()) {
        let of = |group| with.people.get(&group).map(refused).unwrap_or_default();
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            script.about,
            of(Group::Known),
            of(Group::OtherPrefix),
            of(Group::OtherCountry),
        )?;
    }
    text.push_str("\n| day without an attack | refused | at most |\n| --- | --- | --- |\n");
    for (script, Played { with, .. }) in played.iter().filter(|(script, _)| script.attempts.is_empty()) {
        let refused: Vec<String> = with.people.values().map(refused).collect();
        writeln!(
            text,
            "| {} | {} | under 0.1 % |",
            script.about,
            refused.join(", ")
        )?;
    }
    Ok(text)
}

/// What is bounded is what is told.
fn messages(figures: &Figures, must: &Must) -> String {
    if must.in_a_day.is_some() {
        format!("{} in 24 h, {} in all", figures.in_a_day, figures.messages)
    } else {
        figures.messages.to_string()
    }
}

fn bound(must: &Must) -> String {
    match (must.messages, must.in_a_day) {
        (Some(messages), _) => messages.to_string(),
        (None, Some(messages)) => format!("{messages} in 24 h"),
        (None, None) => "–".to_owned(),
    }
}

/// In words.
pub fn stopped(figures: &Figures) -> String {
    match figures.stopped_after {
        None => "never".to_owned(),
        Some(seconds) if seconds < 120 => format!("{seconds} s"),
        Some(seconds) if seconds < 7_200 => format!("{} min", seconds / 60),
        Some(seconds) => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[expect(clippy::cast_precision_loss, reason = "so few messages are exact")]
pub fn money(cap: f64, figures: &Figures) -> String {
    format!("{:.2}", figures.messages as f64 * cap)
}

fn work(figures: &Figures) -> String {
    if figures.tries == 0 {
        "none asked".to_owned()
    } else {
        format!("{} × 1,000 iterations", figures.tries)
    }
}

fn refused(served: &Served) -> String {
    let mut text = format!("{} of {}", served.refusals(), served.asked);
    if !served.refused.is_empty() {
        let reasons: Vec<String> = served
            .refused
            .iter()
            .map(|(reason, count)| format!("{reason}: {count}"))
            .collect();
        // Writing to a String cannot fail.
        let _ = write!(text, " ({})", reasons.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Nobody has edited the tables, and no script was changed without being played again.
    #[test]
    fn the_page_says_what_the_figures_say_and_all_of_them_are_within_their_bounds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let kept = std::fs::read_to_string(root.join(super::super::KEPT)).unwrap();
        let kept: Kept = serde_json::from_str(&kept).unwrap();
        let page = std::fs::read_to_string(root.join(super::super::PAGE)).unwrap();
        assert!(
            written_into(&page, &kept).unwrap() == page,
            "`cargo xtask simulate` writes the tables"
        );
        for (script, played) in played(&kept).unwrap() {
            assert_eq!(played.with.unmet(&script.must), [""; 0], "{}", script.name);
        }
    }
}
