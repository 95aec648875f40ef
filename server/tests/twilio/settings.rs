//! Settings that Twilio cannot be asked with are refused at start, with what to change.

use phone_verify::config::Config;
use std::collections::BTreeMap;

/// The problems that settings from these variables have.
fn problems(variables: &[(&str, &str)]) -> Vec<String> {
    let environment: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    match Config::parse(None, &environment) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems,
    }
}

#[test]
fn a_region_needs_an_edge() {
    let [problem] = &problems(&[("TWILIO_REGION", "ie1")])[..] else {
        panic!("not one problem")
    };
    assert!(
        problem.starts_with("twilio.region: ") && problem.contains("twilio.edge"),
        "{problem}"
    );
    assert_eq!(
        problems(&[("TWILIO_REGION", "ie1"), ("TWILIO_EDGE", "dublin")]),
        [""; 0]
    );
    assert_eq!(problems(&[("TWILIO_EDGE", "dublin")]), [""; 0]);
    assert_eq!(
        problems(&[
            ("TWILIO_REGION", "ie1"),
            ("TWILIO_API_URL", "http://127.0.0.1:4010")
        ]),
        [""; 0]
    );
}

#[test]
fn a_region_that_is_no_part_of_a_host_name_is_refused() {
    for region in ["ie1.evil.example/", "a b", "é"] {
        let problems = problems(&[("TWILIO_REGION", region), ("TWILIO_EDGE", "dublin")]);
        assert_eq!(problems.len(), 1, "{region}");
        assert!(
            !problems[0].contains(region),
            "no value is repeated: {problems:?}"
        );
    }
}

#[test]
fn a_key_press_needs_the_public_url_and_the_token_that_signs_what_comes_there() {
    let account = [
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001"),
        ("TWILIO_API_KEY", "SK1"),
        ("TWILIO_API_KEY_SECRET", "secret"),
        ("TWILIO_FROM_NUMBER", "+15005550006"),
        ("PHONE_VERIFY__CALLS__PRESS_KEY", "true"),
    ];
    let url = ("PHONE_VERIFY__HTTP__PUBLIC_URL", "http://127.0.0.1:3000");
    let token = ("TWILIO_AUTH_TOKEN", "token");
    let with = |more: &[(&str, &str)]| problems(&[&account[..], more].concat());
    assert_eq!(with(&[url, token]), [""; 0]);
    let [problem] = &with(&[token])[..] else {
        panic!("not one problem")
    };
    assert!(problem.contains("http.public_url"), "{problem}");
    let [problem] = &with(&[url])[..] else {
        panic!("not one problem")
    };
    assert!(problem.contains("twilio.auth_token"), "{problem}");
}

#[test]
fn a_site_whose_name_is_cut_is_told_in_which_languages() {
    let named = |name: &str| {
        let variables = [
            ("PHONE_VERIFY__SITES__0__KEY", "shop"),
            ("PHONE_VERIFY__SITES__0__NAME", name),
            ("PHONE_VERIFY__SITES__0__ORIGINS", "https://shop.example"),
            ("PHONE_VERIFY__SITES__0__ORIGIN_BOUND", "true"),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let warnings = Config::parse(None, &environment.into()).unwrap().warnings;
        warnings
            .into_iter()
            .find(|warning| warning.contains("one message segment"))
    };
    assert_eq!(named("Shop"), None);
    let warning = named("The Old Shop at the Corner of the Street").unwrap();
    assert!(warning.contains("`shop`") && warning.ends_with("zh"), "{warning}");
    assert!(!warning.contains("en,"), "{warning}");
}

#[test]
fn risk_and_retention_take_the_words_of_twilios_api_and_no_others() {
    for (name, words) in [
        ("RISK_CHECK", ["enable", "disable"]),
        ("CONTENT_RETENTION", ["retain", "discard"]),
        ("ADDRESS_RETENTION", ["retain", "obfuscate"]),
    ] {
        let variable = format!("PHONE_VERIFY__TWILIO__{name}");
        for word in words {
            assert_eq!(problems(&[(&variable, word)]), [""; 0], "{word}");
        }
        for word in ["true", "Discard", "forget"] {
            let problems = problems(&[(&variable, word)]);
            let [problem] = &problems[..] else {
                panic!("not one problem: {name} {word} {problems:?}")
            };
            let setting = format!("twilio.{}", name.to_lowercase());
            assert!(
                problem.contains(&setting) && words.iter().all(|word| problem.contains(word)),
                "{problem}"
            );
        }
    }
}
