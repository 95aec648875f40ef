//! One row of a table, as the columns' names say what they are.

use super::legacy::Digest;
use crate::clock::from_rfc3339;
use phone_verify_domain::{Channel, Country, Timestamp};
use std::collections::HashMap;

/// A row: column and value. What is null or empty is not there.
pub(super) type Cells = HashMap<String, String>;

/// What a row says, as far as it can be read.
pub(super) struct Row {
    pub(super) subject: String,
    pub(super) number: Number,
    pub(super) channel: Option<Channel>,
    pub(super) verified_at: Option<Timestamp>,
}

/// A number as its system kept it.
pub(super) enum Number {
    Plain(String, Option<Country>),
    Sha1(Digest),
}

/// Why a row was not taken. None of them repeats what the row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The file's row is not of the shape of the others.
    #[error("not a row of this table")]
    Malformed,
    /// Its system had not verified it.
    #[error("not verified there")]
    NotVerified,
    /// No subject, or not one.
    #[error("`subject` is not 1 to 255 characters without control characters")]
    Subject,
    /// Neither a number nor a hash.
    #[error("neither `phone_number` nor `phone_number_sha1`")]
    NoNumber,
    /// Not a number.
    #[error(
        "`phone_number` is not a number of any numbering plan (a national one needs `country` or --country)"
    )]
    Number,
    /// Premium, toll-free and the like.
    #[error("numbers of this type are refused")]
    NumberType,
    /// The site's countries.
    #[error("the site does not serve the number's country")]
    Country,
    /// Not a hash.
    #[error("`phone_number_sha1` is not 40 hexadecimal digits")]
    Sha1,
    /// Not a country.
    #[error("`country` is not an ISO 3166 alpha-2 code")]
    CountryCode,
    /// Not a channel.
    #[error("`channel` is neither `sms` nor `call`")]
    Channel,
    /// Not a moment that has been.
    #[error("`verified_at` is not a moment that has been, as in 2024-01-31T23:59:59Z")]
    VerifiedAt,
    /// Neither yes nor no.
    #[error("`verified` is neither true nor false")]
    Verified,
    /// The subject was there before.
    #[error("the subject has another number")]
    HasAnother,
    /// The number was there before.
    #[error("other subjects hold the number")]
    Taken,
}

impl Row {
    /// Reads a row. Times without an offset are UTC, as Django keeps them.
    pub(super) fn read(cells: &Cells) -> Result<Self, Refused> {
        let cell = |name: &str| {
            let text = cells.get(name).map(|text| text.trim());
            text.filter(|text| !text.is_empty())
        };
        match cell("verified").map(str::to_ascii_lowercase).as_deref() {
            None | Some("1" | "t" | "true" | "y" | "yes") => {}
            Some("0" | "f" | "false" | "n" | "no") => return Err(Refused::NotVerified),
            Some(_) => return Err(Refused::Verified),
        }
        let subject = cell("subject").ok_or(Refused::Subject)?;
        if subject.chars().count() > 255 || subject.chars().any(char::is_control) {
            return Err(Refused::Subject);
        }
        let country = cell("country").map(|code| Country::parse(code).ok_or(Refused::CountryCode));
        let number = match (cell("phone_number"), cell("phone_number_sha1")) {
            (Some(text), _) => Number::Plain(text.to_owned(), country.transpose()?),
            (None, Some(text)) => Number::Sha1(digest(text)?),
            (None, None) => return Err(Refused::NoNumber),
        };
        let channel = cell("channel").map(|word| Channel::parse(word).ok_or(Refused::Channel));
        let verified_at = cell("verified_at").map(|text| moment(text).ok_or(Refused::VerifiedAt));
        Ok(Self {
            subject: subject.to_owned(),
            number,
            channel: channel.transpose()?,
            verified_at: verified_at.transpose()?,
        })
    }
}

fn digest(text: &str) -> Result<Digest, Refused> {
    let bytes = hex::decode(text).map_err(|_| Refused::Sha1)?;
    bytes.try_into().map_err(|_| Refused::Sha1)
}

/// RFC 3339, or as databases write it: a space for the `T`, no minutes in the offset or no offset at all.
fn moment(text: &str) -> Option<Timestamp> {
    let spellings = [text.to_owned(), format!("{text}Z"), format!("{text}:00")];
    spellings.iter().find_map(|text| from_rfc3339(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> Result<Row, Refused> {
        let owned = cells
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Row::read(&owned.collect())
    }

    #[test]
    fn moments_are_read_as_databases_write_them() {
        let noon = from_rfc3339("2024-01-31T12:00:00Z");
        for text in [
            "2024-01-31T12:00:00Z",
            "2024-01-31 12:00:00",
            "2024-01-31 12:00:00.000000",
            "2024-01-31 12:00:00+00",
            "2024-01-31 14:00:00+02:00",
        ] {
            assert_eq!(moment(text), noon, "{text}");
        }
        for text in ["", "yesterday", "2024-13-01", "1706702400"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        let cases: [(&[(&str, &str)], Refused); 9] = [
            (&[("phone_number", "1")], Refused::Subject),
            (&[("subject", "a\u{7}"), ("phone_number", "1")], Refused::Subject),
            (&[("subject", "a")], Refused::NoNumber),
            (&[("subject", "a"), ("phone_number_sha1", "abc")], Refused::Sha1),
            (
                &[("subject", "a"), ("phone_number", "1"), ("country", "USA")],
                Refused::CountryCode,
            ),
            (
                &[("subject", "a"), ("phone_number", "1"), ("channel", "fax")],
                Refused::Channel,
            ),
            (
                &[("subject", "a"), ("phone_number", "1"), ("verified_at", "then")],
                Refused::VerifiedAt,
            ),
            (&[("subject", "a"), ("verified", "f")], Refused::NotVerified),
            (&[("subject", "a"), ("verified", "perhaps")], Refused::Verified),
        ];
        for (cells, refused) in cases {
            assert_eq!(row(cells).err(), Some(refused), "{cells:?}");
        }
    }
}
