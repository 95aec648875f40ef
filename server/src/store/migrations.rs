//! The tables of both databases: the same numbers and names in `migrations/sqlite` and `migrations/postgres`.

use super::StoreError;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

/// One version of the tables, for either database.
struct Version {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! version {
    ($number:literal, $file:literal) => {
        Version {
            number: $number,
            name: $file,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $file, ".sql")),
        }
    };
}

/// All of them, the oldest first. What is released never changes: a change is a further version.
const VERSIONS: &[Version] = &[
    version!(1, "0001_verification"),
    version!(2, "0002_limits"),
    version!(3, "0003_opt_outs"),
    version!(4, "0004_hosts"),
    version!(5, "0005_lines"),
    version!(6, "0006_blocks"),
    version!(7, "0007_provider_codes"),
    version!(8, "0008_delivery_looks"),
    version!(9, "0009_doors"),
    version!(10, "0010_proofs"),
    version!(11, "0011_webhooks"),
    version!(12, "0012_breakers"),
    version!(13, "0013_admin"),
    version!(14, "0014_legacy_numbers"),
    version!(15, "0015_budget"),
    version!(16, "0016_decisions"),
    version!(17, "0017_index_of_live"),
    version!(18, "0018_fewer_indexes"),
];

/// The number of the newest.
pub(super) fn newest() -> i64 {
    VERSIONS.last().map_or(0, |version| version.number)
}

pub(super) fn of_sqlite() -> Migrator {
    migrator(|version| version.sqlite)
}

pub(super) fn of_postgres() -> Migrator {
    migrator(|version| version.postgres)
}

fn migrator(sql: fn(&Version) -> &'static str) -> Migrator {
    let migrations = VERSIONS.iter().map(|version| {
        Migration::new(
            version.number,
            version.name.into(),
            MigrationType::Simple,
            sql(version).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        Self::new(format!("its tables cannot be brought up to date: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn names_in(folder: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(folder);
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn every_version_is_there_for_both_databases_and_in_the_program() {
        let listed = VERSIONS
            .iter()
            .map(|version| format!("{}.sql", version.name))
            .collect();
        assert_eq!(names_in("sqlite"), listed);
        assert_eq!(names_in("postgres"), listed);
        assert!(VERSIONS.is_sorted_by(|one, next| one.number < next.number));
        for version in VERSIONS {
            let number = version.number;
            assert!(version.name.starts_with(&format!("{number:04}_")));
        }
    }
}
