//! `phone-verify import`: what a system before this one verified is held here, and nothing that a report says is a number.

use crate::cluster::fresh_database;
use crate::process::{Outcome, Program, client};
use crate::{NUMBER, check, start};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// `printf 2025550134 | sha1sum`
const HASHED: &str = "79231f73ee4bac848fbbde02d94528fd5670ef20";

/// A deployment: its folder, and where its database is.
struct Deployment {
    folder: TempDir,
    database: Option<String>,
}

impl Deployment {
    fn variables(&self) -> Vec<(&str, &str)> {
        let address = self.database.as_deref();
        let database = address.map(|address| ("PHONE_VERIFY__DATABASE__URL", address));
        let spacing = ("PHONE_VERIFY__LIMITS__NUMBER__SPACING", "0s");
        database.into_iter().chain([spacing]).collect()
    }

    fn import(&self, arguments: &[&str]) -> Outcome {
        let arguments = [&["import", "--site", "demo"], arguments].concat();
        Program::run(&self.folder, &arguments, &self.variables())
    }

    fn file(&self, text: &str) -> String {
        let path = self.folder.path().join("numbers.csv");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn serve(&self) -> Program {
        Program::serve(&self.folder, &self.variables())
    }
}

async fn deployments() -> [Deployment; 2] {
    let database = Some(fresh_database().await.unwrap());
    let folder = || TempDir::new().unwrap();
    [
        Deployment {
            folder: folder(),
            database: None,
        },
        Deployment {
            folder: folder(),
            database,
        },
    ]
}

async fn held(program: &Program, subject: &str) -> (u16, Value) {
    let url = format!("{}/v1/subjects/{subject}/number", program.url);
    let response = client()
        .get(url)
        .basic_auth("demo", Some("demo-secret"))
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn claim(program: &Program, subject: &str, token: &Value) -> (u16, Value) {
    let url = format!("{}/v1/subjects/{subject}/number", program.url);
    let request = client().put(url).basic_auth("demo", Some("demo-secret"));
    let response = request.json(&json!({ "token": token })).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The code that was sent.
async fn code(program: &Program) -> String {
    let request = client().get(format!("{}/dev/outbox", program.url));
    let outbox: Value = request
        .header("accept", "application/json")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    outbox[0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_numbers_are_held_as_if_they_had_been_proved_here() {
    for deployment in deployments().await {
        let file = deployment.file(
            "subject,phone_number,country,verified,verified_at\n\
             17,(202) 555-0134,US,t,2024-01-31 12:00:00+00\n\
             18,+447400123456,,true,\n\
             19,12,US,1,\n\
             20,+18005550199,,1,\n\
             21,+12025550135,,0,\n\
             22,+1 202 555 0134,,1,\n\
             \"23\n",
        );
        let refused = "line 4: `phone_number` is not a number of any numbering plan (a national one needs `country` or --country)\n\
                       line 5: numbers of this type are refused\n\
                       line 6: not verified there\n\
                       line 7: other subjects hold the number\n\
                       line 8: not a row of this table\n";
        let said = |summary: &str| format!("{refused}{summary}\n");
        let dry = deployment.import(&[&file, "--dry-run"]);
        assert_eq!(
            dry.output,
            said("2 would be imported (0 of them as hashes), 0 there before, 5 refused"),
            "{dry:?}"
        );
        let program = deployment.serve();
        assert_eq!(held(&program, "17").await.0, 404);
        for summary in [
            "2 imported (0 of them as hashes), 0 there before, 5 refused",
            "0 imported (0 of them as hashes), 2 there before, 5 refused",
        ] {
            let outcome = deployment.import(&[&file]);
            assert_eq!(
                (outcome.code, outcome.output.as_str()),
                (Some(0), said(summary).as_str()),
                "{outcome:?}"
            );
            for number in ["555-0134", "5550135", "555 0134", "7400123456", "8005550199"] {
                assert!(!outcome.errors.contains(number), "{number}: {outcome:?}");
            }
        }
        let (status, number) = held(&program, "17").await;
        assert_eq!((status, &number["verified"]), (200, &true.into()), "{number}");
        assert_eq!(number["to"], "+1 ••• ••• ••34");
        assert_eq!(number["verified_at"], "2024-01-31T12:00:00Z");
        assert_eq!(held(&program, "18").await.0, 200);

        let view = start(&program).await;
        let (_, approved) = check(&program, &view, &code(&program).await).await;
        let (status, refused) = claim(&program, "24", &approved["token"]).await;
        assert_eq!(
            (status, &refused["code"]),
            (409, &"number_taken".into()),
            "{refused}"
        );
        let (status, kept) = claim(&program, "17", &approved["token"]).await;
        assert_eq!(
            (status, &kept["phone_number_index"]),
            (200, &number["phone_number_index"])
        );
        program.end("TERM");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hashed_number_is_linked_when_it_is_typed_again_and_before_anybody_else_can_claim_it() {
    for deployment in deployments().await {
        let file = deployment.file(&format!("subject,phone_number_sha1\n17,{HASHED}\n"));
        let outcome = deployment.import(&[&file, "--channel", "call"]);
        assert_eq!(
            outcome.output, "1 imported (1 of them as hashes), 0 there before, 0 refused\n",
            "{outcome:?}"
        );
        std::fs::remove_file(file).unwrap();
        let database = deployment.folder.path().join("data/phone-verify.db");
        if let Ok(bytes) = std::fs::read(database) {
            let digest = hex::decode(HASHED).unwrap();
            assert!(
                !bytes.windows(20).any(|window| window == digest),
                "the hash itself is stored"
            );
        }
        let program = deployment.serve();
        assert_eq!(held(&program, "17").await.0, 404);
        let view = start(&program).await;
        let code = code(&program).await;
        // A page that keeps the number back does not get around it.
        let (status, refused) = check(&program, &view, &code).await;
        assert_eq!(
            (status, &refused["code"]),
            (400, &"invalid_request".into()),
            "{refused}"
        );
        let url = format!(
            "{}/v1/verifications/{}/check",
            program.url,
            view["id"].as_str().unwrap()
        );
        let request = client()
            .post(url)
            .bearer_auth(view["client_secret"].as_str().unwrap());
        let body = json!({ "code": code, "phone_number": NUMBER });
        let approved: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        let (status, number) = held(&program, "17").await;
        assert_eq!((status, &number["channel"]), (200, &"call".into()), "{number}");
        let (status, refused) = claim(&program, "24", &approved["token"]).await;
        assert_eq!(
            (status, &refused["code"]),
            (409, &"number_taken".into()),
            "{refused}"
        );
        program.end("TERM");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_of_another_system_are_read_where_they_are() {
    const TABLE: &str = "CREATE TABLE users (id INTEGER, number TEXT, verified BOOLEAN, at TIMESTAMP)";
    const ROWS: &str = "INSERT INTO users VALUES (17, '2025550134', TRUE, '2024-01-31 12:00:00'), \
                        (18, '2025550135', FALSE, NULL), (19, NULL, TRUE, NULL)";
    const QUERY: &str =
        "SELECT id AS subject, number AS phone_number, verified, at AS verified_at FROM users ORDER BY id";
    let [deployment, other] = deployments().await;
    let file = format!("sqlite://{}", deployment.folder.path().join("old.db").display());
    let mut sqlite = SqliteConnection::connect(&format!("{file}?mode=rwc"))
        .await
        .unwrap();
    let postgres_url = fresh_database().await.unwrap();
    let mut postgres = PgConnection::connect(&postgres_url).await.unwrap();
    for statement in [TABLE, ROWS] {
        sqlx::query(statement).execute(&mut sqlite).await.unwrap();
        sqlx::query(statement).execute(&mut postgres).await.unwrap();
    }
    for (deployment, address) in [(deployment, file), (other, postgres_url)] {
        let outcome = deployment.import(&["--database", &address, "--query", QUERY, "--country", "US"]);
        assert_eq!(
            outcome.output,
            "line 2: not verified there\nline 3: neither `phone_number` nor `phone_number_sha1`\n\
             1 imported (0 of them as hashes), 0 there before, 2 refused\n",
            "{outcome:?}"
        );
        let program = deployment.serve();
        assert_eq!(
            held(&program, "17").await.1["verified_at"],
            "2024-01-31T12:00:00Z"
        );
        program.end("TERM");
        let writing = deployment.import(&[
            "--database",
            &address,
            "--query",
            "DELETE FROM users RETURNING id AS subject",
        ]);
        assert_eq!(writing.code, Some(1), "{writing:?}");
    }
}

#[test]
fn what_cannot_be_imported_at_all_is_one_line_and_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("numbers.csv");
    std::fs::write(&file, "user,number\n17,+12025550134\n").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, said) in [
        (
            vec!["import", "--site", "demo", file],
            "phone-verify: the first line names no column `subject`",
        ),
        (
            vec!["import", "--site", "demo", "nowhere.csv"],
            "phone-verify: the file cannot be read",
        ),
        (vec!["import", "--site", "nobody", file], "phone-verify: --site: "),
        (
            vec!["import", "--site", "demo", file, "--country", "USA"],
            "phone-verify: --country: ",
        ),
        (
            vec![
                "import",
                "--site",
                "demo",
                "--database",
                "mysql://x",
                "--query",
                "SELECT 1",
            ],
            "phone-verify: --database: ",
        ),
    ] {
        let outcome = Program::run(&folder, &arguments, &[]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let errors = outcome
            .errors
            .lines()
            .filter(|line| line.starts_with("phone-verify:"));
        assert!(
            errors.clone().count() == 1 && errors.clone().all(|line| line.starts_with(said)),
            "{outcome:?}"
        );
    }
}
