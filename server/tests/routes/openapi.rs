//! The description of the API says what is there, and all of it.

use crate::harness::TestServer;
use crate::table;
use phone_verify_domain::ErrorCode;
use serde_json::Value;
use std::collections::BTreeSet;

async fn document() -> Value {
    let server = TestServer::start().await;
    let reply = server.get("/openapi.json").await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "application/json")
    );
    reply.body
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    fields(&document["paths"]).flat_map(|(path, item)| {
        fields(item).map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

/// What other programs call; the rest is for this server's own pages, for Twilio, and for browsers that load files.
fn is_public(path: &str) -> bool {
    path.starts_with("/v1/")
        || path.starts_with("/v2/")
        || ["/.well-known/jwks.json", "/healthz", "/readyz"].contains(&path)
}

#[tokio::test]
async fn every_public_route_is_in_the_description_and_nothing_else() {
    let document = document().await;
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<_> = operations(&document).map(|(call, _)| call).collect();
    let routes = table::calls().into_iter();
    let served: BTreeSet<_> = routes
        .filter(|(_, path)| is_public(path))
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(described, served, "left: described, right: served");
}

#[tokio::test]
async fn every_error_code_is_in_the_description_with_its_status() {
    let document = document().await;
    let words: BTreeSet<_> = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    let all: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(words, all);

    let mut answered = BTreeSet::new();
    for (call, operation) in operations(&document) {
        for (status, response) in fields(&operation["responses"]) {
            let schema = &response["content"]["application/problem+json"]["schema"];
            for word in schema["allOf"][1]["properties"]["code"]["enum"]
                .as_array()
                .into_iter()
                .flatten()
            {
                let code = ErrorCode::parse(word.as_str().unwrap()).unwrap();
                let expected = if status == "408" {
                    "408".to_owned()
                } else {
                    code.status().to_string()
                };
                assert_eq!(*status, expected, "{call}: {word}");
                answered.insert(code.as_str());
            }
        }
    }
    // No call answers it: it is the answer to the methods that are not described.
    let described = |code: &&str| *code != ErrorCode::MethodNotAllowed.as_str();
    assert_eq!(answered, all.into_iter().filter(described).collect());
}

#[tokio::test]
async fn what_it_refers_to_is_there_and_each_call_has_a_name_of_its_own() {
    let document = document().await;
    let mut names = BTreeSet::new();
    for (call, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{call}");
        assert!(
            !operation["summary"].as_str().unwrap_or_default().is_empty(),
            "{call}"
        );
    }
    let text = document.to_string();
    for (at, _) in text.match_indices("\"#/components/") {
        let pointer = text[at + 2..].split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn the_page_tells_every_call_without_a_script() {
    let server = TestServer::start().await;
    let document = server.get("/openapi.json").await.body;
    let page = server.get("/openapi").await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.bytes).unwrap();
    for (path, _) in fields(&document["paths"]) {
        assert!(html.contains(&format!("<code>{path}</code></h3>")), "{path}");
    }
    assert!(!html.contains("<script") && !html.contains(" style="));
    for (at, _) in html.match_indices(" href=\"#") {
        let anchor = html[at + 8..].split('"').next().unwrap();
        assert!(html.contains(&format!(" id=\"{anchor}\"")), "{anchor}");
    }
    assert_eq!(
        server.get("/openapi.css").await.header("content-type"),
        "text/css; charset=utf-8"
    );
}
