//! The report: one HTML file with its charts in it, no script and nothing from elsewhere.

use super::figures::Served;
use super::table::{money, played, stopped};
use super::{Kept, Played, chart};
use crate::Result;
use std::fmt::Write as _;

/// The whole file.
///
/// # Errors
/// A script was not played.
pub fn report(kept: &Kept) -> Result<String> {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Simulation</title>\n<style>\n{}</style>\n<h1>What attacks cost</h1>\n\
         <p>The real server under a clock of the scripts' own, with production's settings; a message is counted where the fake Twilio \
         took one. Money is messages times {:.2}, the cap that the command was given.</p>\n\
         <p><span class=\"key with\"></span> with defences <span class=\"key without\"></span> without; messages of each hour</p>\n",
        include_str!("page.css"),
        kept.cap
    );
    for (script, Played { with, without }) in played(kept)? {
        writeln!(text, "<section>\n<h2>{}</h2>", script.about)?;
        if let Some(without) = without {
            writeln!(text, "{}", chart::bars(&with.by_hour, &without.by_hour))?;
            writeln!(
                text,
                "<p>{} messages of {} asks, {} lost, stopped after: {}. Without defences {} messages, {}.</p>",
                with.messages,
                with.asked,
                money(kept.cap, with),
                stopped(with),
                without.messages,
                money(kept.cap, without),
            )?;
        }
        text.push_str("<table>\n<tr><th>people<th>asked<th>refused<th>why</tr>\n");
        for (group, served) in &with.people {
            writeln!(
                text,
                "<tr><td>{}<td>{}<td>{}<td>{}</tr>",
                group.name(),
                served.asked,
                served.refusals(),
                reasons(served)
            )?;
        }
        text.push_str("</table>\n</section>\n");
    }
    text.push_str("</html>\n");
    Ok(text)
}

fn reasons(served: &Served) -> String {
    let reasons = served.refused.iter();
    let words: Vec<String> = reasons
        .map(|(reason, count)| format!("{reason} ({count})"))
        .collect();
    words.join(", ")
}
