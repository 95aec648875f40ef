//! Budgets, whose rows are taken last of all: everybody shares them.

use super::{Connection, Result, Row, announce, row};
use crate::budget::{Account, BudgetState, Money, Refusal};
use crate::store::sql::budgets as sql;
use crate::store::{BudgetTurn, Charge, Limited, Listeners, PriceReport, Priced, Spent};
use phone_verify_domain::{SiteKey, Timestamp, VerificationId};
use sqlx::{Connection as _, Row as _};
use std::time::Duration;

/// The name of the limit in logs and metrics.
const BUDGET: &str = "budget";

/// After how long a provider is asked for a price for the first time: Twilio knows it some time after the message was sent or the
/// call is over, and does not say when.
const FIRST_PRICE_LOOK: Duration = Duration::from_mins(2);

/// The longest pause between two such questions; with each twice the one before, the last is asked some 34 hours after the send.
pub(super) const LONGEST_PRICE_PAUSE: Duration = Duration::from_hours(18);

/// What budgets say of a send whose intent is written in this transaction.
pub(super) enum Admitted {
    /// It may leave, and is counted. And the states that were reached by it.
    Yes(Vec<BudgetTurn>),
    /// Not before the budget's period is over; the transaction is to be rolled back.
    Limited(Limited),
    /// Not as a call; the transaction is to be rolled back.
    VoiceOff,
}

/// Asks the budgets about a delivery, and counts it where it may leave.
pub(super) async fn charge(
    connection: &mut Connection,
    charge: Option<&Charge>,
    leaves: bool,
    (id, delivery_id, now): (VerificationId, &str, Timestamp),
    (site, listeners): (&SiteKey, &Listeners),
) -> Result<Admitted> {
    let Some(charge) = charge else {
        return Ok(Admitted::Yes(Vec::new()));
    };
    let accounts = Account::of_send(site, now);
    let is_counted = leaves && charge.leaves;
    let amount = if is_counted {
        charge.asked.amount
    } else {
        Money::ZERO
    };
    let standing = count(connection, &accounts, amount, is_counted).await?;
    let refusals = standing.iter().filter_map(|standing| {
        let before = standing.spent.minus(amount);
        charge.budgets.refusal(&standing.account, before, &charge.asked)
    });
    match refusals.max() {
        Some(Refusal::Until(retry_at)) => {
            return Ok(Admitted::Limited(Limited {
                name: BUDGET,
                retry_at,
                full: None,
            }));
        }
        Some(Refusal::VoiceOff) => return Ok(Admitted::VoiceOff),
        None => {}
    }
    if !is_counted {
        return Ok(Admitted::Yes(Vec::new()));
    }
    sqlx::query(sql::CHARGE)
        .bind(id.as_bytes().as_slice())
        .bind(delivery_id)
        .bind(amount.as_millionths())
        .bind((now + FIRST_PRICE_LOOK).as_millis())
        .bind(millis(FIRST_PRICE_LOOK))
        .execute(&mut *connection)
        .await?;
    let turns = turns(&charge.budgets, standing);
    tell(
        connection,
        &turns,
        (charge.budgets.currency.as_str(), now),
        listeners,
    )
    .await?;
    Ok(Admitted::Yes(turns))
}

/// Takes back what a delivery counts that surely did not leave, or that nobody bills.
pub(super) async fn take_back(
    connection: &mut Connection,
    id: VerificationId,
    delivery_id: &str,
) -> Result<()> {
    let Some(charged) = Charged::of(connection, id, delivery_id).await? else {
        return Ok(());
    };
    let taken = sqlx::query(sql::UNCHARGE)
        .bind(id.as_bytes().as_slice())
        .bind(delivery_id)
        .bind(charged.amount.as_millionths())
        .fetch_optional(&mut *connection)
        .await?;
    if taken.is_some() {
        let correction = Correction {
            counted: Money::ZERO.minus(charged.amount),
            sends: -1,
            ..Correction::default()
        };
        correct(connection, charged.accounts(), &correction).await?;
    }
    Ok(())
}

/// Puts a delivery's price in its cap's place, once. `None` where it counts nothing, or its price already.
pub(in super::super) async fn price(
    connection: &mut Connection,
    report: &PriceReport,
    listeners: &Listeners,
) -> Result<Option<Priced>> {
    let mut transaction = connection.begin().await?;
    let Some(charged) = Charged::of(&mut transaction, report.id, &report.delivery_id).await? else {
        transaction.rollback().await?;
        return Ok(None);
    };
    let priced = sqlx::query(sql::PRICE)
        .bind(report.id.as_bytes().as_slice())
        .bind(&report.delivery_id)
        .bind(charged.amount.as_millionths())
        .bind(report.price.as_millionths())
        .bind(report.now.as_millis())
        .bind(&report.sender_reference)
        .fetch_optional(&mut *transaction)
        .await?;
    if priced.is_none() {
        transaction.rollback().await?;
        return Ok(None);
    }
    let correction = Correction {
        counted: report.price.minus(charged.amount),
        priced: report.price,
        priced_sends: 1,
        ..Correction::default()
    };
    let standing = correct(&mut transaction, charged.accounts(), &correction).await?;
    let turns = turns(&report.budgets, standing);
    let how = (report.budgets.currency.as_str(), report.now);
    tell(&mut transaction, &turns, how, listeners).await?;
    transaction.commit().await?;
    Ok(Some(Priced {
        before: charged.amount,
        turns,
    }))
}

