//! The rules between settings: what refuses to start, and what is only said.

mod budget;
mod conversion;
mod countries;
mod gateway;

use super::{AdminConfig, BaseUrl, Config, ConfigError, KeysConfig, Mode, RetentionConfig, SenderName};
use crate::senders::text::Texts;
use crate::senders::twilio::api_url;
use crate::store::Patience;
use phone_verify_domain::Code;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// No browser waits for longer.
const LONGEST_PATIENCE: Duration = Duration::from_mins(5);

/// Ten years.
const LONGEST_LOCK: u16 = 3_650;

/// Collects what is wrong and what should be known.
#[derive(Default)]
struct Findings {
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn refuse(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// Refused in production, said in development.
    fn refuse_in_production(&mut self, config: &Config, problem: impl Into<String>) {
        match config.mode {
            Mode::Production => self.refuse(problem),
            Mode::Development => self.warn(problem),
        }
    }
}

/// Checks the settings; what is allowed and should be known comes back.
///
/// # Errors
/// [`ConfigError`] with every problem, not only the first.
pub(super) fn check(config: &Config) -> Result<Vec<String>, ConfigError> {
    let mut findings = Findings::default();
    folders(config, &mut findings);
    addresses(config, &mut findings);
    codes(config, &mut findings);
    waits(config, &mut findings);
    conversion::check(config, &mut findings);
    budget::check(config, &mut findings);
    retention(config, &mut findings);
    database(config, &mut findings);
    keys(config, &mut findings);
    senders(config, &mut findings);
    gateway::check(config, &mut findings);
    countries::check(config, &mut findings);
    test_numbers(config, &mut findings);
    sites(config, &mut findings);
    admin(config, &mut findings);
    if findings.problems.is_empty() {
        Ok(findings.warnings)
    } else {
        Err(ConfigError {
            problems: findings.problems,
        })
    }
}

fn folders(config: &Config, findings: &mut Findings) {
    if normal(&config.keys_dir).starts_with(normal(&config.data_dir)) {
        findings.refuse(
            "keys_dir: it lies inside data_dir, so that one backup would hold both: move it elsewhere",
        );
    }
}

/// The path from the root, without `.` and `..`, whether or not it exists.
fn normal(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut normal = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

fn addresses(config: &Config, findings: &mut Findings) {
    let http = &config.http;
    if config.is_loopback_only() && !http.listen.ip().is_loopback() {
        findings.refuse(
            "http.listen: development listens on loopback only: set mode = \"production\", or mode = \"development\" \
             explicitly where others shall reach it",
        );
    }
    match &http.public_url {
        Some(url) => {
            if !url.is_https() && !url.is_loopback() {
                findings.refuse_in_production(config, "http.public_url: it is not https: use an https address");
            }
            if url.is_https() && http.trusted_proxies.is_none() {
                findings.refuse_in_production(
                    config,
                    "http.trusted_proxies: public_url is https, so something stands before this server: set it to the \
                     number of your proxies, or to 0 where that thing passes connections on as they are",
                );
            }
        }
        None if config.mode == Mode::Production => findings.warn(
            "http.public_url: it is not set: tokens name the listen address as their issuer, and Twilio reports nothing back",
        ),
        None => {}
    }
    let twilio = &config.twilio;
    let urls = [
        ("twilio.api_url", &twilio.api_url),
        ("twilio.verify_url", &twilio.verify_url),
        ("twilio.lookups_url", &twilio.lookups_url),
    ];
    for (name, url) in urls {
        if url.as_ref().is_some_and(is_open_http) {
            findings.refuse_in_production(config, format!("{name}: it is not https: use an https address"));
        }
    }
}

fn is_open_http(url: &BaseUrl) -> bool {
    !url.is_https() && !url.is_loopback()
}

fn codes(config: &Config, findings: &mut Findings) {
    if !Code::LENGTHS.contains(&config.code.length) {
        findings.refuse("code.length: expected 6 to 10");
    }
    if config.code.ttl > Duration::from_mins(10) {
        findings.refuse_in_production(config, "code.ttl: a code may live ten minutes at most: lower it");
    }
    match Texts::new(&config.code.template) {
        Ok(texts) => {
            for site in &config.sites {
                let name = site.display_name();
                // The longest line that any of its pages asks for.
                let hosts = site.origins.iter().filter_map(|origin| BaseUrl::parse(origin));
                let host = hosts
                    .filter(|_| site.origin_bound)
                    .max_by_key(|url| url.host().len());
                let cutting = texts.cutting(name, config.code.length, host.as_ref().map(BaseUrl::host));
                if !cutting.is_empty() {
                    findings.warn(format!(
                        "sites: the name of `{}` is too long for one message segment and is cut there, in these languages: \
                         {}",
                        site.key,
                        cutting.join(", ")
                    ));
                }
            }
        }
        Err((locale, problem)) => findings.refuse(format!("code.template.{locale}: {problem}")),
    }
}

fn keys(config: &Config, findings: &mut Findings) {
    let keys = &config.keys;
    if keys.may_be_kept_for() < Duration::from_secs(1) {
        findings.refuse(
            "keys.publish_before_use: a key must be read by all processes before it is used: make it a second longer than \
             twice keys.read_every, at least",
        );
    } else if keys.publish_before_use < KeysConfig::PUBLISH_BEFORE_USE {
        findings.warn(
            "keys.publish_before_use: it is shorter than 10m: hosts that keep the public keys longer than they are told refuse \
             tokens after a rotation",
        );
    }
}

fn waits(config: &Config, findings: &mut Findings) {
    let limits = &config.limits;
    if limits.lock_days > LONGEST_LOCK {
        findings.refuse("limits.lock_days: expected 0 to 3650");
    } else if limits.lock_days > 0 {
        findings.warn(
            "limits.lock_days: whoever uses up a stranger's number locks it for so long: 0 leaves it to the day's limits",
        );
    }
    let waits = [
        ("limits.checks.pacing_factor", limits.checks.pacing_factor),
        ("limits.number.spacing", limits.number.spacing),
        ("limits.subject.spacing", limits.subject.spacing),
    ];
    for (name, wait) in waits {
        if wait.is_zero() {
            findings.warn(format!("{name}: \"0s\" means no wait at all"));
        }
    }
}

fn admin(config: &Config, findings: &mut Findings) {
    let admin = &config.admin;
    if admin.password_hash.is_some() && admin.password().is_none() {
        findings.refuse(
            "admin.password_hash: expected a PHC string of Argon2id: let `phone-verify admin password` make one",
        );
    }
    if admin.session > AdminConfig::LONGEST_SESSION {
        findings.refuse("admin.session: expected \"24h\" or less");
    }
}

fn retention(config: &Config, findings: &mut Findings) {
    if config.retention.verifications < RetentionConfig::SHORTEST {
        findings.refuse(
            "retention.verifications: expected \"24h\" or more: for so long a repeated request gets the first one's answer",
        );
    }
}

fn database(config: &Config, findings: &mut Findings) {
    if !(Patience::SHORTEST..=LONGEST_PATIENCE).contains(&config.database.patience) {
        findings.refuse("database.patience: expected \"2s\" to \"5m\"");
    }
}

fn senders(config: &Config, findings: &mut Findings) {
    let twilio = &config.twilio;
    if twilio.half_a_key() {
        findings.refuse_in_production(
            config,
            "twilio.api_key, twilio.api_key_secret: one is there without the other: set both or neither",
        );
    }
    if let Some(sid) = &twilio.account_sid
        && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        findings.refuse("twilio.account_sid: expected `AC` and 32 hexadecimal digits");
    }
    if let Some(sid) = &twilio.verify_service_sid
        && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        findings.refuse("twilio.verify_service_sid: expected `VA` and 32 hexadecimal digits");
    }
    if let Err(problem) = api_url(twilio) {
        findings.refuse(problem.to_string());
    }
    if config.calls.press_key && config.http.public_url.is_none() {
        findings.refuse("calls.press_key: Twilio must reach this server for it: set http.public_url");
    }
    if config.calls.press_key
        && twilio.auth_token.is_none()
        && config.routes().call.contains(&SenderName::Calls)
    {
        findings.refuse(
            "calls.press_key: Twilio signs its questions with the auth token: set twilio.auth_token, beside an API key too",
        );
    }

