//! The countries one may choose: region and calling code; names are the browser's own.

/// Every region of libphonenumber 9.0 (metadata of its 245 geographical regions): the calling code, then its regions, the
/// main one first.
const TABLE: &str = "1USAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI 7RUKZ 20EG 27ZA 30GR 31NL 32BE 33FR 34ES 36HU 39ITVA \
40RO 41CH 43AT 44GBGGIMJE 45DK 46SE 47NOSJ 48PL 49DE 51PE 52MX 53CU 54AR 55BR 56CL 57CO 58VE 60MY 61AUCCCX 62ID 63PH \
64NZ 65SG 66TH 81JP 82KR 84VN 86CN 90TR 91IN 92PK 93AF 94LK 95MM 98IR 211SS 212MAEH 213DZ 216TN 218LY 220GM 221SN 222MR \
223ML 224GN 225CI 226BF 227NE 228TG 229BJ 230MU 231LR 232SL 233GH 234NG 235TD 236CF 237CM 238CV 239ST 240GQ 241GA 242CG \
243CD 244AO 245GW 246IO 247AC 248SC 249SD 250RW 251ET 252SO 253DJ 254KE 255TZ 256UG 257BI 258MZ 260ZM 261MG 262REYT \
263ZW 264NA 265MW 266LS 267BW 268SZ 269KM 290SHTA 291ER 297AW 298FO 299GL 350GI 351PT 352LU 353IE 354IS 355AL 356MT \
357CY 358FIAX 359BG 370LT 371LV 372EE 373MD 374AM 375BY 376AD 377MC 378SM 380UA 381RS 382ME 383XK 385HR 386SI 387BA \
389MK 420CZ 421SK 423LI 500FK 501BZ 502GT 503SV 504HN 505NI 506CR 507PA 508PM 509HT 590GPBLMF 591BO 592GY 593EC 594GF \
595PY 596MQ 597SR 598UY 599CWBQ 670TL 672NF 673BN 674NR 675PG 676TO 677SB 678VU 679FJ 680PW 681WF 682CK 683NU 685WS \
686KI 687NC 688TV 689PF 690TK 691FM 692MH 850KP 852HK 853MO 855KH 856LA 880BD 886TW 960MV 961LB 962JO 963SY 964IQ 965KW \
966SA 967YE 968OM 970PS 971AE 972IL 973BH 974QA 975BT 976MN 977NP 992TJ 993TM 994AZ 995GE 996KG 998UZ";

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-2, upper case.
    pub region: &'static str,
    /// The calling code, digits only.
    pub calling_code: &'static str,
}

/// Every country, by calling code, the main region of a code first.
#[must_use]
pub fn all() -> Vec<Country> {
    let mut countries = Vec::new();
    for entry in TABLE.split(' ') {
        let digits = entry.bytes().take_while(u8::is_ascii_digit).count();
        let (calling_code, mut regions) = entry.split_at_checked(digits).unwrap_or_default();
        while let Some((region, rest)) = regions.split_at_checked(2) {
            countries.push(Country { region, calling_code });
            regions = rest;
        }
    }
    countries
}

/// Every calling code, in ascending order.
pub(crate) fn calling_codes() -> impl Iterator<Item = &'static str> {
    TABLE
        .split(' ')
        .map(|entry| entry.trim_end_matches(|letter: char| letter.is_ascii_uppercase()))
}

/// The country of this region code among those given, in either case.
#[must_use]
pub fn find(region: &str, among: &[Country]) -> Option<Country> {
    among
        .iter()
        .find(|country| country.region.eq_ignore_ascii_case(region))
        .copied()
}

/// The countries that a page offers: those of `limit`, or all where it names none that exist.
#[must_use]
pub fn offered(limit: &[String]) -> Vec<Country> {
    let mut some = all();
    some.retain(|country| {
        limit
            .iter()
            .any(|region| country.region.eq_ignore_ascii_case(region))
    });
    if some.is_empty() { all() } else { some }
}

