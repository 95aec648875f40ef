//! The texts are the server's own: read out of its source, so that they cannot differ.

#[path = "../../../server/src/store/sql/limits.rs"]
mod limits;

pub use limits::{find_limits, take_limits};
use std::sync::LazyLock;

const SOURCE: &str = concat!(
    include_str!("../../../server/src/store/sql.rs"),
    include_str!("../../../server/src/store/sql/standing.rs"),
    include_str!("../../../server/src/store/postgres/early.rs"),
    include_str!("../../../server/src/store/postgres/pool.rs"),
);

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
    }
}
