use super::{Engine, refusal};
use crate::proof::{self, Asked, Binding, Heat};
use crate::sites::Site;
use crate::store::UsedProof;
use phone_verify_domain::{ApiError, Caller, ErrorCode, ProofDemand, Start};
use std::net::IpAddr;

impl Engine {
    /// The work that a start was proved to have cost, where work is asked for. A host's session stands for its user.
    pub(super) async fn require_proof(
        &self,
        site: &Site,
        caller: &Caller,
        start: &Start,
    ) -> Result<Option<UsedProof>, ApiError> {
        let asked = self.parts.proofs.asked;
        if asked == Asked::Nobody || start.session.is_some() {
            return Ok(None);
        }
        let heat = match (self.heat(caller.address).await?, asked) {
            (heat, Asked::Everybody) => heat.max(Heat::LEAST),
            (heat, _) if heat.is_cold() => return Ok(None),
            (heat, _) => heat,
        };
        let Some(given) = &start.challenge else {
            return Err(self.demand(
                site,
                caller,
                heat,
                "a proof of work is missing: solve `challenge`",
            ));
        };
        let keys = &self.parts.keys;
        let checked = proof::check(keys, &self.binding(site, caller), heat, given, self.now());
        checked
            .map(Some)
            .map_err(|error| self.demand(site, caller, heat, &error.to_string()))
    }

    /// The same proof was brought twice.
    pub(super) async fn proof_used(&self, site: &Site, caller: &Caller) -> ApiError {
        match self.heat(caller.address).await {
            Ok(heat) => self.demand(
                site,
                caller,
                heat.max(Heat::LEAST),
                "`challenge` has served before",
            ),
            Err(error) => error,
        }
    }

    async fn heat(&self, address: Option<IpAddr>) -> Result<Heat, ApiError> {
        let (limits, keys) = (&self.parts.limits, &self.parts.keys);
        let of_address = limits.of_address(keys, address);
        let of_failures = limits.of_failed_check(keys, None);
        let uses: Vec<_> = of_address.into_iter().chain(of_failures).collect();
        let asked: Vec<_> = uses.iter().map(|limit| limit.key).collect();
        let arrivals = self.parts.store.limits(&asked).await;
        let arrivals = arrivals.map_err(|error| refusal::unavailable(&error))?;
        let standing: Vec<_> = uses.into_iter().zip(arrivals).collect();
        let (failures, address): (Vec<_>, Vec<_>) = standing
            .into_iter()
            .partition(|(limit, _)| limit.name == crate::limits::FAILED_CHECKS);
        Ok(Heat::of(&address, &failures, self.now()))
    }

    fn binding<'a>(&self, site: &'a Site, caller: &Caller) -> Binding<'a> {
        Binding {
            site: &site.key,
            network: hex::encode(crate::limits::network_key(&self.parts.keys, caller.address).0),
        }
    }

    fn demand(&self, site: &Site, caller: &Caller, heat: Heat, detail: &str) -> ApiError {
        let mut number = [0; 4];
        if let Err(error) = self.parts.random.fill(&mut number) {
            return refusal::no_random(error);
        }
        let binding = self.binding(site, caller);
        let number = u32::from_be_bytes(number);
        match proof::challenge(&self.parts.keys, &binding, heat, number, self.now()) {
            Ok(challenge) => ApiError {
                proof: Some(Box::new(ProofDemand {
                    challenge,
                    solver: self.parts.proofs.solver.map(str::to_owned),
                })),
                ..ApiError::new(ErrorCode::ChallengeRequired, detail)
            },
            Err(error) => refusal::broken("no challenge can be made", &error),
        }
    }
}
