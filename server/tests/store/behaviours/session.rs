//! A host's session is kept as it began, and shows what came of it.

use crate::fixtures::*;
use phone_verify::store::{Session, SessionId, Store};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn session(name: u8) -> Result<Session> {
    Ok(Session {
        id: SessionId([name; 32]),
        site: site()?,
        subject: "user 17".to_owned(),
        nonce: Some("nonce".to_owned()),
        purpose: Some("login".to_owned()),
        origin: Some("https://shop.example".to_owned()),
        return_url: Some("https://shop.example/done".to_owned()),
        created_at: NOON,
        expires_at: NOON + HOUR,
    })
}

pub async fn a_session_is_kept_as_it_was_given(store: &dyn Store) -> Result {
    let bare = Session {
        nonce: None,
        purpose: None,
        origin: None,
        return_url: None,
        ..session(2)?
    };
    for given in [session(1)?, bare] {
        store.open_session(given.clone()).await?;
        let kept = store.session(given.id).await?.ok_or("a session")?;
        assert_eq!(format!("{:?}", kept.session), format!("{given:?}"));
        assert!(kept.session.id == given.id && kept.approved.is_none());
    }
    assert!(store.session(SessionId([3; 32])).await?.is_none());
    Ok(())
}

pub async fn a_session_shows_its_last_approved_verification_and_no_other_s(store: &dyn Store) -> Result {
    store.open_session(session(1)?).await?;
    for name in 1..=4 {
        let mut start = new(name)?;
        start.session = (name != 4).then_some(SessionId([1; 32]));
        started(store, start).await?;
    }
    let approved = async || -> Result<_> {
        let record = store.session(SessionId([1; 32])).await?;
        Ok(record.ok_or("a session")?.approved)
    };
    store.check(check(4, RIGHT)?).await?;
    store.check(check(3, WRONG)?).await?;
    assert_eq!(approved().await?, None);
    for (name, later) in [(2, 1), (1, 2)] {
        let now = NOON + Duration::from_secs(later);
        store.check(check_at(name, RIGHT, now)?).await?;
        assert_eq!(approved().await?, Some(id(name)));
    }
    Ok(())
}

pub async fn a_session_goes_when_its_time_and_its_retention_are_over(store: &dyn Store) -> Result {
    store.open_session(session(1)?).await?;
    let over = NOON + HOUR + DAY;
    store
        .sweep(before(over, Duration::from_millis(1)), RETENTION)
        .await?;
    assert!(store.session(SessionId([1; 32])).await?.is_some());
    store.sweep(over, RETENTION).await?;
    assert!(store.session(SessionId([1; 32])).await?.is_none());
    Ok(())
}
