//! 2 sites × 2 subjects × 2 nonces × 2 purposes × 2 numbers: what is made for one of them is accepted for that one only.

use crate::harness::{NUMBER, OTHER_NUMBER, Reply, Started, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

const SITES: [&str; 2] = ["demo", "other"];
const NUMBERS: [&str; 2] = [NUMBER, OTHER_NUMBER];

/// Which of two it is, for each of the five.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cell([usize; 5]);

impl Cell {
    fn all() -> impl Iterator<Item = Self> {
        (0..32).map(|bits: usize| Self([0, 1, 2, 3, 4].map(|place| bits >> place & 1)))
    }

    fn site(self) -> &'static str {
        SITES[self.0[0]]
    }

    fn subject(self) -> String {
        format!("subject-{}", self.0[1])
    }

    fn nonce(self) -> String {
        format!("nonce-{}", self.0[2])
    }

    fn purpose(self) -> String {
        format!("purpose-{}", self.0[3])
    }

    fn number(self) -> &'static str {
        NUMBERS[self.0[4]]
    }
}

/// What one cell has got so far.
struct Made {
    cell: Cell,
    session: String,
    started: Started,
    code: String,
}

async fn server() -> TestServer {
    TestServer::with(&[
        ("SITES__0__KEY", "demo"),
        ("SITES__0__SECRET", "demo-secret"),
        ("SITES__0__COUNTRIES", "*"),
        ("SITES__0__SUBJECTS_PER_NUMBER", "1000"),
        ("SITES__1__KEY", "other"),
        ("SITES__1__SECRET", "other-secret"),
        ("SITES__1__COUNTRIES", "*"),
        ("SITES__1__SUBJECTS_PER_NUMBER", "1000"),
        ("LIMITS__NUMBER__PENDING", "1000"),
        ("LIMITS__NUMBER__PER_HOUR", "1000"),
        ("LIMITS__NUMBER__PER_DAY", "1000"),
        ("LIMITS__CHECKS__PER_VERIFICATION", "100"),
        ("LIMITS__CHECKS__PER_NUMBER_PER_DAY", "10000"),
        ("LIMITS__ADDRESS__PER_10_MINUTES", "100000"),
        ("LIMITS__ADDRESS__PER_HOUR", "100000"),
        ("LIMITS__ADDRESS__PER_DAY", "100000"),
    ])
    .await
}

fn start(cell: Cell, session: &str) -> Value {
    json!({
        "site_key": cell.site(), "phone_number": cell.number(), "session": session, "nonce": cell.nonce(),
        "purpose": cell.purpose(),
    })
}

async fn made(server: &TestServer, cell: Cell) -> Made {
    let body = json!({"subject": cell.subject(), "nonce": cell.nonce(), "purpose": cell.purpose()});
    let opened = server
        .host_as(cell.site(), Method::POST, "/v1/sessions", &body)
        .await;
    let session = opened.body["session"].as_str().unwrap().to_owned();
    let reply = server.post("/v1/verifications", &start(cell, &session)).await;
    assert_eq!(reply.status, 201, "{cell:?} {reply:?}");
    Made {
        cell,
        session,
        started: Started::of(&reply),
        code: server.code().await,
    }
}

#[tokio::test]
async fn only_the_diagonal_is_accepted() {
    let server = server().await;
    let mut all = Vec::new();
    for cell in Cell::all() {
        all.push(made(&server, cell).await);
    }
    sessions_serve_their_own_site_nonce_and_purpose(&server, &all).await;
    codes_serve_their_own_verification(&server, &all).await;
    tokens_serve_their_own_site_and_subject(&server, &all).await;
}

/// A session of the one, used as the other says.
async fn sessions_serve_their_own_site_nonce_and_purpose(server: &TestServer, all: &[Made]) {
    for one in all {
        for other in all {
            let differs = (0..5).filter(|place| one.cell.0[*place] != other.cell.0[*place]);
            // One thing at a time; subject and number are not the page's to say.
            if differs.clone().count() != 1 || differs.clone().all(|place| matches!(place, 1 | 4)) {
                continue;
            }
            let body = start(other.cell, &one.session);
            let reply = server.post("/v1/verifications", &body).await;
            reply.assert_problem(422, "invalid_session");
        }
    }
}

/// A code of the one, typed into each that differs from it in one thing.
async fn codes_serve_their_own_verification(server: &TestServer, all: &[Made]) {
    for one in all {
        for other in all.iter().filter(|other| other.code != one.code) {
            if (0..5)
                .filter(|place| one.cell.0[*place] != other.cell.0[*place])
                .count()
                == 1
            {
                let reply = server.check(&one.started, &other.code).await;
                reply.assert_problem(422, "wrong_code");
            }
        }
    }
}

async fn tokens_serve_their_own_site_and_subject(server: &TestServer, all: &[Made]) {
    for one in all {
        let reply = server.check(&one.started, &one.code).await;
        let token = reply.body["token"].as_str().unwrap();
        let subjects = [0, 1].map(|subject| format!("subject-{subject}"));
        for site in SITES {
            for subject in &subjects {
                if (site, subject) == (one.cell.site(), &one.cell.subject()) {
                    continue;
                }
                let path = format!("/v1/subjects/{subject}/number");
                let claim = server
                    .host_as(site, Method::PUT, &path, &json!({ "token": token }))
                    .await;
                claim.assert_problem(422, "invalid_token");
            }
            if site != one.cell.site() {
                let refused = server.redeem_as(site, &format!("{site}-secret"), token).await;
                refused.assert_problem(422, "invalid_token");
                let secret = format!("{site}-secret");
                let form = [("secret", secret.as_str()), ("response", token)];
                let refused = Reply::of(server.request(Method::POST, "/v1/siteverify").form(&form)).await;
                assert_eq!(refused.body["success"], false);
            }
        }
        let site = one.cell.site();
        let claims = server.redeem_as(site, &format!("{site}-secret"), token).await;
        assert_eq!(claims.status, 200, "{:?} {claims:?}", one.cell);
        for (claim, expected) in [
            ("aud", site.to_owned()),
            ("sub", one.cell.subject()),
            ("nonce", one.cell.nonce()),
            ("purpose", one.cell.purpose()),
        ] {
            assert_eq!(claims.body[claim], expected, "{:?}", one.cell);
        }
    }
    indexes_are_each_sites_own(server).await;
}

/// Four indexes of two numbers on two sites: none joins two sites' rows.
async fn indexes_are_each_sites_own(server: &TestServer) {
    let mut indexes = std::collections::BTreeSet::new();
    for site in SITES {
        for number in NUMBERS {
            let body = json!({"site_key": site, "phone_number": number});
            let token = server.token_of(&body).await;
            let claims = server.redeem_as(site, &format!("{site}-secret"), &token).await;
            indexes.insert(claims.body["phone_number_index"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(indexes.len(), 4);
}
