use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// How a file can be compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    const BEST_FIRST: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// The name in `Content-Encoding`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The end of the file's name.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }

    /// Those that a client takes, the smallest result first (RFC 9110, 12.5.3).
    pub(super) fn accepted(headers: &HeaderMap) -> Vec<Self> {
        let lines = headers.get_all(ACCEPT_ENCODING).iter();
        let offers: Vec<&str> = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .collect();
        let mut best_first = Self::BEST_FIRST.to_vec();
        best_first.retain(|encoding| takes(&offers, encoding.name()));
        best_first
    }
}

/// What is named decides; `*` stands for what is not named.
fn takes(offers: &[&str], name: &str) -> bool {
    let offer = |wanted: &str| {
        offers.iter().find_map(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            parts
                .next()
                .filter(|coding| coding.eq_ignore_ascii_case(wanted))
                .map(|_| parts.all(|parameter| !is_zero_weight(parameter)))
        })
    };
    offer(name).or_else(|| offer("*")).unwrap_or(false)
}

fn is_zero_weight(parameter: &str) -> bool {
    parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="))
        .is_some_and(|weight| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn accepted(line: &str) -> Vec<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        Encoding::accepted(&headers)
            .into_iter()
            .map(Encoding::name)
            .collect()
    }

    #[test]
    fn the_smallest_that_the_client_takes_comes_first() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), ["br", "gzip"]);
        assert_eq!(accepted("gzip;q=1.0, br;q=0"), ["gzip"]);
        assert_eq!(accepted("*"), ["br", "gzip"]);
        assert_eq!(accepted("*;q=0, GZIP"), ["gzip"]);
        assert!(accepted("identity").is_empty());
        assert!(accepted("").is_empty());
        assert!(accepted("brotli, x-gzip").is_empty());
    }
}
