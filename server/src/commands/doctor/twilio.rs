//! What Twilio's account is set up for.

mod verify;

use super::Report;
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, Routes, SenderName};
use crate::senders::twilio::{Console, Originator, Product, Read, ReadError};
use crate::sites::Countries;
use phone_verify_domain::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// Tokens name their moment, and hosts look at their own clocks.
const CLOCKS_MAY_DIFFER: Duration = Duration::from_secs(10);

/// Each country is a question of its own.
const MOST_COUNTRIES: usize = 50;

pub(super) async fn examine(config: &Config, routes: &Routes, http: reqwest::Client, report: &mut Report) {
    let console = match Console::new(&config.twilio, http) {
        Ok(console) => console,
        Err(error) => {
            report.needs("twilio", error.to_string());
            return;
        }
    };
    if !credentials(&console, report).await {
        return;
    }
    let messages = routes.sms.contains(&SenderName::Messages);
    let calls = routes.call.contains(&SenderName::Calls);
    if messages {
        if let Some(originator) = Originator::new(&config.twilio) {
            originator_of_messages(&console, "sender of messages", &originator, report).await;
        }
        for (country, sender) in &config.twilio.senders {
            if let Ok(originator) = Originator::parse(sender) {
                let about = format!("sender of messages to {country}");
                originator_of_messages(&console, &about, &originator, report).await;
            }
        }
    }
    if let Some(from) = config.twilio.from.as_ref().filter(|_| calls) {
        caller(&console, from, report).await;
    }
    if [&routes.sms, &routes.call]
        .iter()
        .any(|senders| senders.contains(&SenderName::Verify))
    {
        verify::examine(&console, config, report).await;
    }
    countries(&console, config, messages, calls, report).await;
}

/// Whether anything more can be asked.
async fn credentials(console: &Console<'_>, report: &mut Report) -> bool {
    const ABOUT: &str = "twilio credentials";
    // An API key may not read the account itself.
    let (path, query): (&str, &[(&str, &str)]) = if console.has_api_key() {
        ("/IncomingPhoneNumbers", &[("PageSize", "1")])
    } else {
        ("", &[])
    };
    let read = match console.read(Product::Api, path, query).await {
        Ok(read) => read,
        Err(error) => {
            report.needs(
                ABOUT,
                match error {
                    ReadError::Refused { status: 401 | 403 | 404, .. } => format!(
                        "{error}: check twilio.account_sid, and twilio.auth_token or the API key and its secret, and that they \
                         are of the region that twilio.region names"
                    ),
                    _ => error.to_string(),
                },
            );
            return false;
        }
    };
    report.ok(
        ABOUT,
        if console.has_api_key() {
            "the API key is taken"
        } else {
            "the auth token is taken"
        },
    );
    clock(read.date, report);
    let account = match console.with_auth_token() {
        Some(with_token) => match with_token.read(Product::Api, "", &[]).await {
            Ok(account) => {
                report.ok("twilio.auth_token", "it is taken");
                Some(account)
            }
            Err(error) => {
                report.needs(
                    "twilio.auth_token",
                    format!("{error}: webhooks are signed with the account's auth token: set the one that is in the console"),
                );
                None
            }
        },
        None if console.has_api_key() => None,
        None => Some(read),
    };
    if let Some(account) = account {
        account_state(&account, report);
    }
    true
}

fn account_state(account: &Read, report: &mut Report) {
    const ABOUT: &str = "twilio account";
    match (account.body["status"].as_str(), account.body["type"].as_str()) {
        (Some("active"), Some("Trial")) => report.note(
            ABOUT,
            "it is a trial: it reaches only numbers that were verified in Twilio's console; upgrade it for others",
        ),
        (Some("active"), _) => report.ok(ABOUT, "active"),
        (status, _) => report.needs(
            ABOUT,
            format!("it is {}: look at it in Twilio's console", status.unwrap_or("not shown")),
        ),
    }
}

fn clock(theirs: Option<Timestamp>, report: &mut Report) {
    let Some(theirs) = theirs else {
        report.note("clock", "Twilio's answer has no date to compare with");
        return;
    };
    let ours = SystemClock.now();
    let difference = ours.until(theirs).max(theirs.until(ours));
    if difference > CLOCKS_MAY_DIFFER {
        report.needs(
            "clock",
            format!(
                "it is {} s {} Twilio's: set it, and keep it by NTP",
                difference.as_secs(),
                if ours < theirs { "behind" } else { "before" }
            ),
        );
    } else {
        report.ok("clock", "as Twilio's");
    }
}

fn list<'a>(read: &'a Read, name: &str) -> &'a [Value] {
    read.body[name].as_array().map_or(&[], Vec::as_slice)
}

async fn originator_of_messages(
    console: &Console<'_>,
    about: &str,
    originator: &Originator,
    report: &mut Report,
) {
    match originator {
        Originator::Service(sid) => service(console, about, sid, report).await,
        Originator::From(number) if number.starts_with('+') => match find(console, "IncomingPhoneNumbers", number).await {
            Ok(Some(found)) if found["capabilities"]["sms"] == true => report.ok(about, "the account's, and sends messages"),
            Ok(Some(_)) => report.needs(about, "the number sends no messages: name one with the capability SMS"),
            Ok(None) => report.needs(about, "the account has no such number: name one of its own"),
            Err(error) => report.needs(about, error.to_string()),
        },
        Originator::From(_) => report.note(
            about,
            "a short code or an alphanumeric sender: Twilio's API does not tell where it may be used; see the console",
        ),
    }
}