/// What is chosen at first: the page's wish, else the region of the first locale that has one, else the first offered.
#[must_use]
pub fn preselected(offered: &[Country], wish: &str, locales: &[String]) -> Option<Country> {
    let mut chosen = find(wish, offered);
    for locale in locales {
        chosen = chosen.or_else(|| find(region_of(locale)?, offered));
    }
    chosen
        .or_else(|| find("US", offered))
        .or_else(|| offered.first().copied())
}

/// The region subtag of a BCP 47 locale.
fn region_of(locale: &str) -> Option<&str> {
    locale
        .split(['-', '_'])
        .skip(1)
        .find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The country that a number in international spelling (`+…` or `00…`) belongs to, as far as its calling code tells:
/// `current` where that shares the code, else the code's main region.
#[must_use]
pub fn of_number(typed: &str, current: &str, offered: &[Country]) -> Option<Country> {
    let typed = typed.trim_start();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let digits = if typed.starts_with('+') {
        digits.as_str()
    } else {
        digits.strip_prefix("00")?
    };
    let mut main = None;
    for country in offered
        .iter()
        .filter(|country| digits.starts_with(country.calling_code))
    {
        if country.region == current {
            return Some(*country);
        }
        main = main.or(Some(*country));
    }
    main
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_holds_every_region_once_and_no_code_begins_another() {
        let all = all();
        let regions: HashSet<_> = all.iter().map(|country| country.region).collect();
        assert_eq!((regions.len(), all.len()), (245, 245));
        let codes: HashSet<_> = all.iter().map(|country| country.calling_code).collect();
        for code in &codes {
            assert!((1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(
                !codes.iter().any(|other| other != code && other.starts_with(code)),
                "{code}"
            );
        }
        let find = |region| find(region, &all);
        assert_eq!(find("gb").map(|country| country.calling_code), Some("44"));
        assert_eq!(find("US").map(|country| country.calling_code), Some("1"));
        assert_eq!(find("UZ").map(|country| country.calling_code), Some("998"));
    }

    #[test]
    fn a_page_may_limit_the_countries_and_a_limit_that_names_none_is_no_limit() {
        let some = offered(&["de".into(), "AT".into(), "ZZ".into()]);
        assert_eq!(
            some.iter().map(|country| country.region).collect::<Vec<_>>(),
            ["AT", "DE"]
        );
        assert_eq!(offered(&[]).len(), 245);
        assert_eq!(offered(&["ZZ".into()]).len(), 245);
    }

    #[test]
    fn the_page_then_the_locale_choose_the_first_country() {
        let all = offered(&[]);
        let choose = |wish, locales: &[&str]| {
            let locales: Vec<_> = locales.iter().map(|locale| (*locale).to_owned()).collect();
            preselected(&all, wish, &locales).map(|country| country.region)
        };
        assert_eq!(choose("de", &["en-GB"]), Some("DE"));
        assert_eq!(choose("", &["en", "zh-Hant-TW"]), Some("TW"));
        assert_eq!(choose("ZZ", &["es-419"]), Some("US"));
        let some = offered(&["AT".into(), "DE".into()]);
        assert_eq!(
            preselected(&some, "", &["fr-FR".into()]).map(|country| country.region),
            Some("AT")
        );
    }

    #[test]
    fn an_international_spelling_moves_the_country() {
        let all = offered(&[]);
        let of = |typed, current| of_number(typed, current, &all).map(|country| country.region);
        assert_eq!(of("+44 7400 123456", "US"), Some("GB"));
        assert_eq!(of("0049 151", "US"), Some("DE"));
        assert_eq!(of("+1 604 555 0100", "CA"), Some("CA"));
        assert_eq!(of("+1", "GB"), Some("US"));
        assert_eq!(of("07400 123456", "GB"), None);
        assert_eq!(of("+", "GB"), None);
    }
}
