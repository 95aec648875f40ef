//! What tests came to, from the lines of `cargo test`.

/// The test and whether it passed, where a line of `cargo test` says so.
pub fn result_of(line: &str) -> Option<(&str, bool)> {
    let (test, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match result {
        "ok" => Some((test, true)),
        "FAILED" => Some((test, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_from_the_lines_of_cargo_test() {
        assert_eq!(
            result_of("test sends::killed ... ok"),
            Some(("sends::killed", true))
        );
        assert_eq!(
            result_of("test sends::killed ... FAILED"),
            Some(("sends::killed", false))
        );
        for other in [
            "test result: ok. 1 passed; 0 failed",
            "test sends::killed has been running for over 60 seconds",
            "running 2 tests",
        ] {
            assert_eq!(result_of(other), None, "{other}");
        }
    }
}
