//! The description as a page: no script, nothing from elsewhere, one file of style.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The document, for people to read.
pub(super) fn page(document: &Value) -> String {
    let mut body = String::new();
    contents(&mut body, document);
    for tag in items(&document["tags"]) {
        let name = text(&tag["name"]);
        // Writing to a string does not fail.
        let _ = write!(
            body,
            "<h2 id=\"{}\">{}</h2><p>{}</p>",
            anchor(name),
            escape(name),
            prose(text(&tag["description"]))
        );
        for (method, path, operation) in operations(document) {
            if operation["tags"][0] == tag["name"] {
                describe(&mut body, method, path, operation);
            }
        }
    }
    body.push_str("<h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in fields(&document["components"]["schemas"]) {
        let _ = write!(
            body,
            "<section id=\"schema-{0}\"><h3>{0}</h3><p>{1}</p>",
            escape(name),
            prose(text(&schema["description"]))
        );
        properties(&mut body, schema);
        body.push_str("</section>");
    }
    include_str!("page.html")
        .replace("{{version}}", &escape(text(&document["info"]["version"])))
        .replace("{{about}}", &prose(text(&document["info"]["description"])))
        .replace("{{body}}", &body)
}

fn contents(out: &mut String, document: &Value) {
    out.push_str("<nav aria-label=\"Calls\"><ul>");
    for (method, path, operation) in operations(document) {
        let _ = write!(
            out,
            "<li><a href=\"#{}\"><b>{}</b> <code>{}</code></a></li>",
            anchor(text(&operation["operationId"])),
            method.to_uppercase(),
            escape(path)
        );
    }
    out.push_str("</ul></nav>");
}

fn describe(out: &mut String, method: &str, path: &str, operation: &Value) {
    let _ = write!(
        out,
        "<section id=\"{}\"><h3><b>{}</b> <code>{}</code></h3><p>{}</p>",
        anchor(text(&operation["operationId"])),
        method.to_uppercase(),
        escape(path),
        prose(text(&operation["summary"]))
    );
    let schemes: Vec<_> = items(&operation["security"])
        .iter()
        .flat_map(fields)
        .map(|(name, _)| format!("<code>{}</code>", escape(name)))
        .collect();
    if !schemes.is_empty() {
        let _ = write!(out, "<p>Authorization: {}</p>", schemes.join(" or "));
    }
    let parameters = items(&operation["parameters"]);
    if !parameters.is_empty() {
        out.push_str("<table><caption>Parameters</caption><tbody>");
        for parameter in parameters {
            let _ = write!(
                out,
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                prose(text(&parameter["description"]))
            );
        }
        out.push_str("</tbody></table>");
    }
    for (content_type, content) in fields(&operation["requestBody"]["content"]) {
        let _ = write!(
            out,
            "<p>Body: <code>{}</code>, {}</p>",
            escape(content_type),
            kind(&content["schema"])
        );
    }
    out.push_str("<table><caption>Answers</caption><tbody>");
    for (status, response) in fields(&operation["responses"]) {
        let bodies: Vec<_> = fields(&response["content"])
            .map(|(_, content)| kind(&content["schema"]))
            .collect();
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escape(status),
            bodies.join(", "),
            prose(text(&response["description"]))
        );
    }
    out.push_str("</tbody></table></section>");
}

/// The fields of an object, those of its parts included.
fn properties(out: &mut String, schema: &Value) {
    for part in items(&schema["allOf"]) {
        if part.get("$ref").is_some() {
            let _ = write!(out, "<p>With {}.</p>", kind(part));
        }
        properties(out, part);
    }
    if let Some(words) = schema["enum"].as_array() {
        let _ = write!(out, "<p>One of {}.</p>", list(words));
    }
    if schema.get("properties").is_none() {
        return;
    }
    let required = items(&schema["required"]);
    out.push_str("<table><tbody>");
    for (name, property) in fields(&schema["properties"]) {
        let always = required.iter().any(|required| required == name);
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code>{}</th><td>{}</td><td>{}</td></tr>",
            escape(name),
            if always { "" } else { " <small>optional</small>" },
            kind(property),
            prose(text(&property["description"]))
        );
    }
    out.push_str("</tbody></table>");
}

/// What a value is, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    for parts in ["allOf", "oneOf", "anyOf"] {
        if let Some(parts) = schema[parts].as_array() {
            let named = parts.iter().map(kind).filter(|kind| !kind.is_empty());
            return named.collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return list(words);
    }
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        one => vec![text(one)],
    };
    if types.contains(&"array") {
        return format!("list of {}", kind(&schema["items"]));
    }
    if types == ["object"] && schema.get("properties").is_some() {
        return String::new();
    }
    escape(&types.join(" or "))
}

fn list(words: &[Value]) -> String {
    let words = words.iter().map(|word| match word {
        Value::String(word) => format!("<code>{}</code>", escape(word)),
        other => format!("<code>{other}</code>"),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Every call: method, path and what is said of it.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    fields(&document["paths"])
        .flat_map(|(path, item)| fields(item).map(move |(method, operation)| (method, path, operation)))
}

fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = value.as_object().into_iter().flat_map(Map::iter);
    fields.map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn anchor(name: &str) -> String {
    let name = name.to_lowercase().replace(' ', "-");
    escape(&name)
}

/// Text with `code` in it.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        if index % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
        } else {
            out.push_str(&part);
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_document_says_cannot_become_markup() {
        let evil = "<script>\"&`<b>`";
        let document = json!({
            "info": {"version": evil, "description": evil},
            "tags": [{"name": evil, "description": evil}],
            "paths": {evil: {"get": {"tags": [evil], "operationId": evil, "summary": evil,
                "parameters": [{"name": evil, "in": evil, "description": evil}],
                "responses": {evil: {"description": evil, "content": {evil: {"schema": {"type": evil}}}}}}}},
            "components": {"schemas": {evil: {"description": evil, "properties": {evil: {"enum": [evil]}}}}},
        });
        let page = page(&document);
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains("&lt;script&gt;&quot;&amp;<code>&lt;b&gt;</code>"),
            "{page}"
        );
    }
}
