use super::*;
use crate::clock::ManualClock;
use crate::keys::GivenKeys;
use crate::random::SystemRandom;
use altcha::{Challenge, SolveChallengeOptions, solve_challenge};
use std::sync::Arc;
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn keys() -> Keys {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    Keys::load(
        &folder.path().join("keys"),
        &GivenKeys::default(),
        &SystemRandom,
        clock,
    )
    .unwrap()
}

struct World {
    keys: Keys,
    site: SiteKey,
    other_site: SiteKey,
}

impl World {
    fn new() -> Self {
        Self {
            keys: keys(),
            site: SiteKey::parse("shop").unwrap(),
            other_site: SiteKey::parse("other").unwrap(),
        }
    }

    fn here(&self) -> Binding<'_> {
        Binding {
            site: &self.site,
            network: "aa".to_owned(),
        }
    }

    fn payload(&self, heat: Heat) -> Payload {
        let text = challenge(&self.keys, &self.here(), heat, 0, NOW).unwrap();
        let challenge: Challenge = serde_json::from_str(&text).unwrap();
        let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap();
        Payload {
            challenge,
            solution: solution.unwrap(),
        }
    }

    fn check(&self, payload: &Payload) -> Result<UsedProof, ProofError> {
        check(&self.keys, &self.here(), Heat::LEAST, &text(payload), NOW)
    }
}

fn text(payload: &Payload) -> String {
    BASE64_STANDARD.encode(serde_json::to_vec(payload).unwrap())
}

#[test]
fn what_altchas_own_library_solves_is_a_proof_until_its_time_is_over() {
    let world = World::new();
    let payload = world.payload(Heat::LEAST);
    assert_eq!(payload.solution.counter, TRIES);
    let used = world.check(&payload).unwrap();
    assert_eq!(used.expires_at, NOW + CHALLENGE_LIVES);
    let at = |now| check(&world.keys, &world.here(), Heat::LEAST, &text(&payload), now);
    assert!(at(NOW + Duration::from_secs(299)).is_ok());
    assert_eq!(at(NOW + CHALLENGE_LIVES), Err(ProofError::Over));
}

#[test]
fn a_proof_is_good_for_its_site_and_network_alone() {
    let world = World::new();
    let proof = text(&world.payload(Heat::LEAST));
    let elsewhere = [
        Binding {
            site: &world.other_site,
            ..world.here()
        },
        Binding {
            network: "bb".to_owned(),
            ..world.here()
        },
    ];
    for binding in elsewhere {
        assert_eq!(
            check(&world.keys, &binding, Heat::LEAST, &proof, NOW),
            Err(ProofError::Wrong)
        );
    }
    assert_eq!(
        check(&keys(), &world.here(), Heat::LEAST, &proof, NOW),
        Err(ProofError::Wrong)
    );
}

#[test]
fn nothing_of_a_challenge_can_be_altered_moved_or_written_otherwise() {
    let world = World::new();
    let good = world.payload(Heat::LEAST);
    let used = world.check(&good).unwrap();
    let changes: [fn(&mut Payload); 9] = [
        |payload| payload.challenge.parameters.cost = 1,
        |payload| payload.challenge.parameters.key_prefix.truncate(2),
        |payload| payload.challenge.parameters.key_prefix.clear(),
        |payload| payload.challenge.parameters.key_signature = None,
        |payload| payload.challenge.parameters.expires_at = Some(0),
        |payload| {
            let parameters = &mut payload.challenge.parameters;
            let moved = parameters.salt.remove(0);
            parameters.nonce.push(moved);
        },
        |payload| {
            let data = payload.challenge.parameters.data.as_mut().unwrap();
            data.insert("expires".to_owned(), json!(i64::MAX));
        },
        |payload| payload.challenge.signature = None,
        |payload| payload.solution.derived_key.replace_range(0..2, "zz"),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut altered = good.clone();
        change(&mut altered);
        assert_eq!(world.check(&altered), Err(ProofError::Wrong), "{index}");
    }
    let mut louder = good.clone();
    let signature = louder.challenge.signature.as_mut().unwrap();
    *signature = signature.to_uppercase();
    louder.solution.time = Some(1.0);
    louder.solution.counter += 1;
    if let Ok(again) = world.check(&louder) {
        assert_eq!(again, used, "the same proof in other letters would serve twice");
    }
}

#[test]
fn a_proof_of_easier_work_than_is_asked_by_now_is_refused_with_one_level_of_patience() {
    let world = World::new();
    let proof = text(&world.payload(Heat::LEAST));
    let wanted = |level| {
        check(
            &world.keys,
            &world.here(),
            Heat::from_level(level).unwrap(),
            &proof,
            NOW,
        )
    };
    assert!(wanted(1).is_ok() && wanted(2).is_ok());
    assert_eq!(wanted(3), Err(ProofError::TooEasy));
}

#[test]
fn what_is_no_proof_is_malformed() {
    let world = World::new();
    for proof in [
        "",
        "%",
        "e30=",
        "bnVsbA==",
        "W10=",
        &BASE64_STANDARD.encode("{\"challenge\":{}}"),
    ] {
        let checked = check(&world.keys, &world.here(), Heat::LEAST, proof, NOW);
        assert_eq!(checked, Err(ProofError::Malformed), "{proof}");
    }
}
