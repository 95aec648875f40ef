use super::*;

fn code(digits: &str) -> Code {
    Code::parse(digits, u8::try_from(digits.len()).unwrap()).unwrap()
}

#[test]
fn the_digits_are_said_one_by_one_three_times() {
    let twiml = speak_code(None, "Shop", &code("001234"));
    let round = ["0", "0", "1", "2", "3", "4"].join("</Say><Pause/><Say language=\"en-US\">");
    assert_eq!(twiml.matches(&round).count(), 3, "{twiml}");
    assert!(twiml.starts_with("<Response><Pause/><Say language=\"en-US\">Hello. Your Shop code is:</Say>"));
    assert!(twiml.ends_with("<Say language=\"en-US\">Goodbye.</Say></Response>"));
}

#[test]
fn what_stands_in_a_name_is_said_and_not_obeyed() {
    let name = "</Say><Dial>+15005550006</Dial>&\"'\u{0}\u{1b}";
    let twiml = speak_code(None, name, &code("123456"));
    assert!(
        twiml.contains("Your &lt;/Say&gt;&lt;Dial&gt;+15005550006&lt;/Dial&gt;&amp;&quot;&apos; code is:"),
        "{twiml}"
    );
}

#[test]
fn braces_in_a_name_are_no_placeholders() {
    assert!(speak_code(None, "{site}{again}", &code("123456")).contains("Your {site}{again} code is:"));
}

#[test]
fn it_is_never_longer_than_twilio_takes() {
    for name in ["\"".repeat(1000), "𝕏".repeat(1000), String::new()] {
        for locale in [None, Some("de"), Some("xx\"><Dial>")] {
            let twiml = speak_code(locale, &name, &code("0123456789"));
            assert!(
                twiml.chars().count() <= 4000,
                "{} characters",
                twiml.chars().count()
            );
        }
    }
}
