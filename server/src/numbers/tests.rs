use super::*;
use proptest::prelude::*;

fn e164(text: &str, region: Option<Country>) -> Option<String> {
    parse(text, region)
        .ok()
        .map(|parsed| parsed.number.expose().to_owned())
}

#[test]
fn every_spelling_of_a_number_is_one_number() {
    for text in [
        "+12025550134",
        "+1 (202) 555-0134",
        "2025550134",
        "(202) 555 0134",
        "1-202-555-0134",
        "202.555.0134",
        "011 1 202 555 0134",
        "tel:+1-202-555-0134",
        "TEL:+1-202-555-0134",
        "tel:202-555-0134;phone-context=+1",
        "tel:+1-202-555-0134;isub=12345",
        "＋１２０２５５５０１３４",
        "（２０２）５５５－０１３４",
        "\u{200e}+1\u{a0}202\u{a0}555\u{a0}0134",
        "  +1 202 555 0134  ",
    ] {
        assert_eq!(
            e164(text, Country::parse("US")).as_deref(),
            Some("+12025550134"),
            "{text}"
        );
    }
    assert_eq!(
        e164("00 44 7400 123456", Country::parse("DE")).as_deref(),
        Some("+447400123456")
    );
    assert_eq!(
        e164("07400 123456", Country::parse("GB")).as_deref(),
        Some("+447400123456")
    );
    assert_eq!(
        e164("+44 (0) 7400 123456", None).as_deref(),
        Some("+447400123456")
    );
}

#[test]
fn the_leading_zeros_of_italian_numbers_are_kept() {
    assert_eq!(
        e164("02 1234 5678", Country::parse("IT")).as_deref(),
        Some("+390212345678")
    );
    assert_eq!(e164("+39 02 1234 5678", None).as_deref(), Some("+390212345678"));
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "",
        " ",
        "+",
        "12",
        "hello",
        "+1 202 555 0134 ext. 5",
        "+1 202 555 0134x5",
        "+12025550134;ext=5",
        "tel:+12025550134;ext=5",
        "1-800-FLOWERS",
        "+1 202 555 CALL",
        "call +1 202 555 0134",
        "+1 202 555 013",
        "+1 202 555 01345",
        "+999 12345678",
        "+1 002 555 0134",
        ";phone-context=a;tel:12025550134",
        "tel:12;phone-context=a;tel:12025550134",
        "tel:",
        "tel:;phone-context=",
    ] {
        assert_eq!(e164(text, Country::parse("US")), None, "{text}");
    }
    assert_eq!(
        e164("2025550134", None),
        None,
        "a national spelling needs a country"
    );
    assert_eq!(
        e164("2025550134", Country::parse("AQ")),
        None,
        "and one with a numbering plan"
    );
    assert_eq!(
        e164("+12025550134", Country::parse("AQ")).as_deref(),
        Some("+12025550134")
    );
    assert_eq!(e164(&format!("+12025550134{}", " ".repeat(300)), None), None);
}

#[test]
fn a_number_tells_its_country_and_whether_it_is_a_line() {
    for (text, region, kind) in [
        ("+12025550134", "US", NumberKind::Line),
        ("+15062345678", "CA", NumberKind::Line),
        ("+447400123456", "GB", NumberKind::Line),
        ("+447781123456", "GG", NumberKind::Line),
        ("+445612345678", "GB", NumberKind::Line),
        ("+493012345678", "DE", NumberKind::Line),
        ("+18002345678", "US", NumberKind::Service),
        ("+19002345678", "US", NumberKind::Service),
        ("+448431234567", "GB", NumberKind::Service),
        ("+447012345678", "GB", NumberKind::Service),
        ("+447640123456", "GB", NumberKind::Service),
        ("+445512345678", "GB", NumberKind::Service),
    ] {
        let parsed = parse(text, None).unwrap();
        assert_eq!(
            (parsed.country, parsed.kind),
            (Country::parse(region), kind),
            "{text}"
        );
    }
}

#[test]
fn numbers_of_international_networks_have_no_country() {
    for text in ["+870773111632", "+80012345678", "+881612345678", "+883510012345"] {
        assert_eq!(parse(text, Country::parse("US")).unwrap().country, None, "{text}");
    }
}

#[test]
fn what_the_parser_traces_of_a_number_is_not_compiled_in() {
    assert!(log::STATIC_MAX_LEVEL <= log::LevelFilter::Debug);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_upsets_the_parser(text in "[+0-9０-９٠-٩ ().\\-/;:=,#~xXtelphonecontextisubat＋\u{200b}]{0,60}", region in "[A-Z]{2}") {
        let _ = parse(&text, Country::parse(&region));
    }

    #[test]
    fn no_parameter_upsets_the_parser(pieces in prop::collection::vec(prop::sample::select(vec![
        "tel:", "+1", "202", "5550134", ";phone-context=", ";isub=", ";ext=", "example.com", "+", ";", " ", "０", "é", "#", "x",
    ]), 0..12)) {
        let _ = parse(&pieces.concat(), Country::parse("US"));
    }

    #[test]
    fn any_text_at_all_is_a_number_or_refused(text in any::<String>()) {
        let _ = parse(&text, Country::parse("DE"));
    }

    #[test]
    fn what_was_parsed_parses_to_itself(national in "[2-9][0-9]{9}") {
        if let Ok(parsed) = parse(&national, Country::parse("US")) {
            prop_assert_eq!(parse(parsed.number.expose(), None), Ok(parsed));
        }
    }
}
