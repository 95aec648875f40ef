//! How the widget groups a number while it is typed (`app/src/number_input`), against Google's libphonenumber.

use super::{Judged, written_by};
use phone_verify::numbers;
use phone_verify_app::countries;
use phone_verify_app::number_input::format;
use phone_verify_domain::Country;
use serde::Deserialize;

/// Regions whose spelling no mask says, or whose lines have several lengths that only the last digit tells apart: there the
/// groups differ from libphonenumber's, the digits never.
const OTHERWISE: [(&str, bool); 4] = [("NC", false), ("NC", true), ("SE", false), ("SM", false)];

#[derive(Deserialize)]
struct Example {
    region: String,
    calling_code: String,
    mobile: bool,
    international: String,
}

#[test]
fn example_numbers_of_every_region_are_grouped_as_libphonenumber_writes_them() {
    let examples: Vec<Example> = written_by("examples.mjs");
    assert!(examples.len() > 450, "only {} examples", examples.len());
    let mut otherwise = Vec::new();
    for example in &examples {
        let digits: String = example
            .international
            .chars()
            .filter(|character| !" -.".contains(*character))
            .collect();
        if format(&digits, "1") != example.international {
            otherwise.push((example.region.as_str(), example.mobile));
            continue;
        }
        // Within the country the same groups, without the calling code.
        let national = digits
            .trim_start_matches('+')
            .replacen(&example.calling_code, "", 1);
        let (_, grouped) = example.international.split_once(' ').unwrap_or_default();
        let shown = format(&national, &example.calling_code);
        assert_eq!(
            shown.replace(' ', ""),
            grouped.replace(' ', ""),
            "{}",
            example.region
        );
    }
    otherwise.sort_unstable();
    assert_eq!(otherwise, OTHERWISE);
}

#[test]
fn grouping_a_spelling_does_not_change_what_number_it_is() {
    let judged: Vec<Judged> = written_by("oracle.mjs");
    let mut grouped = 0;
    // Reading a number takes a while: each fifteenth of them, of all kinds and regions in turn.
    for Judged { text, region, .. } in judged.iter().step_by(15) {
        let country = region.as_deref().and_then(Country::parse);
        let calling_code = region
            .as_deref()
            .and_then(|region| countries::find(region, &countries::all()))
            .map_or("", |country| country.calling_code);
        let shown = format(text, calling_code);
        grouped += usize::from(shown != *text);
        assert_eq!(
            numbers::parse(&shown, country).ok(),
            numbers::parse(text, country).ok(),
            "{text:?} shown as {shown:?} in {region:?}"
        );
    }
    assert!(grouped > 150, "only {grouped} spellings were grouped");
}
