use std::fmt;

/// A phone number in E.164: `+`, the country calling code, the national number; 15 digits at most (ITU-T E.164, 6.2.1).
///
/// It comes from a parser that knows the numbering plans, so every spelling of one number is one `PhoneNumber`. It cannot
/// be printed by `{:?}`; [`PhoneNumber::expose`] is for the sender and the keyed index.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: String,
    calling_code_length: usize,
}

/// Why text is no phone number in E.164.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number in E.164")]
pub struct PhoneNumberError;

impl PhoneNumber {
    /// A number of a calling code (1 to 999) and the national digits that follow it, leading zeros included.
    ///
    /// # Errors
    /// [`PhoneNumberError`] unless all are ASCII digits, 15 in all at most.
    pub fn new(calling_code: u16, national: &str) -> Result<Self, PhoneNumberError> {
        let calling_code = calling_code.to_string();
        let length = calling_code.len() + national.len();
        if calling_code.starts_with('0')
            || calling_code.len() > 3
            || national.len() < 2
            || length > 15
            || !national.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(PhoneNumberError);
        }
        Ok(Self {
            e164: format!("+{calling_code}{national}"),
            calling_code_length: calling_code.len(),
        })
    }

    /// The number itself, `+` and digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.e164
    }

    /// The country calling code, digits only.
    #[must_use]
    pub fn calling_code(&self) -> &str {
        &self.e164[1..=self.calling_code_length]
    }

    /// The masked number: calling code and last two digits, as in `+1 ••• ••• ••34`.
    #[must_use]
    pub fn mask(&self) -> String {
        let national = &self.e164[1 + self.calling_code_length..];
        let hidden = national.len() - 2;
        let mut mask = format!("+{} ", self.calling_code());
        for position in 0..national.len() {
            // Groups of three, the last one of four: `••• ••• ••34`.
            let left = national.len() - position;
            if position > 0 && position % 3 == 0 && left > 1 {
                mask.push(' ');
            }
            if position < hidden {
                mask.push('•');
            } else {
                mask.push_str(&national[position..=position]);
            }
        }
        mask
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

/// A country or region by its ISO 3166 alpha-2 code, upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two ASCII letters of either case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Two ASCII letters are valid UTF-8, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_shows_the_calling_code_and_two_digits() {
        assert_eq!(
            PhoneNumber::new(1, "2025550134").unwrap().mask(),
            "+1 ••• ••• ••34"
        );
        assert_eq!(
            PhoneNumber::new(44, "7400123456").unwrap().mask(),
            "+44 ••• ••• ••56"
        );
        assert_eq!(PhoneNumber::new(290, "22158").unwrap().mask(), "+290 ••• 58");
        assert_eq!(
            PhoneNumber::new(49, "15123456789").unwrap().mask(),
            "+49 ••• ••• ••• 89"
        );
    }

    #[test]
    fn more_than_fifteen_digits_or_other_characters_are_refused() {
        assert!(PhoneNumber::new(1, "20255501341234").is_ok());
        assert!(PhoneNumber::new(1, "202555013412345").is_err());
        assert!(PhoneNumber::new(1, "202555013x").is_err());
        assert!(PhoneNumber::new(0, "2025550134").is_err());
        assert!(PhoneNumber::new(1, "").is_err());
    }

    #[test]
    fn a_number_cannot_be_printed() {
        assert_eq!(
            format!("{:?}", PhoneNumber::new(1, "2025550134").unwrap()),
            "PhoneNumber(…)"
        );
    }

    #[test]
    fn countries_are_two_letters() {
        assert_eq!(Country::parse("us").unwrap().as_str(), "US");
        for code in ["", "U", "USA", "U1", "ÜS"] {
            assert_eq!(Country::parse(code), None);
        }
    }
}
