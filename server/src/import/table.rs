//! Where rows come from: a CSV file, or a query of the database of the system before this one.

use super::row::Cells;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::path::Path;
use std::str::FromStr as _;

/// Rows by their lines; `None` where a line is none.
pub struct Table {
    pub(super) rows: Vec<(u64, Option<Cells>)>,
}

/// Why a table cannot be read. None of them repeats what stands in it.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file.
    #[error("the file cannot be read: {0}")]
    File(String),
    /// The first line.
    #[error(
        "the first line names no column `{0}`: name the columns `subject`, `phone_number` or `phone_number_sha1`, …"
    )]
    NoColumn(&'static str),
    /// The other database.
    #[error("the database cannot be asked: {0}")]
    Database(String),
    /// Its address.
    #[error("--database: use sqlite://FILE or postgres://…")]
    Address,
}

impl Table {
    /// A file of comma-separated values (RFC 4180), whose first line names the columns.
    ///
    /// # Errors
    /// [`TableError`]
    pub fn of_csv(path: &Path) -> Result<Self, TableError> {
        // A message of the reader's may repeat what stands in the file: only its kind is told.
        let broken = |error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(error) => TableError::File(error.to_string()),
            _ => TableError::File("it is not UTF-8 text".to_owned()),
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .map_err(broken)?;
        let names = reader.headers().map_err(broken)?.clone();
        let names: Vec<String> = names
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase())
            .collect();
        let has = |name: &str| names.iter().any(|column| column == name);
        if !has("subject") {
            return Err(TableError::NoColumn("subject"));
        }
        if !has("phone_number") && !has("phone_number_sha1") {
            return Err(TableError::NoColumn("phone_number"));
        }
        let mut rows = Vec::new();
        for record in reader.into_byte_records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, csv::Position::line);
            let values: Option<Vec<_>> = record
                .iter()
                .map(|value| std::str::from_utf8(value).ok().map(str::to_owned))
                .collect();
            let cells = values.filter(|values| values.len() == names.len());
            rows.push((
                line,
                cells.map(|values| names.iter().cloned().zip(values).collect()),
            ));
        }
        Ok(Self { rows })
    }

    /// What a query of another system's database answers, `AS` naming the columns; its rows are counted from 1. Nothing is
    /// written there.
    ///
    /// # Errors
    /// [`TableError`]
    pub async fn of_query(address: &str, query: &str) -> Result<Self, TableError> {
        let broken = |error: sqlx::Error| TableError::Database(kind_of(&error));
        let rows = if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address).map_err(|_| TableError::Address)?;
            let mut connection = SqliteConnection::connect_with(&options.read_only(true))
                .await
                .map_err(broken)?;
            let found = sqlx::query(AssertSqlSafe(query.to_owned()))
                .fetch_all(&mut connection)
                .await
                .map_err(broken)?;
            found
                .iter()
                .map(of_sqlite)
                .collect::<Result<_, _>>()
                .map_err(broken)?
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            let mut connection = PgConnection::connect(address).await.map_err(broken)?;
            let mut transaction = connection.begin().await.map_err(broken)?;
            sqlx::query("SET TRANSACTION READ ONLY")
                .execute(&mut *transaction)
                .await
                .map_err(broken)?;
            let query = format!("SELECT row_to_json(imported)::text AS row FROM ({query}) AS imported");
            let found = sqlx::query_scalar::<_, String>(AssertSqlSafe(query))
                .fetch_all(&mut *transaction)
                .await
                .map_err(broken)?;
            found.iter().map(|text| of_json(text)).collect()
        } else {
            return Err(TableError::Address);
        };
        let rows: Vec<Option<Cells>> = rows;
        Ok(Self {
            rows: (1..).zip(rows).collect(),
        })
    }
}

/// What went wrong, without the row in which it did.
fn kind_of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::ColumnDecode { .. } => "a column is neither text, number nor moment".to_owned(),
        _ => "it does not answer as a database does".to_owned(),
    }
}

fn of_sqlite(row: &SqliteRow) -> Result<Option<Cells>, sqlx::Error> {
    let mut cells = Cells::new();
    for column in row.columns() {
        // SQLite makes text of whatever stands there.
        if let Some(text) = row.try_get_unchecked::<Option<String>, _>(column.ordinal())? {
            cells.insert(column.name().to_ascii_lowercase(), text);
        }
    }
    Ok(Some(cells))
}

fn of_json(text: &str) -> Option<Cells> {
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
        return None;
    };
    let cells = fields.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some((name, text)),
        other => Some((name, other.to_string())),
    });
    Some(cells.collect())
}
