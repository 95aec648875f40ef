use crate::world::{NUMBER, OTHER_NUMBER, World, caller, check, code_of, start};
use phone_verify_domain::{ErrorCode, SiteKey, Start, Status, Verifier};

#[tokio::test]
async fn a_code_is_good_for_its_own_verification_number_and_site_only() {
    let world = World::new().await;
    let mut all = Vec::new();
    for site in ["demo", "other"] {
        for number in [NUMBER, OTHER_NUMBER] {
            for _ in 0..2 {
                let request = Start {
                    site_key: SiteKey::parse(site),
                    ..start(number)
                };
                all.push(world.started_by(request).await);
            }
        }
    }
    for (i, one) in all.iter().enumerate() {
        for (j, other) in all.iter().enumerate() {
            if i != j {
                assert_ne!(one.code, other.code, "codes that meet would make the test blind");
            }
        }
    }
    // Four wrong ones each, so that the right one is the fifth and last.
    for (i, one) in all.iter().enumerate() {
        for distance in 1..=4 {
            let other = &all[(i + distance) % all.len()];
            assert_eq!(code_of(one.check(&other.code).await), ErrorCode::WrongCode);
        }
        assert_eq!(one.approve().await.status, Status::Approved);
    }
}

#[tokio::test]
async fn the_secret_of_another_verification_opens_nothing_even_with_the_right_code() {
    let world = World::new().await;
    let (one, other) = (world.started(NUMBER).await, world.started(NUMBER).await);
    let refused = world
        .engine
        .check(&caller(), one.id, &other.secret, check(&one.code))
        .await;
    assert_eq!(code_of(refused), ErrorCode::NotFound);
}
