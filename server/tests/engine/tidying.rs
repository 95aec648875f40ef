use crate::world::{NUMBER, World};
use phone_verify::store::Retention;
use phone_verify::verification::Sweeper;
use phone_verify_domain::Status;
use std::time::Duration;
use tokio::sync::watch;

#[tokio::test]
async fn the_sweeper_marks_what_is_over_forgets_its_code_and_stops_when_told() {
    let world = World::new().await;
    let started = world.started(NUMBER).await;
    let sweeper = Sweeper {
        engine: world.engine.clone(),
        retention: Retention {
            verifications: Duration::from_hours(24),
            tokens: Duration::from_hours(24),
            failures: Duration::from_hours(24),
            decisions: Duration::from_hours(24),
        },
        every: Duration::from_millis(10),
    };
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(sweeper.run(stopped));
    let record = async || world.store.find(started.id).await.unwrap();

    world.advance(Duration::from_mins(10));
    until(async || {
        record()
            .await
            .is_some_and(|record| record.facts.status == Status::Expired)
    })
    .await;
    assert!(record().await.unwrap().sealed.is_none());
    world.advance(Duration::from_hours(24));
    until(async || record().await.is_none()).await;

    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running)
        .await
        .expect("it stops")
        .unwrap();
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .expect("in time");
}