    if twilio.lookup && !twilio.can_authenticate() {
        findings.refuse_in_production(
            config,
            "twilio.lookup: it needs twilio.account_sid, and twilio.auth_token or a whole API key",
        );
    }

    let routes = config.routes();
    for (channel, senders, own) in [
        ("sms", &routes.sms, SenderName::Messages),
        ("call", &routes.call, SenderName::Calls),
    ] {
        for (index, sender) in senders.iter().enumerate() {
            let name = format!("senders.{channel}");
            if senders[..index].contains(sender) {
                findings.refuse(format!("{name}: `{}` is there twice", sender.as_str()));
            }
            sender_can_serve(config, *sender, &name, own, findings);
        }
    }
    let all = || routes.sms.iter().chain(&routes.call);
    let verify = |sender: &SenderName| *sender == SenderName::Verify;
    if all().any(verify) && !all().all(verify) && !twilio.verify_custom_code {
        findings.refuse(
            "senders: with Twilio Verify the code is Twilio's, so no other sender can stand beside it: name `verify` alone, \
             or set twilio.verify_custom_code where Twilio allows it",
        );
    }
    if all().next().is_none() {
        findings.refuse(
            "senders: nothing can deliver a code: set twilio.account_sid, a secret, and twilio.from or \
             twilio.messaging_service_sid",
        );
    }
    if config.mode == Mode::Development && twilio.account_sid.is_some() && config.senders.sms.is_none() {
        let outbox = routes.sms.contains(&SenderName::Outbox);
        if outbox {
            findings.warn(
                "twilio: the settings are not complete (an account, a secret, and from, messaging_service_sid or \
                 verify_service_sid), so the outbox is used and nothing is sent",
            );
        }
    }
}