async fn service(console: &Console<'_>, about: &str, sid: &str, report: &mut Report) {
    let path = format!("Services/{sid}");
    if let Err(error) = console.read(Product::Messaging, &path, &[]).await {
        report.needs(
            about,
            match error {
                ReadError::Refused { status: 404, .. } => {
                    "the account has no such messaging service: check twilio.messaging_service_sid and twilio.senders".to_owned()
                }
                _ => error.to_string(),
            },
        );
        return;
    }
    for (kind, name) in [
        ("PhoneNumbers", "phone_numbers"),
        ("ShortCodes", "short_codes"),
        ("AlphaSenders", "alpha_senders"),
    ] {
        let path = format!("Services/{sid}/{kind}");
        match console
            .read(Product::Messaging, &path, &[("PageSize", "1")])
            .await
        {
            Ok(read) if list(&read, name).is_empty() => {}
            Ok(_) => {
                report.ok(about, "the messaging service has senders");
                return;
            }
            Err(error) => {
                report.needs(about, error.to_string());
                return;
            }
        }
    }
    report.needs(about, "the messaging service has no senders: add one to its pool");
}

/// The account's number, or caller id, that is exactly this.
async fn find(console: &Console<'_>, resource: &str, number: &str) -> Result<Option<Value>, ReadError> {
    let list_name = match resource {
        "OutgoingCallerIds" => "outgoing_caller_ids",
        _ => "incoming_phone_numbers",
    };
    let path = format!("/{resource}");
    let read = console
        .read(Product::Api, &path, &[("PhoneNumber", number)])
        .await?;
    let found = list(&read, list_name)
        .iter()
        .find(|found| found["phone_number"] == number);
    Ok(found.cloned())
}

async fn caller(console: &Console<'_>, from: &str, report: &mut Report) {
    const ABOUT: &str = "sender of calls";
    match find(console, "IncomingPhoneNumbers", from).await {
        Ok(Some(found)) if found["capabilities"]["voice"] == true => {
            return report.ok(ABOUT, "the account's, and makes calls");
        }
        Ok(Some(_)) => {
            return report.needs(
                ABOUT,
                "twilio.from makes no calls: name a number with the capability Voice",
            );
        }
        Ok(None) => {}
        Err(error) => return report.needs(ABOUT, error.to_string()),
    }
    match find(console, "OutgoingCallerIds", from).await {
        Ok(Some(_)) => report.ok(ABOUT, "verified as a caller id of the account"),
        Ok(None) => report.needs(
            ABOUT,
            "twilio.from is neither a number of the account nor verified as its caller id: name one that is",
        ),
        Err(error) => report.needs(ABOUT, error.to_string()),
    }
}

/// Whether the account reaches the countries that sites serve.
async fn countries(console: &Console<'_>, config: &Config, messages: bool, calls: bool, report: &mut Report) {
    let Ok(sites) = config.sites() else {
        return;
    };
    let mut named = BTreeSet::new();
    let mut everywhere = false;
    for site in sites.iter() {
        match &site.countries {
            Countries::All => everywhere = true,
            Countries::Only(regions) => named.extend(regions.iter().cloned()),
        }
    }
    if everywhere {
        report.note(
            "countries",
            "a site serves all: those that Twilio's geo permissions leave out are country_not_served; name the ones that you serve",
        );
    }
    if named.len() > MOST_COUNTRIES {
        report.note(
            "countries",
            format!("only the first {MOST_COUNTRIES} are asked for"),
        );
    }
    let named: Vec<String> = named.into_iter().take(MOST_COUNTRIES).collect();
    if messages && !named.is_empty() {
        permissions(console, "countries of messages", "Messaging", &named, report).await;
    }
    if calls && !named.is_empty() {
        permissions(console, "countries of calls", "Voice", &named, report).await;
    }
}

async fn permissions(
    console: &Console<'_>,
    about: &str,
    product: &str,
    countries: &[String],
    report: &mut Report,
) {
    let mut refused = Vec::new();
    for country in countries {
        let is_allowed = if product == "Voice" {
            voice_reaches(console, country).await
        } else {
            messages_reach(console, country).await
        };
        match is_allowed {
            Ok(Some(true)) => {}
            Ok(Some(false)) => refused.push(country.as_str()),
            Ok(None) => {
                return report.note(
                    about,
                    format!("Twilio does not tell of {country}: see Geo permissions in its console"),
                );
            }
            Err(error) => {
                // Not every key may read them, and nothing is wrong with sending then.
                return report.note(
                    about,
                    format!("{error}: see {product}, Geo permissions in Twilio's console"),
                );
            }
        }
    }
    if refused.is_empty() {
        report.ok(about, format!("{} of them are allowed", countries.len()));
    } else {
        report.needs(
            about,
            format!(
                "Twilio's geo permissions do not allow {}: allow them ({product}, Geo permissions in the console), or take them \
                 from the sites' countries",
                refused.join(", ")
            ),
        );
    }
}

async fn voice_reaches(console: &Console<'_>, country: &str) -> Result<Option<bool>, ReadError> {
    let path = format!("DialingPermissions/Countries/{country}");
    let read = console.read(Product::Voice, &path, &[]).await?;
    Ok(read.body["low_risk_numbers_enabled"].as_bool())
}

async fn messages_reach(console: &Console<'_>, country: &str) -> Result<Option<bool>, ReadError> {
    let query = [("CountryCode", country)];
    let read = console
        .read(Product::Accounts, "Messaging/GeoPermissions", &query)
        .await?;
    let mut found = list(&read, "permissions").iter();
    Ok(found
        .find(|permission| permission["country_code"] == country)
        .and_then(|permission| permission["enabled"].as_bool()))
}
