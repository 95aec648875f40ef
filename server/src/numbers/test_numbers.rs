use phone_verify_domain::{Code, PhoneNumber};

/// Numbers of development: nothing is sent to them, no limit counts them, and their codes are known. None by default.
#[derive(Clone, Default)]
pub struct TestNumbers(Vec<TestNumber>);

/// One pattern.
#[derive(Clone)]
struct TestNumber {
    digits: String,
    /// Whether any digits may follow.
    open: bool,
    code: Code,
}

impl TestNumbers {
    /// These patterns (E.164, `*` at the end for any digits) with their codes; of several that fit, the first counts.
    #[must_use]
    pub fn new<'a>(patterns: impl IntoIterator<Item = (&'a str, Code)>) -> Self {
        let numbers = patterns.into_iter().map(|(pattern, code)| {
            let open = pattern.strip_suffix('*');
            TestNumber {
                digits: open.unwrap_or(pattern).to_owned(),
                open: open.is_some(),
                code,
            }
        });
        Self(numbers.collect())
    }

    /// The code that is right for a number, if it is one of these.
    #[must_use]
    pub fn code_of(&self, number: &PhoneNumber) -> Option<&Code> {
        let number = number.expose();
        let is_one = |test: &&TestNumber| {
            if test.open {
                number.starts_with(&test.digits)
            } else {
                number == test.digits
            }
        };
        self.0.iter().find(is_one).map(|test| &test.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(patterns: &[(&str, &str)], number: &str) -> Option<String> {
        let patterns = patterns
            .iter()
            .map(|(pattern, code)| (*pattern, Code::parse(code, 6).unwrap()));
        let number = PhoneNumber::new(1, number.strip_prefix("+1").unwrap()).unwrap();
        let code = TestNumbers::new(patterns).code_of(&number)?.expose().to_owned();
        Some(code)
    }

    #[test]
    fn a_pattern_is_a_number_or_the_beginning_of_many_and_the_first_that_fits_counts() {
        let patterns = [("+12125550100", "111111"), ("+1212555*", "222222")];
        assert_eq!(code_of(&patterns, "+12125550100").unwrap(), "111111");
        assert_eq!(code_of(&patterns, "+12125550101").unwrap(), "222222");
        assert_eq!(code_of(&patterns, "+12135550100"), None);
        assert_eq!(code_of(&[("+1212", "111111")], "+12125550100"), None);
        assert_eq!(code_of(&[], "+12125550100"), None);
    }
}
