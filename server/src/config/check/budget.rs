use super::Findings;
use crate::config::Config;
use phone_verify_domain::{Channel, Country};

/// A budget can be kept only where every send counts something.
pub(super) fn check(config: &Config, findings: &mut Findings) {
    let budget = &config.budget;
    if budget.currency.len() != 3 || !budget.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        findings.refuse("budget.currency: expected three letters of ISO 4217, as in \"USD\"");
    }
    let shares = [
        ("warn_percent", budget.warn_percent),
        ("voice_off_percent", budget.voice_off_percent),
        ("known_only_percent", budget.known_only_percent),
    ];
    for (name, share) in shares {
        if share.get() > 100 {
            findings.refuse(format!("budget.{name}: expected 1 to 100"));
        }
    }
    if !shares.is_sorted_by_key(|(_, share)| *share) {
        findings.refuse(
            "budget: expected warn_percent, voice_off_percent and known_only_percent in rising order: each state sends less than \
             the one before",
        );
    }
    for (name, countries) in [("sms_in", &budget.sms_in), ("call_in", &budget.call_in)] {
        for code in countries.keys() {
            if Country::parse(code).is_none() {
                findings.refuse(format!(
                    "budget.{name}: `{code}` is no country: expected two capital letters, as in \"US\""
                ));
            }
        }
    }
    if config.budgets().is_none() {
        return;
    }
    let (routes, sites) = (config.routes(), &config.sites);
    for (channel, name, cap, senders) in [
        (Channel::Sms, "sms", budget.sms, &routes.sms),
        (Channel::Call, "call", budget.call, &routes.call),
    ] {
        let is_offered = sites.iter().any(|site| site.channels.contains(&channel));
        if cap.is_none() && is_offered && !senders.is_empty() {
            findings.refuse(format!(
                "budget.{name}: it is missing: say the most that one may cost, which counts until the provider tells its price"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::budget::Money;
    use crate::config::Config;
    use phone_verify_domain::{Channel, Country};
    use std::collections::BTreeMap;

    fn read(text: &str) -> Result<Config, String> {
        let text = format!("mode = \"development\"\n[budget]\n{text}");
        Config::parse(Some(&text), &BTreeMap::new()).map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_amount_nobody_counts() {
        assert_eq!(read("").unwrap().budgets(), None);
        assert_eq!(read("sms = 0.1").unwrap().budgets(), None);
    }

    #[test]
    fn amounts_are_exact_however_they_are_written() {
        let config = read("per_day = 50\nsms = 0.1\ncall = \"0.0079\"\nsms_in.GB = 0.04").unwrap();
        let budgets = config.budgets().unwrap();
        let country = |code| Country::parse(code).unwrap();
        assert_eq!(budgets.all.per_day, Money::parse("50"));
        assert_eq!(
            Some(budgets.cap(Channel::Sms, country("US"))),
            Money::parse("0.1")
        );
        assert_eq!(
            Some(budgets.cap(Channel::Sms, country("GB"))),
            Money::parse("0.04")
        );
        assert_eq!(
            Some(budgets.cap(Channel::Call, country("GB"))),
            Money::parse("0.0079")
        );
    }

    #[test]
    fn a_site_alone_may_have_a_budget_and_a_channel_that_it_does_not_offer_needs_no_cap() {
        let site = "[[sites]]\nkey = \"shop\"\nchannels = [\"sms\"]\nbudget_per_month = 900";
        let budgets = read(&format!("sms = 0.1\n{site}")).unwrap().budgets().unwrap();
        assert!(!budgets.all.limits_anything());
        let of_shop = budgets.sites.values().next().unwrap();
        assert_eq!(of_shop.per_month, Money::parse("900"));
    }

    #[test]
    fn what_cannot_be_kept_refuses_to_start_and_is_named() {
        for (text, named) in [
            ("per_day = 50\nsms = 0.1", "budget.call"),
            ("per_day = 50\ncall = 0.1", "budget.sms"),
            ("per_day = 0", "budget.per_day"),
            ("per_day = -1", "budget.per_day"),
            ("sms = 0.00000001", "budget.sms"),
            ("sms = \"a lot\"", "budget.sms"),
            ("sms_in.Britain = 0.1", "budget.sms_in"),
            ("sms_in.GB = true", "budget.sms_in.GB"),
            ("currency = \"dollars\"", "budget.currency"),
            ("known_only_percent = 101", "budget.known_only_percent"),
            ("warn_percent = 85", "rising order"),
            ("per_week = 1", "per_week"),
        ] {
            let refused = read(text).unwrap_err();
            assert!(refused.contains(named), "{text}: {refused}");
        }
    }
}
