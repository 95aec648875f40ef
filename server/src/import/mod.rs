//! Numbers that a system before this one verified, taken over: who held which.
//!
//! ```text
//! CSV or SELECT -> Row (row.rs) -> number, country, kind as for a start -> Store::import, so many a transaction
//! ```

pub(crate) mod legacy;
mod row;
mod table;

pub use row::Refused;
pub use table::{Table, TableError};

use crate::keys::Keys;
use crate::numbers::{self, NumberKind};
use crate::random::Random;
use crate::sites::Site;
use crate::store::{Import, ImportBatch, Imported, ImportedNumber, NumberIndex, Store, StoreError};
use phone_verify_domain::{Channel, Country, Timestamp};
use row::{Cells, Number, Row};
use std::collections::{BTreeMap, HashMap};

/// Rows of one transaction: few enough that requests of running servers do not notice.
const BATCH: usize = 200;

/// Takes numbers over for one site.
pub struct Importer<'a> {
    /// Where to.
    pub store: &'a dyn Store,
    /// What numbers are indexed and sealed with.
    pub keys: &'a Keys,
    /// What seals are drawn from.
    pub random: &'a dyn Random,
    /// Whose.
    pub site: &'a Site,
    /// Where national spellings are meant, unless a row says so.
    pub country: Option<Country>,
    /// How codes travelled, unless a row says so.
    pub channel: Channel,
    /// Now; also when numbers were proved of which it is not known.
    pub now: Timestamp,
    /// Nothing is written.
    pub dry_run: bool,
}

/// What became of a table.
#[derive(Debug, Default)]
pub struct Report {
    /// Subjects that hold a number from now on.
    pub imported: u64,
    /// Of those, how many have only a hash of it here.
    pub hashed: u64,
    /// Subjects that held it before.
    pub before: u64,
    /// The lines that were not taken, and why.
    pub refused: BTreeMap<u64, Refused>,
}

/// Why an import stopped. What came before it is written; the same import again goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The table cannot be read on.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The database cannot be written.
    #[error("{0}: lines before {1} are imported; the same command again goes on")]
    Store(StoreError, u64),
    /// A number cannot be sealed.
    #[error("a number cannot be sealed: {0}")]
    Seal(String),
}

/// What tells in one table that a number or a subject was there before.
#[derive(Default)]
struct Seen {
    subjects: HashMap<String, [u8; 32]>,
    holders: HashMap<[u8; 32], u32>,
}

impl Importer<'_> {
    /// Takes over what the table says, line by line, in transactions of some hundred.
    ///
    /// # Errors
    /// [`ImportError`]
    pub async fn import(&self, table: Table) -> Result<Report, ImportError> {
        let (mut report, mut seen, mut batch) = (Report::default(), Seen::default(), Vec::new());
        for (line, cells) in table.rows {
            match cells
                .ok_or(Refused::Malformed)
                .and_then(|cells| self.read(&cells))
            {
                Ok((row, number)) => match self.known(&mut seen, &row, number)? {
                    Ok(import) => batch.push((line, import)),
                    Err(refused) => drop(report.refused.insert(line, refused)),
                },
                Err(refused) => drop(report.refused.insert(line, refused)),
            }
            if batch.len() >= BATCH {
                self.write(std::mem::take(&mut batch), &mut report).await?;
            }
        }
        self.write(batch, &mut report).await?;
        Ok(report)
    }

    fn read(&self, cells: &Cells) -> Result<(Row, Option<numbers::ParsedNumber>), Refused> {
        let row = Row::read(cells)?;
        if row.verified_at.is_some_and(|moment| moment > self.now) {
            return Err(Refused::VerifiedAt);
        }
        let Number::Plain(text, country) = &row.number else {
            return Ok((row, None));
        };
        let parsed = numbers::parse(text, country.or(self.country)).map_err(|_| Refused::Number)?;
        if parsed.kind != NumberKind::Line {
            return Err(Refused::NumberType);
        }
        let served = parsed
            .country
            .is_some_and(|country| self.site.countries.serve(country));
        if !served {
            return Err(Refused::Country);
        }
        Ok((row, Some(parsed)))
    }

    /// What is written of a row, if no line before it speaks against it.
    fn known(
        &self,
        seen: &mut Seen,
        row: &Row,
        number: Option<numbers::ParsedNumber>,
    ) -> Result<Result<Import, Refused>, ImportError> {
        let site = &self.site.key;
        let (name, number) = match (&row.number, number) {
            (Number::Sha1(digest), _) => {
                let hash = legacy::mac(self.keys, site, digest);
                (hash.0, ImportedNumber::Hashed(hash))
            }
            (_, Some(parsed)) => {
                let Some(country) = parsed.country else {
                    return Ok(Err(Refused::Country));
                };
                let seal = || self.keys.seal_number(site, &parsed.number, self.random);
                let sealed = self.site.keeps_numbers.then(seal).transpose();
                let sealed = sealed.map_err(|error| ImportError::Seal(error.to_string()))?;
                let plain = legacy::plain_number(self.keys, site, &parsed.number, country, sealed);
                let NumberIndex(name) = plain.number;
                (name, ImportedNumber::Plain(plain))
            }
            (Number::Plain(..), None) => return Ok(Err(Refused::Number)),
        };
        match seen.subjects.get(&row.subject) {
            Some(other) if *other != name => return Ok(Err(Refused::HasAnother)),
            Some(_) => {}
            None => {
                let holders = seen.holders.entry(name).or_default();
                if *holders >= self.site.subjects_per_number.max(1) {
                    return Ok(Err(Refused::Taken));
                }
                *holders += 1;
                seen.subjects.insert(row.subject.clone(), name);
            }
        }
        Ok(Ok(Import {
            subject: row.subject.clone(),
            number,
            channel: row.channel.unwrap_or(self.channel),
            verified_at: row.verified_at.unwrap_or(self.now),
        }))
    }

    async fn write(&self, batch: Vec<(u64, Import)>, report: &mut Report) -> Result<(), ImportError> {
        let Some((first, _)) = batch.first() else {
            return Ok(());
        };
        let first = *first;
        let (lines, imports): (Vec<u64>, Vec<Import>) = batch.into_iter().unzip();
        let is_hashed = |import: &Import| matches!(import.number, ImportedNumber::Hashed(_));
        let hashed: Vec<bool> = imports.iter().map(is_hashed).collect();
        let batch = ImportBatch {
            site: self.site.key.clone(),
            imports,
            now: self.now,
            subjects_per_number: self.site.subjects_per_number,
            dry_run: self.dry_run,
        };
        let outcomes = self.store.import(batch).await;
        let outcomes = outcomes.map_err(|error| ImportError::Store(error, first))?;
        for ((line, hashed), outcome) in lines.into_iter().zip(hashed).zip(outcomes) {
            match outcome {
                Imported::Holds => {
                    report.imported += 1;
                    report.hashed += u64::from(hashed);
                }
                Imported::Before => report.before += 1,
                Imported::HasAnother => drop(report.refused.insert(line, Refused::HasAnother)),
                Imported::Taken => drop(report.refused.insert(line, Refused::Taken)),
            }
        }
        Ok(())
    }
}
