use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer, start_body};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, Row, SqliteConnection};

const SITES: [(&str, &str); 8] = [
    ("SITES__0__KEY", "demo"),
    ("SITES__0__SECRET", "demo-secret"),
    ("SITES__0__COUNTRIES", "*"),
    ("SITES__0__NUMBER_STORAGE", "encrypted"),
    ("SITES__1__KEY", "other"),
    ("SITES__1__SECRET", "other-secret"),
    ("SITES__1__COUNTRIES", "*"),
    ("LIMITS__NUMBER__PER_HOUR", "3"),
];

async fn erase(server: &TestServer, number: &str) -> Reply {
    let body = json!({ "phone_number": number });
    server.host(Method::POST, "/v1/numbers/erase", &body).await
}

#[tokio::test]
async fn the_site_forgets_the_number_and_its_limits_are_not_refilled() {
    let server = TestServer::with(&SITES).await;
    let (started, token) = server.approved().await;
    let claim = json!({ "token": token });
    let path = "/v1/subjects/17/number";
    assert_eq!(server.host(Method::PUT, path, &claim).await.status, 200);
    let other = server.started(OTHER_NUMBER).await;
    let mut elsewhere = start_body(NUMBER);
    elsewhere["site_key"] = "other".into();
    let elsewhere = server.post("/v1/verifications", &elsewhere).await;
    let elsewhere = crate::harness::Started::of(&elsewhere);
    let pending = server.started(NUMBER).await;

    let reply = erase(&server, "+1 (202) 555-0134").await;
    assert_eq!((reply.status, reply.bytes.len()), (204, 0), "{reply:?}");
    for gone in [&started, &pending] {
        server.view(gone).await.assert_problem(404, "not_found");
    }
    let held = server.host(Method::GET, path, &Value::Null).await;
    held.assert_problem(404, "not_found");
    server.redeem(&token).await.assert_problem(422, "invalid_token");
    for stays in [&other, &elsewhere] {
        assert_eq!(server.view(stays).await.status, 200);
    }
    server
        .try_start(NUMBER)
        .await
        .assert_problem(429, "too_many_requests");
    assert_eq!(erase(&server, NUMBER).await.status, 204, "as often as one likes");
}

/// Every column of every table, but the rows that limit it.
#[tokio::test]
async fn no_table_of_the_site_knows_the_number_any_more() {
    let server = TestServer::with(&SITES).await;
    let session = server.session(&json!({"subject": "17"})).await;
    let mut body = start_body(NUMBER);
    body["session"] = session.as_str().into();
    let request = server.request(Method::POST, "/v1/verifications").json(&body);
    let reply = Reply::of(request.header("idempotency-key", "0123456789abcdef")).await;
    let checked = server
        .check(&crate::harness::Started::of(&reply), &server.code().await)
        .await;
    let claim = json!({ "token": checked.body["token"] });
    let held = server.host(Method::PUT, "/v1/subjects/17/number", &claim).await;
    let index = hex::decode(held.body["phone_number_index"].as_str().unwrap()).unwrap();
    let url = format!(
        "sqlite://{}",
        server.folder().join("data/phone-verify.db").display()
    );
    let known_to = async || {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let mut tables = Vec::new();
        let names = "SELECT m.name AS in_table, c.name AS in_column FROM sqlite_schema m, pragma_table_info(m.name) c \
                     WHERE m.type = 'table'";
        for row in sqlx::query(names).fetch_all(&mut connection).await.unwrap() {
            let (table, column): (String, String) = (row.get("in_table"), row.get("in_column"));
            let count = format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1");
            let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
                .bind(&index)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            if found > 0 {
                tables.push(table);
            }
        }
        tables.sort_unstable();
        tables
    };
    assert_eq!(known_to().await, ["numbers", "subjects", "verifications"]);
    assert_eq!(erase(&server, NUMBER).await.status, 204);
    assert_eq!(known_to().await, ["numbers"], "the window of its checks");
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for table in ["idempotency", "deliveries", "tokens"] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn what_is_no_number_is_422() {
    let server = TestServer::start().await;
    for number in ["", "x", "12", "+1202555013"] {
        erase(&server, number).await.assert_problem(422, "invalid_number");
    }
    let national = json!({"phone_number": "(202) 555-0134", "country": "US"});
    let reply = server.host(Method::POST, "/v1/numbers/erase", &national).await;
    assert_eq!(reply.status, 204, "{reply:?}");
    let bad = json!({"phone_number": NUMBER, "country": "USA"});
    let reply = server.host(Method::POST, "/v1/numbers/erase", &bad).await;
    reply.assert_problem(400, "invalid_request");
}
