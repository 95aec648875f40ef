use super::*;
use crate::senders::languages::LANGUAGES;

const ACTION: &str = "https://verify.example.com/twilio/calls/code?verification=07&delivery=0a";

fn code(digits: &str) -> Code {
    Code::parse(digits, u8::try_from(digits.len()).unwrap()).unwrap()
}

#[test]
fn the_digits_are_said_one_by_one_three_times() {
    let twiml = speak_code(None, "Shop", &code("001234"), None);
    let round = ["0", "0", "1", "2", "3", "4"].join("</Say><Pause/><Say language=\"en-US\">");
    assert_eq!(twiml.matches(&round).count(), 3, "{twiml}");
    assert!(twiml.starts_with("<Response><Pause/><Say language=\"en-US\">Hello. Your Shop code is:</Say>"));
    assert!(twiml.ends_with("<Say language=\"en-US\">Goodbye.</Say></Response>"));
}

#[test]
fn every_language_is_spoken_as_itself() {
    for language in LANGUAGES {
        let twiml = speak_code(Some(language.tag), "Shop", &code("123456"), Some(ACTION));
        let says = twiml.matches("<Say ").count();
        let own = format!("<Say language=\"{}\"", language.spoken);
        assert_eq!(twiml.matches(&own).count(), says, "{twiml}");
        let voices = twiml.matches(" voice=").count();
        assert_eq!(voices, if language.voice.is_some() { says } else { 0 });
    }
    assert!(speak_code(Some("tr-TR"), "Shop", &code("123456"), None).contains("voice=\"Polly.Filiz\""));
}

#[test]
fn what_asks_for_a_key_holds_no_code_and_what_follows_offers_to_repeat() {
    let action = ACTION.replace('&', "&amp;");
    let gather = format!("<Gather numDigits=\"1\" timeout=\"8\" method=\"POST\" action=\"{action}\">");
    let asking = ask_for_key(None, "Shop", ACTION);
    assert_eq!(asking.matches(&gather).count(), 2, "{asking}");
    assert!(asking.contains("To hear your Shop code, press 1."));
    let spoken = speak_code(None, "Shop", &code("123456"), Some(ACTION));
    assert_eq!(spoken.matches(&gather).count(), 1, "{spoken}");
    assert!(spoken.contains("To hear it again, press 1.</Say></Gather>"));
    assert_eq!(
        say_goodbye(None),
        "<Response><Say language=\"en-US\">Goodbye.</Say></Response>"
    );
}

#[test]
fn what_stands_in_a_name_is_said_and_not_obeyed() {
    let name = "</Say><Dial>+15005550006</Dial>&\"'\u{0}\u{1b}";
    let escaped = "&lt;/Say&gt;&lt;Dial&gt;+15005550006&lt;/Dial&gt;&amp;&quot;&apos; code";
    let twiml = speak_code(None, name, &code("123456"), None);
    assert!(twiml.contains(&format!("Your {escaped} is:")), "{twiml}");
    let asking = ask_for_key(None, name, ACTION);
    assert!(asking.contains(&format!("your {escaped}, press 1.")), "{asking}");
}

#[test]
fn braces_in_a_name_are_no_placeholders() {
    let twiml = speak_code(None, "{site}{again}", &code("123456"), None);
    assert!(twiml.contains("Your {site}{again} code is:"));
}

#[test]
fn it_is_never_longer_than_twilio_takes() {
    let tags = LANGUAGES.iter().map(|language| language.tag);
    for locale in tags.chain(["xx\"><Dial>"]) {
        for name in ["\"".repeat(1000), "𝕏".repeat(1000), String::new()] {
            let longest = speak_code(Some(locale), &name, &code("0123456789"), None);
            let asking = ask_for_key(Some(locale), &name, ACTION);
            for twiml in [longest, asking] {
                let length = twiml.chars().count();
                assert!(length <= 4000, "{locale}: {length} characters");
            }
        }
    }
}
