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
