//! 64 clients at once against the program itself over HTTP: on SQLite, on PostgreSQL, and on three server processes that
//! share one PostgreSQL. `PHONE_VERIFY_TEST_RACES` sets the rounds of each race.

#[path = "../cluster/mod.rs"]
#[expect(dead_code, reason = "a race stops no database")]
mod cluster;
#[path = "../real/mod.rs"]
mod real;

mod checks;
mod deployment;
mod locks;
mod rotation;
mod rows;
mod sends;

use deployment::{Deployment, Kind};
use real::{Proof, Result, from_environment};

/// How many at once.
const CLIENTS: usize = 64;

fn rounds() -> u32 {
    from_environment("PHONE_VERIFY_TEST_RACES", 20)
}

/// Runs one race's rounds on a deployment of its own.
macro_rules! race {
    ($($test:ident: $kind:ident, $folder:ident :: $race:ident;)+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() -> Result {
            let deployment = Deployment::start(Kind::$kind, $folder::$race::SETTINGS).await?;
            let proof = Proof::begin(stringify!($test));
            let mut shown = String::new();
            for round in 0..rounds() {
                let begun = rows::now()?;
                shown = match $folder::$race::round(&deployment, round).await {
                    Ok(shown) => shown,
                    Err(error) => {
                        let rows = deployment.rows.since(begun).await?;
                        return Err(format!("{}, round {round}: {error}\nin the database:{rows}", stringify!($test)).into());
                    }
                };
            }
            proof.held(&format!("{} rounds of {CLIENTS} clients", rounds()), &shown)
        })+
    };
}

race! {
    on_sqlite_of_64_wrong_guesses_five_are_evaluated: Sqlite, checks::wrong;
    on_postgres_of_64_wrong_guesses_five_are_evaluated: Postgres, checks::wrong;
    on_three_servers_of_64_wrong_guesses_five_are_evaluated: ThreeOnPostgres, checks::wrong;
    on_sqlite_of_64_right_guesses_one_approves: Sqlite, checks::right;
    on_postgres_of_64_right_guesses_one_approves: Postgres, checks::right;
    on_three_servers_of_64_right_guesses_one_approves: ThreeOnPostgres, checks::right;
    on_sqlite_of_64_guesses_on_eight_verifications_the_numbers_ten_are_evaluated: Sqlite, checks::many;
    on_postgres_of_64_guesses_on_eight_verifications_the_numbers_ten_are_evaluated: Postgres, checks::many;
    on_three_servers_of_64_guesses_on_eight_verifications_the_numbers_ten_are_evaluated: ThreeOnPostgres, checks::many;
    on_sqlite_of_64_guesses_and_starts_the_tenth_wrong_code_locks_the_number: Sqlite, locks::wrong_code;
    on_postgres_of_64_guesses_and_starts_the_tenth_wrong_code_locks_the_number: Postgres, locks::wrong_code;
    on_three_servers_of_64_guesses_and_starts_the_tenth_wrong_code_locks_the_number: ThreeOnPostgres, locks::wrong_code;
    on_sqlite_of_64_starts_of_a_number_its_three_are_sent: Sqlite, sends::starts;
    on_postgres_of_64_starts_of_a_number_its_three_are_sent: Postgres, sends::starts;
    on_three_servers_of_64_starts_of_a_number_its_three_are_sent: ThreeOnPostgres, sends::starts;
    on_sqlite_of_64_redemptions_one_gets_the_claims: Sqlite, sends::redeems;
    on_postgres_of_64_redemptions_one_gets_the_claims: Postgres, sends::redeems;
    on_three_servers_of_64_redemptions_one_gets_the_claims: ThreeOnPostgres, sends::redeems;
    on_sqlite_of_64_repeats_of_one_start_one_is_sent: Sqlite, sends::repeats;
    on_postgres_of_64_repeats_of_one_start_one_is_sent: Postgres, sends::repeats;
    on_three_servers_of_64_repeats_of_one_start_one_is_sent: ThreeOnPostgres, sends::repeats;
}
