use std::fmt;

/// The digits that prove a number: 6 to 10 of them, leading zeros kept.
///
/// Six decimal digits are the 20 bits that NIST SP 800-63B and ASVS 6.5.4 ask of an out-of-band secret. A `Code` cannot
/// be printed; [`Code::expose`] is for the sender, the seal and the MAC.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// Why typed text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not exactly {expected} digits")]
pub struct CodeError {
    /// How many digits the code has.
    pub expected: u8,
}

impl Code {
    /// The shortest and the longest code that may be configured.
    pub const LENGTHS: std::ops::RangeInclusive<u8> = 6..=10;

    /// Reads what was typed: exactly `length` ASCII digits once spaces and hyphens are taken out.
    ///
    /// # Errors
    /// [`CodeError`] for anything else; digits of other scripts are the widget's matter.
    pub fn parse(typed: &str, length: u8) -> Result<Self, CodeError> {
        let mut digits = String::with_capacity(usize::from(length));
        for character in typed.chars().filter(|&c| c != ' ' && c != '-') {
            if !character.is_ascii_digit() || digits.len() == usize::from(length) {
                return Err(CodeError { expected: length });
            }
            digits.push(character);
        }
        if digits.len() == usize::from(length) {
            Ok(Self(digits))
        } else {
            Err(CodeError { expected: length })
        }
    }

    /// Draws a code of `length` digits; `random` yields uniformly distributed bytes.
    ///
    /// Bytes of 250 and above are thrown away, so that every digit is equally likely (ASVS 11.5.1).
    pub fn draw(length: u8, mut random: impl FnMut() -> u8) -> Self {
        let mut digits = String::with_capacity(usize::from(length));
        while digits.len() < usize::from(length) {
            let byte = random();
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        Self(digits)
    }

    /// The digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_hyphens_are_taken_out_and_leading_zeros_kept() {
        for typed in ["001234", "001 234", "00-12-34", " 0 0 1 2 3 4 "] {
            assert_eq!(Code::parse(typed, 6).unwrap().expose(), "001234");
        }
    }

    #[test]
    fn anything_but_exactly_the_digits_is_refused() {
        for typed in [
            "",
            "12345",
            "1234567",
            "12345a",
            "１２３４５６",
            "١٢٣٤٥٦",
            "123456\0",
            "+123456",
            "12.3456",
            "123456\n",
        ] {
            assert_eq!(Code::parse(typed, 6), Err(CodeError { expected: 6 }), "{typed:?}");
        }
        assert!(Code::parse(&"1".repeat(1_000_000), 6).is_err());
    }

    #[test]
    fn drawing_rejects_bytes_that_would_favour_low_digits() {
        let mut bytes = [250u8, 255, 0, 9, 10, 249, 251, 123, 7].into_iter();
        let code = Code::draw(6, || bytes.next().unwrap());
        assert_eq!(code.expose(), "090937");
    }

    #[test]
    fn a_code_cannot_be_printed() {
        assert_eq!(format!("{:?}", Code::parse("123456", 6).unwrap()), "Code(…)");
    }
}
