//! The texts that take any number of rows. Each is made once: a start has three of them, of some thousand letters.

use phone_verify_domain::Window;
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

/// A text as the driver takes it, which is kept.
pub type Text = AssertSqlSafe<Arc<str>>;

/// Statements of more rows than this are made anew each time.
const KEPT: usize = 128;

/// One text for each number of rows.
struct Texts([OnceLock<Arc<str>>; KEPT]);

impl Texts {
    const fn new() -> Self {
        Self([const { OnceLock::new() }; KEPT])
    }

    fn of(&self, rows: usize, make: impl Fn(usize) -> String) -> Text {
        let text = || Arc::from(make(rows));
        let kept = self.0.get(rows).map(|kept| kept.get_or_init(text).clone());
        AssertSqlSafe(kept.unwrap_or_else(text))
    }
}

/// Takes all windows of `rows` limits; rows that refuse are not returned and not changed, the others as they stand then. `$1` now, then
/// for each row: key, the arrival times of a first use, the lengths of the windows (both NULL where there is no such window).
///
/// A first use has no condition: a window allows at least one.
pub fn take_limits(rows: usize) -> Text {
    static TEXTS: Texts = Texts::new();
    TEXTS.of(rows, |rows| {
        let values = groups(rows, 2, 7);
        let [one, two, three] = [1, 2, 3].map(arrival_after_use);
        format!(
            "
INSERT INTO limits AS l (key, arrival_1, arrival_2, arrival_3, burst_1, burst_2, burst_3) VALUES {values}
ON CONFLICT (key) DO UPDATE
   SET arrival_1 = CASE WHEN excluded.arrival_1 IS NULL THEN l.arrival_1 ELSE {one} END,
       arrival_2 = CASE WHEN excluded.arrival_2 IS NULL THEN l.arrival_2 ELSE {two} END,
       arrival_3 = CASE WHEN excluded.arrival_3 IS NULL THEN l.arrival_3 ELSE {three} END,
       burst_1 = excluded.burst_1, burst_2 = excluded.burst_2, burst_3 = excluded.burst_3
 WHERE COALESCE({one} <= $1 + excluded.burst_1, TRUE)
   AND COALESCE({two} <= $1 + excluded.burst_2, TRUE)
   AND COALESCE({three} <= $1 + excluded.burst_3, TRUE)
RETURNING key, arrival_1, arrival_2, arrival_3"
        )
    })
}

/// [`Window::after_use`] of a row's window; NULL where there is no such window.
fn arrival_after_use(window: u8) -> String {
    let tolerance = Window::CLOCKS_GO_BACK_BY.as_millis();
    format!(
        "CASE WHEN l.arrival_{window} > $1 + excluded.burst_{window} + {tolerance} THEN $1 + excluded.burst_{window} \
         WHEN l.arrival_{window} > $1 THEN l.arrival_{window} + excluded.arrival_{window} - $1 \
         ELSE excluded.arrival_{window} END"
    )
}

/// The arrival times of `keys` limits, `$1` to `$keys`.
pub fn find_limits(keys: usize) -> Text {
    static TEXTS: Texts = Texts::new();
    TEXTS.of(keys, |keys| {
        let keys = groups(1, 1, keys);
        format!("SELECT key, arrival_1, arrival_2, arrival_3 FROM limits WHERE key IN {keys}")
    })
}

/// `($first, …), (…)`: `groups` lists of `size` parameters, counted on.
pub fn groups(groups: usize, first: usize, size: usize) -> String {
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
    fn parameters_are_counted_on_from_list_to_list() {
        assert_eq!(groups(2, 2, 3), "($2, $3, $4), ($5, $6, $7)");
        assert_eq!(groups(1, 1, 1), "($1)");
    }

    #[test]
    fn a_text_is_of_its_own_number_of_rows_whether_it_is_kept_or_not() {
        for rows in [2, 1, KEPT - 1, KEPT, 2, KEPT + 1] {
            let (found, taken) = (find_limits(rows).0, take_limits(rows).0);
            assert!(found.ends_with(&format!("${rows})")), "{rows}: {found}");
            assert!(
                taken.contains(&format!("${})\n", 1 + 7 * rows)),
                "{rows}: {taken}"
            );
        }
        assert!(Arc::ptr_eq(&take_limits(2).0, &take_limits(2).0));
    }
}
