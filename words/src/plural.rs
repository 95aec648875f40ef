//! CLDR's plural categories of whole numbers, for where there is no `Intl.PluralRules`.

/// The category of `n` in a language that there is a translation for.
#[must_use]
pub fn category(language: &str, n: u32) -> &'static str {
    let (ones, tens) = (n % 10, n % 100);
    match language {
        "fr" | "hi" | "pt" if n < 2 => "one",
        "da" | "de" | "el" | "en" | "es" | "fi" | "it" | "nb" | "nl" | "pl" | "cs" | "ro" | "sv" | "tr"
            if n == 1 =>
        {
            "one"
        }
        "cs" if (2..5).contains(&n) => "few",
        "ro" if n == 0 || (1..20).contains(&tens) => "few",
        "ru" | "uk" if ones == 1 && tens != 11 => "one",
        "pl" | "ru" | "uk" if (2..5).contains(&ones) && !(12..15).contains(&tens) => "few",
        "pl" | "ru" | "uk" => "many",
        "ar" => match (n, tens) {
            (0, _) => "zero",
            (1, _) => "one",
            (2, _) => "two",
            (_, 3..11) => "few",
            (_, 11..) => "many",
            _ => "other",
        },
        // Exact millions.
        "es" | "fr" | "it" | "pt" if n > 0 && n.is_multiple_of(1_000_000) => "many",
        _ => "other",
    }
}
