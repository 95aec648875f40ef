//! What Twilio takes for a message or a call: it stands in the resource some time after the sending, never in a report.

use crate::budget::{Money, Price};
use serde::Deserialize;

/// The part of a message or a call that tells it.
#[derive(Deserialize)]
struct Billed {
    price: Option<String>,
    price_unit: Option<String>,
}

/// The price in a resource; `None` where it is not known yet. Twilio writes what it takes with a minus.
pub(super) fn price_of(body: &[u8]) -> Option<Price> {
    let billed: Billed = serde_json::from_slice(body).ok()?;
    let price = billed.price?;
    let digits = price.strip_prefix('-').unwrap_or(&price);
    Some(Price {
        amount: Money::parse(digits)?,
        currency: billed.price_unit?.to_ascii_uppercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millionths(body: &str) -> Option<(i64, String)> {
        let price = price_of(body.as_bytes())?;
        Some((price.amount.as_millionths(), price.currency))
    }

    #[test]
    fn a_price_is_read_once_it_is_there_and_never_guessed() {
        let usd = |millionths| Some((millionths, "USD".to_owned()));
        for (body, price) in [
            (r#"{"price": "-0.00750", "price_unit": "USD"}"#, usd(7_500)),
            (r#"{"price": "-0.013", "price_unit": "usd"}"#, usd(13_000)),
            (r#"{"price": "0", "price_unit": "USD"}"#, usd(0)),
            (r#"{"price": null, "price_unit": null}"#, None),
            (r#"{"price": null, "price_unit": "USD"}"#, None),
            (r#"{"price": "-0.0075", "price_unit": null}"#, None),
            (r#"{"price": "", "price_unit": "USD"}"#, None),
            (r#"{"price": "free", "price_unit": "USD"}"#, None),
            (r#"{"status": "sent"}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(millionths(body), price, "{body}");
        }
    }
}
