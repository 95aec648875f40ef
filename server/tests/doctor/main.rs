//! `phone-verify doctor`, the real program, against a fake Twilio and a running server: each fault is one line that says
//! what to do, and nothing is sent or changed.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use fake_twilio::{Console, FakeTwilio, VerifyService};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";

/// A deployment as its operator sees it: settings in variables, a folder, an account.
struct Deployment {
    fake: FakeTwilio,
    folder: TempDir,
    settings: BTreeMap<String, String>,
    server: Option<Child>,
}

/// What the doctor said.
struct Said {
    code: Option<i32>,
    lines: Vec<String>,
}

impl Deployment {
    async fn new() -> Self {
        let fake = FakeTwilio::start().await.unwrap();
        let account = fake.account().clone();
        let settings = [
            ("PHONE_VERIFY__MODE", "production".to_owned()),
            ("PHONE_VERIFY__SITES__0__KEY", "shop".to_owned()),
            ("PHONE_VERIFY__SITES__0__SECRET", "shop-secret".to_owned()),
            (
                "PHONE_VERIFY__SITES__0__ORIGINS",
                "https://shop.example".to_owned(),
            ),
            ("PHONE_VERIFY__SITES__0__COUNTRIES", "GB,US".to_owned()),
            ("TWILIO_ACCOUNT_SID", account.sid),
            ("TWILIO_AUTH_TOKEN", account.auth_token),
            ("TWILIO_FROM_NUMBER", "+15005550006".to_owned()),
            ("TWILIO_API_URL", fake.url()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        Self {
            fake,
            folder: TempDir::new().unwrap(),
            settings: settings.into(),
            server: None,
        }
    }

    fn command(&self, more: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phone-verify"));
        for (name, _) in std::env::vars() {
            if name.starts_with("PHONE_VERIFY") || name.starts_with("TWILIO_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command.current_dir(self.folder.path());
        command.envs(&self.settings).envs(more.iter().copied());
        command
    }

    /// Starts the server at a port that stays the same.
    fn serve(&mut self) {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let listen = format!("127.0.0.1:{port}");
        let mut set = |name: &str, value: String| {
            self.settings.insert(format!("PHONE_VERIFY__HTTP__{name}"), value);
        };
        set("LISTEN", listen.clone());
        set("PUBLIC_URL", format!("http://{listen}"));
        let mut server = self
            .command(&[])
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        self.server = Some(server);
        assert!(line.contains(&listen), "{line}");
    }

    /// Runs the doctor with these settings on top.
    async fn doctor(&self, more: &[(&str, &str)]) -> Said {
        let mut command = self.command(more);
        let output = tokio::task::spawn_blocking(move || command.arg("doctor").output().unwrap());
        let output = output.await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        for secret in [&self.fake.account().auth_token, "shop-secret"] {
            assert!(
                !text.contains(secret) && !errors.contains(secret),
                "{text}{errors}"
            );
        }
        Said {
            code: output.status.code(),
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    /// The one line that says what to do.
    async fn only_to_do(&self, more: &[(&str, &str)]) -> String {
        let said = self.doctor(more).await;
        let to_do: Vec<&String> = said
            .lines
            .iter()
            .filter(|line| line.starts_with("to do"))
            .collect();
        assert_eq!((to_do.len(), said.code), (1, Some(1)), "{:#?}", said.lines);
        to_do[0].clone()
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_is_well_every_line_is_ok_and_nothing_was_sent() {
    let mut deployment = Deployment::new().await;
    deployment.serve();
    let said = deployment.doctor(&[]).await;
    assert_eq!(said.code, Some(0), "{:#?}", said.lines);
    assert!(
        said.lines.iter().all(|line| line.starts_with("ok")),
        "{:#?}",
        said.lines
    );
    for about in [
        "settings",
        "keys_dir",
        "migrations",
        "keys",
        "database",
        "twilio credentials",
        "clock",
        "twilio account",
        "sender of messages",
        "sender of calls",
        "countries of messages",
        "countries of calls",
        "callback",
    ] {
        assert!(
            said.lines
                .iter()
                .any(|line| line.starts_with(&format!("ok     {about}: "))),
            "{about}: {:#?}",
            said.lines
        );
    }
    assert_eq!(deployment.fake.sent().len(), 0);
    assert!(
        deployment
            .fake
            .requests()
            .iter()
            .all(|request| request.method == "GET")
    );
    assert_eq!(deployment.fake.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_start_nothing_is_made_and_what_will_be_is_said() {
    let deployment = Deployment::new().await;
    let said = deployment.doctor(&[]).await;
    assert_eq!(said.code, Some(0), "{:#?}", said.lines);
    assert_eq!(std::fs::read_dir(deployment.folder.path()).unwrap().count(), 0);
    for about in ["note   keys: ", "note   database: ", "note   callback: "] {
        assert!(
            said.lines.iter().any(|line| line.starts_with(about)),
            "{:#?}",
            said.lines
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_the_account_is_one_line() {
    let deployment = Deployment::new().await;
    let console = Console::default;
    let with = |number: &str, can: &[&str]| Console {
        numbers: BTreeMap::from([(
            number.to_owned(),
            can.iter().map(|can| (*can).to_owned()).collect(),
        )]),
        ..console()
    };
    let cases = [
        (
            Console {
                status: "suspended".to_owned(),
                ..console()
            },
            "twilio account: it is suspended",
        ),
        (
            Console {
                clock_ahead: 90,
                ..console()
            },
            "clock: it is ",
        ),
        (
            with("+15005550006", &["voice"]),
            "sender of messages: the number sends no messages",
        ),
        (
            with("+15005550006", &["sms"]),
            "sender of calls: twilio.from makes no calls",
        ),
        (
            Console {
                no_messages_to: vec!["GB".to_owned()],
                ..console()
            },
            "countries of messages: Twilio's geo permissions do not allow GB",
        ),
        (
            Console {
                no_calls_to: vec!["US".to_owned()],
                ..console()
            },
            "countries of calls: Twilio's geo permissions do not allow US",
        ),
    ];
    for (console, expected) in cases {
        deployment.fake.set_up(console);
        let line = deployment.only_to_do(&[]).await;
        assert!(line.starts_with(&format!("to do  {expected}")), "{line}");
    }
    deployment.fake.set_up(Console {
        kind: "Trial".to_owned(),
        ..console()
    });
    let said = deployment.doctor(&[]).await;
    assert!(
        said.lines
            .iter()
            .any(|line| line.starts_with("note   twilio account: it is a trial")),
        "{:#?}",
        said.lines
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_that_are_not_the_accounts_are_told() {
    let deployment = Deployment::new().await;
    let said = deployment
        .doctor(&[("TWILIO_FROM_NUMBER", "+447400123456")])
        .await;
    let to_do: Vec<_> = said
        .lines
        .iter()
        .filter(|line| line.starts_with("to do"))
        .collect();
    assert!(
        to_do.len() == 2 && to_do[0].contains("no such number") && to_do[1].contains("neither a number"),
        "{to_do:#?}"
    );
    let service = [("TWILIO_MESSAGING_SERVICE_SID", SERVICE)];
    let line = deployment.only_to_do(&service).await;
    assert!(line.contains("no such messaging service"), "{line}");
    for (senders, expected) in [(0, Some("the messaging service has no senders")), (1, None)] {
        deployment.fake.set_up(Console {
            services: BTreeMap::from([(SERVICE.to_owned(), senders)]),
            ..Console::default()
        });
        match expected {
            Some(expected) => assert!(deployment.only_to_do(&service).await.contains(expected)),
            None => assert_eq!(deployment.doctor(&service).await.code, Some(0)),
        }
    }
    let line = deployment
        .only_to_do(&[("PHONE_VERIFY__TWILIO__SENDERS__GB", "+447400123456")])
        .await;
    assert!(line.starts_with("to do  sender of messages to gb: "), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verify_service_that_cannot_send_the_codes_is_told() {
    const VERIFY: &str = "VA0123456789abcdef0123456789abcdef";
    let deployment = Deployment::new().await;
    let twilios = [
        ("TWILIO_VERIFY_SERVICE_SID", VERIFY),
        ("PHONE_VERIFY__SENDERS__SMS", "verify"),
        ("PHONE_VERIFY__SENDERS__CALL", "verify"),
    ];
    let ours = [
        &twilios[..],
        &[("PHONE_VERIFY__TWILIO__VERIFY_CUSTOM_CODE", "true")],
    ]
    .concat();
    let line = deployment.only_to_do(&twilios).await;
    assert!(
        line.starts_with("to do  verify service: the account has no such"),
        "{line}"
    );
    let set_up = |code_length, custom_code_enabled| {
        let service = VerifyService {
            code_length,
            custom_code_enabled,
        };
        deployment.fake.set_up(Console {
            verify_services: BTreeMap::from([(VERIFY.to_owned(), service)]),
            ..Console::default()
        });
    };
    set_up(4, false);
    let line = deployment.only_to_do(&twilios).await;
    assert!(
        line.contains("its codes have 4 digits, and code.length is 6"),
        "{line}"
    );
    let line = deployment.only_to_do(&ours).await;
    assert!(line.contains("it takes no custom codes"), "{line}");
    set_up(6, false);
    assert_eq!(deployment.doctor(&twilios).await.code, Some(0));
    set_up(4, true);
    assert_eq!(deployment.doctor(&ours).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_not_taken_and_a_twilio_that_is_not_there_are_told() {
    let deployment = Deployment::new().await;
    let line = deployment.only_to_do(&[("TWILIO_AUTH_TOKEN", "another")]).await;
    assert!(
        line.contains("twilio credentials: ") && line.contains("20003") && !line.contains("another"),
        "{line}"
    );
    let account = deployment.fake.account();
    let key = [
        ("TWILIO_API_KEY", account.api_key.as_str()),
        ("TWILIO_API_KEY_SECRET", account.api_key_secret.as_str()),
        ("TWILIO_AUTH_TOKEN", "another"),
    ];
    let line = deployment.only_to_do(&key).await;
    assert!(line.starts_with("to do  twilio.auth_token: "), "{line}");
    let line = deployment
        .only_to_do(&[("TWILIO_API_URL", "http://127.0.0.1:9")])
        .await;
    assert!(line.contains("cannot be reached"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_would_not_get_here_are_told() {
    let mut deployment = Deployment::new().await;
    deployment.serve();
    let url = "PHONE_VERIFY__HTTP__PUBLIC_URL";
    let line = deployment.only_to_do(&[(url, "http://127.0.0.1:9")]).await;
    assert!(
        line.contains("callback: ") && line.contains("start the server"),
        "{line}"
    );
    let elsewhere = deployment.fake.url();
    let line = deployment.only_to_do(&[(url, &elsewhere)]).await;
    assert!(
        line.contains("callback: ") && line.contains("answers 404"),
        "{line}"
    );
    let localhost = deployment.settings[url].replace("127.0.0.1", "localhost");
    let line = deployment.only_to_do(&[(url, &localhost)]).await;
    assert!(line.contains("callback: a signed report is refused"), "{line}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn keys_and_databases_that_do_not_belong_together_are_told() {
    let mut deployment = Deployment::new().await;
    deployment.serve();
    let folder = deployment.folder.path();
    let line = deployment
        .only_to_do(&[("PHONE_VERIFY__DATABASE__URL", "postgres://127.0.0.1:9/none")])
        .await;
    assert!(line.contains("database: "), "{line}");

    let inside = folder.join("data").join("keys");
    std::fs::create_dir(&inside).unwrap();
    std::os::unix::fs::symlink(&inside, folder.join("link")).unwrap();
    let said = deployment.doctor(&[("PHONE_VERIFY__KEYS_DIR", "./link")]).await;
    assert!(
        said.lines
            .iter()
            .any(|line| line.starts_with("to do  keys_dir: it lies inside data_dir")),
        "{:#?}",
        said.lines
    );

    std::fs::create_dir(folder.join("other")).unwrap();
    Command::new("chmod")
        .arg("700")
        .arg(folder.join("other"))
        .status()
        .unwrap();
    let line = deployment
        .only_to_do(&[("PHONE_VERIFY__KEYS_DIR", "./other")])
        .await;
    assert!(
        line.contains("keys: the keys do not belong to the database"),
        "{line}"
    );

    std::fs::write(folder.join("empty.db"), "").unwrap();
    let line = deployment
        .only_to_do(&[("PHONE_VERIFY__DATABASE__URL", "sqlite://empty.db")])
        .await;
    assert!(
        line.contains("migrations: ") && line.contains("phone-verify migrate"),
        "{line}"
    );
}
