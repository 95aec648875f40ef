//! What a call says.

use phone_verify_domain::Code;

/// How much of a site's name is spoken, in characters. Escaped it is at most six times as long, and Twilio takes 4,000
/// characters inline.
const SITE_NAME: usize = 80;

/// How often the digits are spoken.
const ROUNDS: usize = 3;

/// The words around the digits in one language.
struct Voice {
    /// BCP 47, as Twilio's `Say` takes it.
    language: &'static str,
    /// Before the first round.
    greeting: &'static str,
    /// Before every other round.
    again: &'static str,
    /// After the last.
    farewell: &'static str,
}

const ENGLISH: Voice = Voice {
    language: "en-US",
    greeting: "Hello. Your {site} code is:",
    again: "Once more, your code is:",
    farewell: "Goodbye.",
};

/// TwiML that says the digits three times, one by one with a pause after each.
#[must_use]
pub fn speak_code(locale: Option<&str>, site: &str, code: &Code) -> String {
    let voice = voice(locale);
    let mut twiml = Twiml::new(voice.language);
    // The line is often open before the phone is at the ear.
    twiml.pause();
    for round in 0..ROUNDS {
        if round == 0 {
            twiml.say(&voice.greeting.replace("{site}", spoken_name(site)));
        } else {
            twiml.say(voice.again);
        }
        for digit in code.expose().chars() {
            twiml.say(digit.encode_utf8(&mut [0; 4]));
            twiml.pause();
        }
    }
    twiml.say(voice.farewell);
    twiml.finish()
}

/// What whoever writes to the sending number is answered; nothing where there is no answer.
#[must_use]
pub fn answer_message(text: Option<&str>) -> String {
    let mut xml = "<Response>".to_owned();
    if let Some(text) = text {
        xml.push_str("<Message>");
        escape(text, &mut xml);
        xml.push_str("</Message>");
    }
    xml.push_str("</Response>");
    xml
}

/// What whoever calls the sending number hears; without an answer the call is not taken.
#[must_use]
pub fn answer_call(text: Option<&str>) -> String {
    let mut xml = "<Response>".to_owned();
    match text {
        Some(text) => {
            xml.push_str("<Say>");
            escape(text, &mut xml);
            xml.push_str("</Say>");
        }
        None => xml.push_str("<Reject/>"),
    }
    xml.push_str("</Response>");
    xml
}

fn voice(_locale: Option<&str>) -> &'static Voice {
    &ENGLISH
}

fn spoken_name(site: &str) -> &str {
    let end = site
        .char_indices()
        .nth(SITE_NAME)
        .map_or(site.len(), |(index, _)| index);
    &site[..end]
}

/// A `Response` in the making.
struct Twiml {
    xml: String,
    language: &'static str,
}

impl Twiml {
    fn new(language: &'static str) -> Self {
        Self {
            xml: "<Response>".to_owned(),
            language,
        }
    }

    fn say(&mut self, text: &str) {
        self.xml.push_str("<Say language=\"");
        self.xml.push_str(self.language);
        self.xml.push_str("\">");
        escape(text, &mut self.xml);
        self.xml.push_str("</Say>");
    }

    /// One second.
    fn pause(&mut self) {
        self.xml.push_str("<Pause/>");
    }

    fn finish(mut self) -> String {
        self.xml.push_str("</Response>");
        self.xml
    }
}

/// Writes text as XML character data; what XML 1.0 (2.2) does not allow at all is left out.
fn escape(text: &str, xml: &mut String) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            '\t' | '\n' => xml.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => xml.push(other),
        }
    }
}

#[cfg(test)]
mod tests;
