use super::{CommandError, FileArgument, logging, runtime};
use crate::clock::{Clock as _, SystemClock};
use crate::compose::open_with_keys;
use crate::import::{Importer, Report, Table};
use crate::random::SystemRandom;
use clap::Args;
use phone_verify_domain::{Channel, Country, SiteKey};
use std::path::PathBuf;

/// Which numbers, and for whom.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// A CSV file whose first line names its columns: `subject`, `phone_number` or `phone_number_sha1`, and as there are
    /// `country`, `channel`, `verified`, `verified_at`.
    #[arg(
        value_name = "CSV",
        required_unless_present = "database",
        conflicts_with = "database"
    )]
    csv: Option<PathBuf>,
    /// The database of the system before this one, in place of a file: `sqlite://FILE` or `postgres://…`. It is only read.
    #[arg(long, value_name = "URL", requires = "query")]
    database: Option<String>,
    /// What to ask it: a SELECT that names its columns as a file does.
    #[arg(long, value_name = "SELECT", requires = "database")]
    query: Option<String>,
    /// The site whose users they are, by its key.
    #[arg(long, value_name = "KEY")]
    site: String,
    /// Where numbers without a calling code are meant, unless a row says so: ISO 3166 alpha-2.
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// How codes travelled, unless a row says so.
    #[arg(long, value_name = "CHANNEL", default_value = "sms")]
    channel: String,
    /// Write nothing; say what would be imported and what would not.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    file: FileArgument,
}

/// `phone-verify import CSV --site KEY`
pub(super) fn run(arguments: &ImportArguments) -> Result<(), CommandError> {
    let config = arguments.file.load(None)?;
    let sites = config.sites()?;
    let key = SiteKey::parse(&arguments.site).ok_or(CommandError::Site)?;
    let site = sites.get(&key).ok_or(CommandError::Site)?;
    let country = arguments.country.as_deref();
    let country = country.map(|code| Country::parse(code).ok_or(CommandError::Country));
    let country = country.transpose()?;
    let channel = Channel::parse(&arguments.channel).ok_or(CommandError::Channel)?;
    logging::start(&config.log)?;
    let report = runtime()?.block_on(async {
        let table = match (&arguments.csv, &arguments.database, &arguments.query) {
            (Some(path), _, _) => Table::of_csv(path)?,
            (None, Some(address), Some(query)) => Table::of_query(address, query).await?,
            _ => return Err(CommandError::NoTable),
        };
        let (store, keys) = open_with_keys(&config).await?;
        let importer = Importer {
            store: &*store,
            keys: &keys,
            random: &SystemRandom,
            site,
            country,
            channel,
            now: SystemClock.now(),
            dry_run: arguments.dry_run,
        };
        Ok(importer.import(table).await?)
    })?;
    print(&report, arguments.dry_run);
    Ok(())
}

fn print(report: &Report, dry_run: bool) {
    for (line, refused) in &report.refused {
        println!("line {line}: {refused}");
    }
    let word = if dry_run { "would be imported" } else { "imported" };
    println!(
        "{} {word} ({} of them as hashes), {} there before, {} refused",
        report.imported,
        report.hashed,
        report.before,
        report.refused.len()
    );
}
