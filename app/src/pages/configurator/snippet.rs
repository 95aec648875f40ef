use super::choice::Choice;
use super::setting::CALLBACK;

/// The lines for a page that say what was chosen.
pub(super) fn snippet(choice: &Choice, public_url: &str) -> String {
    let mut lines = String::new();
    if let Some(skin) = choice.skin() {
        lines.push_str(&["<link rel=\"stylesheet\" href=\"", skin.name(), ".css\">\n"].concat());
    }
    lines.push_str("<script async type=\"module\"\n        src=\"");
    lines.push_str(&escape(public_url));
    lines.push_str("/embed/v1/phone-verify.js\"></script>\n");
    match (choice.function(), choice.get(CALLBACK)) {
        (Some(name), _) => {
            let function = [
                "<script>\n  function ",
                name,
                "(result) {\n    // send result.token to your server\n  }\n</script>\n",
            ];
            lines.push_str(&function.concat());
        }
        (None, "") => {}
        (None, _) => lines.push_str("<!-- Your page's callback is given result.token. -->\n"),
    }
    lines.push_str("\n<form action=\"/order\" method=\"post\">\n  ");
    lines.push_str(&element(choice));
    lines.push_str("\n</form>");
    lines
}

/// The element, each attribute below the first.
fn element(choice: &Choice) -> String {
    let attributes = choice.attributes().into_iter().map(|(name, value)| match value {
        Some(value) => [name, "=\"", &escape(value), "\""].concat(),
        None => name.to_owned(),
    });
    let attributes: Vec<String> = attributes.collect();
    [
        "<phone-verify ",
        &attributes.join("\n                "),
        "></phone-verify>",
    ]
    .concat()
}

/// As it stands in an attribute between double quotes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_has_what_was_chosen_and_escapes_it() {
        let choice = Choice::from_query(
            "site-key=demo&auto=on&terms=on&terms-text=A+%22b%22+%3Cc%3E+%26+d&skin=harbor&callback=done",
            None,
        );
        assert_eq!(
            snippet(&choice, "https://verify.example"),
            r#"<link rel="stylesheet" href="harbor.css">
<script async type="module"
        src="https://verify.example/embed/v1/phone-verify.js"></script>
<script>
  function done(result) {
    // send result.token to your server
  }
</script>

<form action="/order" method="post">
  <phone-verify site-key="demo"
                terms="A &quot;b&quot; &lt;c> &amp; d"
                auto
                callback="done"></phone-verify>
</form>"#
        );
    }

    #[test]
    fn a_callback_that_is_no_plain_name_is_written_into_no_script() {
        for callback in ["shop.done", "1a", "a(){}alert", "</script>", ""] {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("callback", callback);
            let lines = snippet(
                &Choice::from_query(&query.finish(), None),
                "https://verify.example",
            );
            assert!(!lines.contains("function"), "{lines}");
            assert_eq!(lines.matches("</script>").count(), 1, "{lines}");
        }
    }
}
