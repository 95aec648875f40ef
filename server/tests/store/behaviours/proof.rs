//! A proof of work serves one start.

use crate::fixtures::*;
use phone_verify::store::{NewVerification, Store, UsedProof};

const PROOF: UsedProof = UsedProof {
    id: [7; 32],
    expires_at: NOON,
};

fn with_proof(name: u32) -> Result<NewVerification> {
    Ok(NewVerification {
        number: number(name),
        proof: Some(UsedProof {
            expires_at: NOON + TTL,
            ..PROOF
        }),
        ..new(name)?
    })
}

pub async fn a_proof_serves_once(store: &dyn Store) -> Result {
    started(store, with_proof(1)?).await?;
    assert_eq!(word_of_start(&store.start(with_proof(2)?).await?), "proof used");
    assert!(store.find(id(2)).await?.is_none());
    let mut other = with_proof(3)?;
    other.proof = Some(UsedProof { id: [8; 32], ..PROOF });
    started(store, other).await?;
    Ok(())
}

pub async fn of_many_starts_with_one_proof_one_is_written(store: &dyn Store) -> Result {
    let starts = (1..=32).map(|name| Ok(store.start(with_proof(name)?)));
    let starts = starts.collect::<Result<Vec<_>>>()?;
    let outcomes = futures::future::try_join_all(starts).await?;
    let count = |word| {
        outcomes
            .iter()
            .filter(|outcome| word_of_start(outcome) == word)
            .count()
    };
    assert_eq!((count("started"), count("proof used")), (1, 31));
    Ok(())
}

pub async fn a_start_that_a_limit_refuses_uses_up_no_proof(store: &dyn Store) -> Result {
    let limited = |name| -> Result<_> {
        Ok(NewVerification {
            limits: vec![limit("number", 1, windows(1, DAY))],
            ..with_proof(name)?
        })
    };
    let mut first = limited(1)?;
    first.proof = None;
    started(store, first).await?;
    assert_eq!(word_of_start(&store.start(limited(2)?).await?), "limited");
    started(store, with_proof(3)?).await?;
    Ok(())
}

pub async fn a_used_proof_is_forgotten_once_its_challenge_is_over(store: &dyn Store) -> Result {
    started(store, with_proof(1)?).await?;
    store.sweep(NOON, RETENTION).await?;
    assert_eq!(word_of_start(&store.start(with_proof(2)?).await?), "proof used");
    store.sweep(NOON + TTL, RETENTION).await?;
    started(store, with_proof(2)?).await?;
    Ok(())
}
