//! What may stand in TwiML, and what a listener hears.

use roxmltree::{Document, Node};

/// The verbs that a call may hold, their attributes, and the verbs that may stand inside.
const VERBS: &[(&str, &[&str], &[&str])] = &[
    ("Say", &["language", "voice", "loop"], &[]),
    ("Pause", &["length"], &[]),
    ("Play", &["loop", "digits"], &[]),
    ("Hangup", &[], &[]),
    ("Reject", &["reason"], &[]),
    ("Redirect", &["method"], &[]),
    (
        "Gather",
        &[
            "input",
            "timeout",
            "finishOnKey",
            "numDigits",
            "method",
            "action",
            "actionOnEmptyResult",
            "language",
        ],
        &["Say", "Pause", "Play"],
    ),
    ("Message", &["to", "from", "action", "method"], &["Body"]),
    ("Body", &[], &[]),
];

/// Verbs that hold text.
const WITH_TEXT: &[&str] = &["Say", "Play", "Redirect", "Message", "Body"];

/// Checks that a document is TwiML.
pub(crate) fn check(twiml: &str) -> Result<(), String> {
    let document = Document::parse(twiml).map_err(|error| format!("not well-formed: {error}"))?;
    let root = document.root_element();
    if !root.has_tag_name("Response") {
        return Err(format!("the root is {}, not Response", root.tag_name().name()));
    }
    check_children(root, None)
}

fn check_children(node: Node<'_, '_>, allowed: Option<&[&str]>) -> Result<(), String> {
    let name = node.tag_name().name();
    for child in node.children() {
        if child.is_text() {
            let blank = child.text().is_none_or(|text| text.trim().is_empty());
            if !blank && !WITH_TEXT.contains(&name) {
                return Err(format!("text in {name}"));
            }
            continue;
        }
        if !child.is_element() {
            continue;
        }
        let verb = child.tag_name().name();
        let Some((_, attributes, inside)) = VERBS.iter().find(|(name, ..)| *name == verb) else {
            return Err(format!("{verb} is no verb"));
        };
        if allowed.is_some_and(|allowed| !allowed.contains(&verb)) {
            return Err(format!("{verb} inside {name}"));
        }
        if let Some(unknown) = child.attributes().find(|a| !attributes.contains(&a.name())) {
            return Err(format!("{verb} has no attribute {}", unknown.name()));
        }
        check_children(child, Some(inside))?;
    }
    Ok(())
}

/// The code that a call speaks: the digits of all `Say` that hold nothing but digits, if they are one code three times.
pub(crate) fn spoken_code(twiml: &str) -> Option<String> {
    let document = Document::parse(twiml).ok()?;
    let digits: String = document
        .descendants()
        .filter(|node| node.has_tag_name("Say"))
        .filter_map(|node| node.text())
        .filter(|text| {
            text.chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ' ' | ',' | '.'))
        })
        .flat_map(str::chars)
        .filter(char::is_ascii_digit)
        .collect();
    let third = digits.len() / 3;
    let (first, rest) = digits.split_at(third);
    (third > 0 && rest == first.repeat(2)).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_twiml_passes() {
        check("<Response><Say language=\"en-US\">a &amp; b</Say><Pause/></Response>").unwrap();
        check("<Response><Gather numDigits=\"1\"><Say>1</Say></Gather><Hangup/></Response>").unwrap();
        for bad in [
            "",
            "<Response><Say>a & b</Say></Response>",
            "<Response><Say>a</Response>",
            "<Answer/>",
            "<Response>text</Response>",
            "<Response><Shout>a</Shout></Response>",
            "<Response><Say volume=\"1\">a</Say></Response>",
            "<Response><Say><Pause/></Say></Response>",
            "<Response/><Response/>",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_code_is_what_is_said_three_times() {
        let say = |digits: &[&str]| {
            let says = digits.join("</Say><Pause/><Say>");
            format!("<Response><Say>Shop 24: your code is</Say><Say>{says}</Say></Response>")
        };
        assert_eq!(
            spoken_code(&say(&["0", "1", "0", "1", "0", "1"])).as_deref(),
            Some("01")
        );
        assert_eq!(
            spoken_code(&say(&["1, 2, 3.", "1, 2, 3.", "1, 2, 3."])).as_deref(),
            Some("123")
        );
        assert_eq!(spoken_code(&say(&["1", "2", "1", "2"])), None);
        assert_eq!(spoken_code(&say(&["1", "2", "3"])), None);
        assert_eq!(spoken_code("<Response/>"), None);
    }
}
