//! HTML as Leptos writes it, as nested lists: a page's policy may forbid that HTML is made of a text.

use serde_json::{Map, Value};

/// Elements without an end tag.
const VOID: [&str; 1] = ["input"];

/// What holds the component back until it has begun. The drawn form takes what is typed and pressed at once.
const HELD: [&str; 2] = ["aria-disabled", "readonly"];

/// The element that `html` begins with: its name, its attributes and what is in it.
pub(super) fn json(html: &str) -> String {
    let mut reader = Reader(html);
    reader
        .node()
        .map(|element| element.to_string())
        .unwrap_or_default()
}

struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// The next element or text; nothing at an end tag and at the end.
    fn node(&mut self) -> Option<Value> {
        loop {
            if self.0.is_empty() || self.0.starts_with("</") {
                return None;
            }
            if !self.0.starts_with("<!") {
                break;
            }
            // A mark for who takes over what a server has rendered.
            self.until(">");
        }
        if let Some(rest) = self.0.strip_prefix('<') {
            self.0 = rest;
            return Some(self.element());
        }
        let end = self.0.find('<').unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(Value::String(unescape(text)))
    }

    fn element(&mut self) -> Value {
        let (name, mut attributes) = (self.word(), Map::new());
        loop {
            self.0 = self.0.trim_start();
            if self.0.is_empty() || self.0.starts_with('>') {
                break;
            }
            let attribute = self.word();
            let mut value = "";
            if let Some(rest) = self.0.strip_prefix("=\"") {
                self.0 = rest;
                value = self.until("\"");
            }
            if !HELD.contains(&attribute) {
                attributes.insert(attribute.to_owned(), Value::String(unescape(value)));
            }
        }
        self.until(">");
        let mut element = vec![Value::String(name.to_owned()), Value::Object(attributes)];
        if !VOID.contains(&name) {
            while let Some(child) = self.node() {
                // An empty text is a space on its way through HTML.
                if child != " " {
                    element.push(child);
                }
            }
            self.until(">");
        }
        Value::Array(element)
    }

    /// A name.
    fn word(&mut self) -> &'a str {
        let end = self.0.find([' ', '=', '>']).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word
    }

    /// All before `mark`, which is passed.
    fn until(&mut self, mark: &str) -> &'a str {
        let (before, after) = self.0.split_once(mark).unwrap_or((self.0, ""));
        self.0 = after;
        before
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_texts_are_as_they_were() {
        let html = "<div class=\"a b\" hidden aria-disabled=\"true\"><!><input type=\"tel\" value=\"&quot;1&amp;lt;\"><p>One &lt; two<!----></p><p> </p></div>";
        assert_eq!(
            json(html),
            r#"["div",{"class":"a b","hidden":""},["input",{"type":"tel","value":"\"1&lt;"}],["p",{},"One < two"],["p",{}]]"#
        );
    }
}