fn sender_can_serve(
    config: &Config,
    sender: SenderName,
    name: &str,
    own: SenderName,
    findings: &mut Findings,
) {
    let twilio = &config.twilio;
    match sender {
        SenderName::Messages | SenderName::Calls if sender != own => {
            findings.refuse(format!(
                "{name}: `{}` does not serve this channel",
                sender.as_str()
            ));
        }
        SenderName::Messages if twilio.from.is_none() && twilio.messaging_service_sid.is_none() => {
            findings.refuse(format!(
                "{name}: `messages` needs twilio.from or twilio.messaging_service_sid"
            ));
        }
        SenderName::Calls if twilio.from.is_none() => {
            findings.refuse(format!("{name}: `calls` needs twilio.from"));
        }
        SenderName::Verify if twilio.verify_service_sid.is_none() => {
            findings.refuse(format!("{name}: `verify` needs twilio.verify_service_sid"));
        }
        SenderName::Outbox if config.mode == Mode::Production => {
            findings.refuse(format!(
                "{name}: `outbox` sends nothing and shows codes to everybody: name another, or set mode = \"development\""
            ));
        }
        SenderName::Messages | SenderName::Calls | SenderName::Verify if !twilio.can_authenticate() => {
            findings.refuse(format!(
                "{name}: `{}` needs twilio.account_sid, and twilio.auth_token or a whole API key",
                sender.as_str()
            ));
        }
        SenderName::Http if config.http_sender.url.is_none() => {
            findings.refuse(format!("{name}: `http` needs http_sender.url"));
        }
        SenderName::Messages
        | SenderName::Calls
        | SenderName::Verify
        | SenderName::Http
        | SenderName::Outbox => {}
    }
}

fn test_numbers(config: &Config, findings: &mut Findings) {
    if config.mode == Mode::Production && !config.test_numbers.is_empty() {
        findings.refuse("test_numbers: their codes are known, so production has none: remove them");
    }
    for (index, test) in config.test_numbers.iter().enumerate() {
        if !test.is_pattern() {
            findings.refuse(format!(
                "test_numbers[{index}].pattern: expected `+`, digits, and `*` at most at the end"
            ));
        }
        if Code::parse(&test.code, config.code.length).is_err() {
            findings.refuse(format!(
                "test_numbers[{index}].code: expected {} digits (code.length)",
                config.code.length
            ));
        }
    }
}

fn sites(config: &Config, findings: &mut Findings) {
    if config.sites.is_empty() {
        findings.warn("sites: none is given, so nothing can be verified: add [[sites]]");
    }
    let mut services = Vec::new();
    for (index, site) in config.sites.iter().enumerate() {
        let at = format!("sites[{index}]");
        if config.sites[..index].iter().any(|other| other.key == site.key) {
            findings.refuse(format!("{at}.key: another site has the same"));
        }
        match site.site(config.mode) {
            Ok(site) if services.contains(&site.sids.service) => {
                findings.refuse(format!("{at}.service_sid: another site has the same"));
            }
            Ok(site) => services.push(site.sids.service),
            Err(problem) => findings.refuse(format!("{at}.{problem}")),
        }
        for problem in site.open_http() {
            findings.refuse_in_production(config, format!("{at}.{problem}"));
        }
        for warning in site.doubts() {
            findings.warn(format!("{at}.{warning}"));
        }
    }
}
