use phone_verify_domain::ErrorCode;

macro_rules! rules {
    ($($(#[$meta:meta])* $variant:ident = $word:literal;)+) => {
        /// What decided: a limit by its name in `[limits]`, a breaker, a block, or a refusal by its word in the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($(#[$meta])* $variant,)+
            /// What the API calls by this word.
            Refusal(ErrorCode),
        }

        impl Rule {
            /// Those that are no word of the API.
            const OWN: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that is kept.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Refusal(code) => code.as_str(),
                }
            }
        }
    };
}

rules! {
    /// `[limits.number]`: sends to the number.
    Number = "number";
    /// `[limits.subject]`: sends to the subject that holds it.
    Subject = "subject";
    /// `[limits.address]`: sends that the client's network asked for.
    Address = "address";
    /// `[limits.address] checks_…`: checks that it asked for.
    ChecksPerAddress = "checks_per_address";
    /// `[limits.prefix]`: sends to the numbers that differ from it in their last four digits only.
    Prefix = "prefix";
    /// `[limits.country]`: sends to the country.
    Country = "country";
    /// `[limits.site]`: sends of the site.
    Site = "site";
    /// `[limits.deployment]`: sends of all sites.
    Deployment = "deployment";
    /// `[budget]`: the day or the month has nothing left for such a send.
    Budget = "budget";
    /// `[limits] lock_days`: the number's day of sends or checks was used up.
    LockDays = "lock_days";
    /// `[limits.sends] per_verification`: no sends of the verification are left.
    Sends = "sends";
    /// `[limits.checks] per_number_per_day`: the day's checks of the number, or of its subject, are used up.
    PerNumberPerDay = "per_number_per_day";
    /// `[limits.checks] pacing_factor`: too early after the last check.
    PacingFactor = "pacing_factor";
    /// `[limits.conversion]`: the breaker of a prefix or a country is open.
    Conversion = "conversion";
    /// The operator has blocked the number.
    BlockList = "block_list";
    /// The provider takes the number for fraud.
    Provider = "provider";
}

impl Rule {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let refusals = ErrorCode::ALL.iter().copied().map(Self::Refusal);
        Self::OWN.iter().copied().chain(refusals)
    }

    /// The rule of a limit, by the name that the limit has in the store.
    #[must_use]
    pub fn of_limit(name: &str) -> Self {
        let limits = [
            Self::Number,
            Self::Subject,
            Self::Address,
            Self::ChecksPerAddress,
            Self::Prefix,
            Self::Country,
            Self::Site,
            Self::Deployment,
            Self::LockDays,
            Self::Budget,
        ];
        let named = limits.into_iter().find(|rule| rule.as_str() == name);
        named.unwrap_or(Self::Refusal(ErrorCode::TooManyRequests))
    }

    /// Whether a refusal is written down where its rule has the values in hand, and so not by its word alone.
    pub(crate) const fn tells_itself(code: ErrorCode) -> bool {
        matches!(code, ErrorCode::TooManyRequests | ErrorCode::WrongCode)
    }

    /// The rule of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let own = Self::OWN.iter().copied().find(|rule| rule.as_str() == word);
        own.or_else(|| ErrorCode::parse(word).map(Self::Refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_word_of_its_own_that_leads_back_to_it() {
        for rule in Rule::all() {
            assert_eq!(Rule::parse(rule.as_str()), Some(rule));
        }
        assert_eq!(Rule::parse("no such rule"), None);
    }
}
