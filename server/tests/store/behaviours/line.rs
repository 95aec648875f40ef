//! What is known of lines.

use crate::fixtures::*;
use phone_verify::store::{KnownLine, LineKind, Store};
use std::time::Duration;

fn line(kind: LineKind) -> KnownLine {
    KnownLine {
        number: limit_key(80),
        kind,
        until: NOON + DAY,
    }
}

pub async fn what_was_learned_last_of_a_line_counts_until_its_time_is_over(store: &dyn Store) -> Result {
    assert_eq!(store.line(limit_key(80), NOON).await?, None);
    for kind in [LineKind::Textable, LineKind::Service, LineKind::Landline] {
        store.keep_line(line(kind)).await?;
        assert_eq!(store.line(limit_key(80), NOON).await?, Some(kind));
    }
    let last = before(NOON + DAY, Duration::from_millis(1));
    store.sweep(last, RETENTION).await?;
    assert_eq!(store.line(limit_key(80), last).await?, Some(LineKind::Landline));
    assert_eq!(store.line(limit_key(80), NOON + DAY).await?, None);
    assert!(store.sweep(NOON + DAY, RETENTION).await?.changed > 0);
    assert_eq!(store.line(limit_key(80), last).await?, None);
    assert_eq!(store.line(limit_key(81), NOON).await?, None);
    Ok(())
}
