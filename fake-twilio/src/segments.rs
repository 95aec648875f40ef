/// The characters of the GSM 7-bit default alphabet that take one septet (3GPP TS 23.038, 6.2.1).
const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Those that take two, by an escape (6.2.1.1).
const GSM_EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many segments a text message takes: 160 septets or 70 UTF-16 units in one, 153 or 67 each in several.
#[must_use]
pub fn segments(body: &str) -> usize {
    let septets: Option<usize> = body
        .chars()
        .map(|character| {
            if GSM_BASIC.contains(character) {
                Some(1)
            } else {
                GSM_EXTENSION.contains(character).then_some(2)
            }
        })
        .sum();
    let (length, single, part) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (body.encode_utf16().count(), 70, 67),
    };
    if length <= single {
        1
    } else {
        length.div_ceil(part)
    }
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn latin_text_has_160_places_and_other_text_70() {
        assert_eq!(segments(&"a".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"€".repeat(80)), 1);
        assert_eq!(segments(&"€".repeat(81)), 2);
        assert_eq!(segments(&"ł".repeat(70)), 1);
        assert_eq!(segments(&"ł".repeat(71)), 2);
        assert_eq!(segments(&"😀".repeat(35)), 1);
        assert_eq!(segments(&"😀".repeat(36)), 2);
    }
}
