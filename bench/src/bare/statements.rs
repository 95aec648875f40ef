//! The texts are the server's own: read out of its source, so that they cannot differ.

use sqlx::AssertSqlSafe;
use std::fmt::Write as _;
use std::sync::LazyLock;

const SOURCE: &str = concat!(
    include_str!("../../../server/src/store/sql.rs"),
    include_str!("../../../server/src/store/sql/standing.rs"),
    include_str!("../../../server/src/store/postgres/early.rs"),
    include_str!("../../../server/src/store/postgres/pool.rs"),
);

/// Milliseconds by which clocks may go back, as in `Window::CLOCKS_GO_BACK_BY`.
const TOLERANCE: u64 = 86_400_000;

/// The text of a constant.
///
/// # Panics
/// The server has no such statement any more: the bare program is to be mended.
#[expect(clippy::expect_used, reason = "the name is a literal of this module")]
fn text(name: &str) -> &'static str {
    let begin = format!("const {name}: &str =");
    let (_, rest) = SOURCE.split_once(&begin).expect("a statement of the server");
    let (_, rest) = rest.split_once('"').expect("a text");
    rest.split_once("\";").expect("its end").0
}

macro_rules! statements {
    ($($name:ident)+) => {
        $(pub static $name: LazyLock<&'static str> = LazyLock::new(|| text(stringify!($name)));)+

        #[cfg(test)]
        const ALL: &[&LazyLock<&'static str>] = &[$(&$name),+];
    };
}

statements! {
    RECORD CANCEL_OLDEST INSERT_VERIFICATION INSERT_DELIVERY SETTLE_DELIVERY SPEND_CHECK SPEND_DAY INSERT_TOKEN STANDING NEXT_PLACE GIVE_BACK_LIMIT
    BEGIN_EARLY ON_DISK PLAN_BY_KEYS
}

/// The server's `take_limits` for so many rows.
pub fn take_limits(rows: usize) -> AssertSqlSafe<String> {
    let values = groups(rows, 2, 7);
    let [one, two, three] = [1, 2, 3].map(arrival_after_use);
    let (_, template) = SOURCE.split_once("pub(super) fn take_limits").unwrap_or_default();
    let (_, template) = template.split_once("format!(\n        \"").unwrap_or_default();
    let (template, _) = template.split_once("\"\n    ))").unwrap_or_default();
    let text = template
        .replace("{values}", &values)
        .replace("{one}", &one)
        .replace("{two}", &two)
        .replace("{three}", &three);
    AssertSqlSafe(text)
}

/// The server's `find_limits`.
pub fn find_limits(keys: usize) -> AssertSqlSafe<String> {
    let keys = groups(1, 1, keys);
    AssertSqlSafe(format!(
        "SELECT key, arrival_1, arrival_2, arrival_3 FROM limits WHERE key IN {keys}"
    ))
}

fn arrival_after_use(window: u8) -> String {
    format!(
        "CASE WHEN l.arrival_{window} > $1 + excluded.burst_{window} + {TOLERANCE} THEN $1 + excluded.burst_{window} \
         WHEN l.arrival_{window} > $1 THEN l.arrival_{window} + excluded.arrival_{window} - $1 \
         ELSE excluded.arrival_{window} END"
    )
}

fn groups(groups: usize, first: usize, size: usize) -> String {
    let mut text = String::new();
    for parameter in 0..groups * size {
        let before = match parameter {
            0 => "($",
            _ if parameter % size == 0 => "), ($",
            _ => ", $",
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "{before}{}", first + parameter);
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_found_in_the_servers_source() {
        for statement in ALL {
            assert!(
                SOURCE.contains(***statement) && statement.contains(' '),
                "{}",
                ***statement
            );
        }
        let limits = take_limits(6).0;
        assert!(
            limits.contains("INSERT INTO limits AS l") && limits.ends_with("RETURNING key"),
            "{limits}"
        );
        assert!(!limits.contains(['{', '}']), "{limits}");
        assert!(
            SOURCE.contains("SELECT key, arrival_1, arrival_2, arrival_3 FROM limits WHERE key IN {keys}")
        );
        for line in arrival_after_use(1).split(" WHEN ") {
            let words = line.split("_1").next().unwrap();
            assert!(SOURCE.contains(words.trim_start_matches("CASE")), "{words}");
        }
    }
}