/// What was spent in these accounts, in the order asked.
pub(in super::super) async fn spent(connection: &mut Connection, accounts: &[Account]) -> Result<Vec<Spent>> {
    let mut all = Vec::with_capacity(accounts.len());
    for account in accounts {
        let row = sqlx::query(sql::SPENT)
            .bind(account.scope())
            .bind(&account.period.name)
            .fetch_optional(&mut *connection)
            .await?;
        let spent = match row {
            None => Spent::default(),
            Some(row) => Spent {
                counted: money(&row, "counted")?,
                sends: row::whole(&row, "sends")?,
                priced: money(&row, "priced")?,
                priced_sends: row::whole(&row, "priced_sends")?,
            },
        };
        all.push(spent);
    }
    Ok(all)
}

/// What a delivery counts, and where.
struct Charged {
    amount: Money,
    site: SiteKey,
    at: Timestamp,
}

impl Charged {
    async fn of(connection: &mut Connection, id: VerificationId, delivery_id: &str) -> Result<Option<Self>> {
        let row = sqlx::query(sql::CHARGED)
            .bind(id.as_bytes().as_slice())
            .bind(delivery_id)
            .fetch_optional(connection)
            .await?;
        row.map(|row| {
            Ok(Self {
                amount: money(&row, "charge")?,
                site: row::word(&row, "site", SiteKey::parse)?,
                at: row::moment(&row, "created_at")?,
            })
        })
        .transpose()
    }

    fn accounts(&self) -> [Account; 4] {
        Account::of_send(&self.site, self.at)
    }
}

/// How an account stands in this transaction.
struct Standing {
    account: Account,
    spent: Money,
    told: BudgetState,
}

async fn count(
    connection: &mut Connection,
    accounts: &[Account; 4],
    amount: Money,
    is_counted: bool,
) -> Result<Vec<Standing>> {
    let [day, month, ..] = accounts;
    let rows = sqlx::query(sql::COUNT)
        .bind(day.scope())
        .bind(&day.period.name)
        .bind(day.period.begins.as_millis())
        .bind(&month.period.name)
        .bind(month.period.begins.as_millis())
        .bind(amount.as_millionths())
        .bind(i64::from(is_counted))
        .fetch_all(connection)
        .await?;
    let mut standing = Vec::with_capacity(accounts.len());
    for row in &rows {
        let (scope, period): (String, String) = (row.try_get("scope")?, row.try_get("period")?);
        let mut of_row = accounts.iter();
        if let Some(account) =
            of_row.find(|account| account.scope() == scope && account.period.name == period)
        {
            standing.push(Standing::read(row, account.clone())?);
        }
    }
    Ok(standing)
}

impl Standing {
    fn read(row: &Row, account: Account) -> Result<Self> {
        Ok(Self {
            account,
            spent: money(row, "counted")?,
            told: row::word(row, "told", BudgetState::parse)?,
        })
    }
}

/// What changes in an account.
#[derive(Default)]
struct Correction {
    counted: Money,
    sends: i64,
    priced: Money,
    priced_sends: i64,
}

/// Corrects accounts that something was counted in; those that have gone since stay so.
async fn correct(
    connection: &mut Connection,
    accounts: [Account; 4],
    by: &Correction,
) -> Result<Vec<Standing>> {
    let mut standing = Vec::with_capacity(accounts.len());
    for account in accounts {
        let row = sqlx::query(sql::CORRECT)
            .bind(account.scope())
            .bind(&account.period.name)
            .bind(by.counted.as_millionths())
            .bind(by.sends)
            .bind(by.priced.as_millionths())
            .bind(by.priced_sends)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(row) = row {
            standing.push(Standing::read(&row, account)?);
        }
    }
    Ok(standing)
}

/// The accounts that are further than was ever told of them.
fn turns(budgets: &crate::budget::Budgets, standing: Vec<Standing>) -> Vec<BudgetTurn> {
    let further = standing.into_iter().filter_map(|standing| {
        let limit = budgets.limit(&standing.account)?;
        let state = budgets.state(&standing.account, standing.spent);
        (state > standing.told).then_some(BudgetTurn {
            account: standing.account,
            state,
            spent: standing.spent,
            limit,
        })
    });
    further.collect()
}

async fn tell(
    connection: &mut Connection,
    turns: &[BudgetTurn],
    (currency, now): (&str, Timestamp),
    listeners: &Listeners,
) -> Result<()> {
    for turn in turns {
        sqlx::query(sql::TELL)
            .bind(turn.account.scope())
            .bind(&turn.account.period.name)
            .bind(turn.state.as_str())
            .execute(&mut *connection)
            .await?;
        announce::budget(connection, listeners, turn, (currency, now)).await?;
    }
    Ok(())
}

fn money(row: &Row, column: &str) -> Result<Money> {
    Ok(Money::from_millionths(row.try_get(column)?))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
