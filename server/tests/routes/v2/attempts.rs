use super::{SERVICE, call, check, post, started, text, try_start};
use crate::harness::{NUMBER, OTHER_NUMBER, Reply, TestServer};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

async fn list(server: &TestServer, query: &str) -> Reply {
    call(server, Method::GET, &format!("/v2/Attempts?{query}"), None).await
}

/// Two sendings of one number, the second of which was approved, and one of another.
async fn three(server: &TestServer) {
    started(server).await;
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(
        post(server, "Verifications", &[("To", NUMBER), ("Channel", "call")])
            .await
            .status,
        201
    );
    assert_eq!(
        check(server, &server.code().await).await.body["status"],
        "approved"
    );
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(try_start(server, OTHER_NUMBER).await.status, 201);
}

#[tokio::test]
async fn every_sending_is_an_attempt_the_newest_first() {
    let server = TestServer::start().await;
    three(&server).await;
    let reply = list(&server, "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let attempts = reply.body["attempts"].as_array().unwrap();
    let told: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            (
                text(attempt, "channel"),
                text(attempt, "conversion_status"),
                text(&attempt["channel_data"], "to"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("sms", "unconverted", "+44 ••• ••• ••56"),
            ("call", "converted", "+1 ••• ••• ••34"),
            ("sms", "unconverted", "+1 ••• ••• ••34"),
        ]
    );
    let one = &attempts[1];
    assert_eq!(one["service_sid"], SERVICE);
    assert_eq!(
        (
            &one["channel_data"]["status"],
            &one["channel_data"]["call_status"],
            &one["channel_data"]["country"]
        ),
        (&json!("confirmed"), &json!("in-progress"), &json!("US"))
    );
    let path = text(one, "url").strip_prefix(&server.url).unwrap();
    assert_eq!(call(&server, Method::GET, path, None).await.body, *one);
    call(
        &server,
        Method::GET,
        "/v2/Attempts/VL00000000000000000000000000000000",
        None,
    )
    .await
    .assert_twilio(404, 20404);
    call(&server, Method::GET, "/v2/Attempts/%ff", None)
        .await
        .assert_twilio(400, 60200);
}

#[tokio::test]
async fn filters_and_pages_leave_out_what_they_say() {
    let server = TestServer::start().await;
    three(&server).await;
    let all = list(&server, "").await;
    let verification = text(&all.body["attempts"][1], "verification_sid").to_owned();
    let cases = [
        (format!("VerifyServiceSid={SERVICE}"), 3),
        (format!("VerificationSid={verification}"), 2),
        ("Channel=call".to_owned(), 1),
        ("Channel=email".to_owned(), 0),
        ("Country=GB".to_owned(), 1),
        ("Status=converted".to_owned(), 1),
        ("Status=unconverted".to_owned(), 2),
        ("ChannelData.To=%2B12025550134".to_owned(), 2),
        ("DateCreatedAfter=2027-01-15T08:01:00Z".to_owned(), 2),
        ("DateCreatedBefore=2027-01-15T08:01:00Z".to_owned(), 2),
        (
            "DateCreatedAfter=2027-01-15T08:01:00Z&Country=GB&Status=converted".to_owned(),
            0,
        ),
    ];
    for (query, count) in cases {
        let reply = list(&server, &query).await;
        assert_eq!(
            reply.body["attempts"].as_array().unwrap().len(),
            count,
            "{query}: {reply:?}"
        );
    }
    let mut path = "/v2/Attempts?PageSize=2&Country=US&Channel=sms".to_owned();
    let first = call(&server, Method::GET, &path, None).await;
    assert_eq!(first.body["meta"]["next_page_url"], json!(null));
    path = "/v2/Attempts?PageSize=2".to_owned();
    let first = call(&server, Method::GET, &path, None).await;
    let next = text(&first.body["meta"], "next_page_url")
        .strip_prefix(&server.url)
        .unwrap()
        .to_owned();
    let second = call(&server, Method::GET, &next, None).await;
    assert_eq!(second.body["attempts"], json!([all.body["attempts"][2]]));
    assert_eq!(second.body["meta"]["next_page_url"], json!(null));
    assert!(text(&second.body["meta"], "previous_page_url").contains("Page=0"));
    for bad in [
        "PageSize=0",
        "PageSize=1001",
        "Page=-1",
        "Status=maybe",
        "Country=USA",
        "DateCreatedAfter=yesterday",
    ] {
        list(&server, bad).await.assert_twilio(400, 60200);
    }
    list(&server, "VerifyServiceSid=VA00000000000000000000000000000000")
        .await
        .assert_twilio(404, 20404);
}

#[tokio::test]
async fn the_summary_tells_how_many_codes_led_to_an_approval() {
    let server = TestServer::start().await;
    let summary = async |query: &str| {
        call(
            &server,
            Method::GET,
            &format!("/v2/Attempts/Summary?{query}"),
            None,
        )
        .await
    };
    assert_eq!(summary("").await.body["conversion_rate_percentage"], "0");
    three(&server).await;
    let reply = summary(&format!("VerifyServiceSid={SERVICE}")).await;
    let expected = json!({
        "total_attempts": 3,
        "total_converted": 1,
        "total_unconverted": 2,
        "conversion_rate_percentage": "33.333333333",
        "url": format!("{}/v2/Attempts/Summary", server.url),
    });
    assert_eq!((reply.status, reply.body), (200, expected));
    assert_eq!(
        summary("Country=US&Channel=call").await.body["conversion_rate_percentage"],
        "100"
    );
    summary("DestinationPrefix=%2B1202")
        .await
        .assert_twilio(400, 60200);
}
