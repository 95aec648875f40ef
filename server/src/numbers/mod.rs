//! Reads phone numbers as people write them, as libphonenumber does.

mod test_numbers;

pub use test_numbers::TestNumbers;

use phone_verify_domain::{Country, PhoneNumber};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType, Region};

/// libphonenumber's own limit on what it reads (`MAX_INPUT_STRING_LENGTH`), in characters.
const LONGEST_SPELLING: usize = 250;

/// A number of some numbering plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedNumber {
    /// The number in E.164.
    pub number: PhoneNumber,
    /// The country or region that it belongs to; `None` for numbers of no country (+800, +870, …).
    pub country: Option<Country>,
    /// Whether numbers of its kind are verified.
    pub kind: NumberKind,
}

/// What kind of line a number is, as far as its numbering plan tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// Mobile, fixed, one of both, or voice over IP: somebody's line.
    Line,
    /// Premium rate, toll-free, shared cost, personal, pager, universal access, voicemail or unknown: whoever calls it
    /// pays, or nobody in particular answers.
    Service,
}

/// The text is no number of any numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number of any numbering plan")]
pub struct InvalidNumber;

/// Reads any spelling of a number; `country` is where national spellings and international prefixes (00, 011) are meant.
///
/// Letters and extensions are refused: a code cannot be sent to either.
///
/// # Errors
/// [`InvalidNumber`], for whatever text.
pub fn parse(text: &str, country: Option<Country>) -> Result<ParsedNumber, InvalidNumber> {
    if text.chars().count() > LONGEST_SPELLING || !is_plain(text) {
        return Err(InvalidNumber);
    }
    let region = country.and_then(|country| Region::from_code(country.as_str()).ok());
    let parsed = PHONE_NUMBER_UTIL.parse(text, region).map_err(|_| InvalidNumber)?;
    // A number is valid where it is of a known type: `is_valid_number` finds the type once more, by the same expressions.
    let number_type = PHONE_NUMBER_UTIL.get_number_type(&parsed);
    if parsed.extension.is_some() || number_type == PhoneNumberType::Unknown {
        return Err(InvalidNumber);
    }
    let calling_code = u16::try_from(parsed.country_code).map_err(|_| InvalidNumber)?;
    let national = rlibphonenumber::get_national_significant_number_owned(&parsed);
    Ok(ParsedNumber {
        number: PhoneNumber::new(calling_code, &national).map_err(|_| InvalidNumber)?,
        country: PHONE_NUMBER_UTIL
            .get_region_for_number(&parsed)
            .and_then(|region| Country::parse(region.as_region_str().as_ref())),
        kind: kind(number_type),
    })
}

/// Whether no letters stand in the number. Those of RFC 3966's `tel:` and its parameters are not part of it; the text is
/// taken apart here because the parser expects its pieces in their proper order.
fn is_plain(text: &str) -> bool {
    let text = text.trim_start();
    let (number, parameters) = match strip_scheme(text) {
        Some(rest) => rest.split_once(';').unwrap_or((rest, "")),
        None => (text, ""),
    };
    !number.chars().any(char::is_alphabetic) && !parameters.contains("tel:")
}

fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(4)?;
    scheme.eq_ignore_ascii_case("tel:").then_some(rest)
}

fn kind(kind: PhoneNumberType) -> NumberKind {
    match kind {
        PhoneNumberType::Mobile
        | PhoneNumberType::FixedLine
        | PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::VoIP => NumberKind::Line,
        PhoneNumberType::TollFree
        | PhoneNumberType::PremiumRate
        | PhoneNumberType::SharedCost
        | PhoneNumberType::PersonalNumber
        | PhoneNumberType::Pager
        | PhoneNumberType::UAN
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Unknown => NumberKind::Service,
    }
}

#[cfg(test)]
mod tests;
