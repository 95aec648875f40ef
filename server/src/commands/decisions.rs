use super::{CommandError, FileArgument, logging, rfc3339, runtime};
use crate::clock::{Clock as _, SystemClock, from_rfc3339};
use crate::compose::open_desk;
use crate::config::parse_duration;
use crate::decisions::{Decision, Rule};
use crate::store::{About, BreakerName, DecisionFilter};
use clap::Args;
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Which decisions, and how they are printed.
#[derive(Debug, Args)]
pub(super) struct DecisionsArguments {
    /// About this verification, by its id; with what was allowed of it.
    #[arg(long, value_name = "ID")]
    verification: Option<String>,
    /// Of this site alone, by its key.
    #[arg(long, value_name = "KEY")]
    site: Option<String>,
    /// Of this rule alone, by its name: `number`, `conversion`, `country_not_served` and so on.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Not older than a while, as in `2h`, or than a moment, as in 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// How many of the newest.
    #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
    limit: u32,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    file: FileArgument,
}

impl DecisionsArguments {
    fn filter(&self, now: Timestamp) -> Result<DecisionFilter, CommandError> {
        let id = self.verification.as_deref();
        let id = id.map(|id| VerificationId::parse(id).ok_or(CommandError::Verification));
        let site = self.site.as_deref();
        let site = site.map(|key| SiteKey::parse(key).ok_or(CommandError::Site));
        let rule = self.rule.as_deref();
        let rule = rule.map(|word| Rule::parse(word).ok_or(CommandError::Rule));
        let since = self.since.as_deref();
        let since = since.map(|text| moment(text, now).ok_or(CommandError::Since));
        Ok(DecisionFilter {
            about: id.transpose()?.map_or(About::Anything, About::Verification),
            site: site.transpose()?,
            rule: rule.transpose()?,
            since: since.transpose()?,
            at_most: self.limit,
        })
    }
}

/// `phone-verify decisions`
pub(super) fn run(arguments: &DecisionsArguments) -> Result<(), CommandError> {
    let filter = arguments.filter(SystemClock.now())?;
    let config = arguments.file.load(None)?;
    logging::start(&config.log)?;
    let found = runtime()?.block_on(async {
        let desk = open_desk(&config).await?;
        Ok::<_, CommandError>(desk.decisions(filter).await?)
    })?;
    for decision in &found {
        if arguments.json {
            println!("{}", object(decision));
        } else {
            println!("{}", line(decision));
        }
    }
    Ok(())
}

fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    let ago = |time: Duration| {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(now.as_millis().saturating_sub(millis))
    };
    parse_duration(text).map(ago).or_else(|| from_rfc3339(text))
}

/// A decision in one line for people.
pub(super) fn line(decision: &Decision) -> String {
    let asked = &decision.asked;
    let saw = decision.saw_in_words();
    let facts = [
        (!saw.is_empty()).then_some(saw),
        asked.site.as_ref().map(|site| format!("site {site}")),
        asked.channel.map(|channel| channel.to_string()),
        asked.country.map(|country| country.to_string()),
        asked.verification.map(|id| format!("verification {id}")),
        (decision.times > 1).then(|| format!("{} more of this minute", decision.times)),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    format!(
        "{} {} {} {}: {}",
        rfc3339(decision.at),
        decision.outcome.as_str(),
        asked.operation.as_str(),
        decision.rule.map_or("-", Rule::as_str),
        facts.join("; "),
    )
}

/// The same for programs; what is not known is left out.
fn object(decision: &Decision) -> Value {
    let (asked, saw) = (&decision.asked, &decision.saw);
    let seconds = |time: Duration| json!(time.as_secs() + u64::from(time.subsec_nanos() > 0));
    let breaker = |name: BreakerName| json!(name.to_text());
    let fields = [
        ("at", Some(json!(rfc3339(decision.at)))),
        ("outcome", Some(json!(decision.outcome.as_str()))),
        ("operation", Some(json!(asked.operation.as_str()))),
        ("rule", decision.rule.map(|rule| json!(rule.as_str()))),
        ("site", asked.site.as_ref().map(|site| json!(site.as_str()))),
        ("channel", asked.channel.map(|channel| json!(channel.as_str()))),
        ("country", asked.country.map(|country| json!(country.as_str()))),
        ("verification", asked.verification.map(|id| json!(id.to_string()))),
        ("counted", saw.counted.map(Value::from)),
        ("out_of", saw.out_of.map(Value::from)),
        ("allowed", saw.allowed.map(Value::from)),
        ("window", saw.window.map(seconds)),
        ("retry_in", saw.retry_in.map(seconds)),
        ("breaker", saw.breaker.map(breaker)),
        ("times", Some(json!(decision.times))),
    ];
    let known = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.collect::<Map<_, _>>())
}
