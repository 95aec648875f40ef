use super::{AdminError, Desk};
use crate::decisions::Decision;
use crate::store::{About, DecisionFilter, NumberIndex, StoreError};
use phone_verify_domain::SiteKey;

impl Desk {
    /// What rules decided, the newest first. Of one verification also what was allowed, as its own rows tell it, unless a rule is
    /// asked for.
    ///
    /// # Errors
    /// [`AdminError::Store`]
    pub async fn decisions(&self, filter: DecisionFilter) -> Result<Vec<Decision>, AdminError> {
        let operator = &self.parts.operator;
        let mut found = operator.decisions(filter.clone()).await?;
        if let About::Verification(id) = filter.about
            && filter.rule.is_none()
        {
            let mut allowed = operator.allowed(id).await?;
            allowed.retain(|decision| {
                let is_of_site = filter.site.is_none() || decision.asked.site == filter.site;
                is_of_site && filter.since.is_none_or(|since| since <= decision.at)
            });
            found = newest(found.into_iter().chain(allowed), filter.at_most);
        }
        Ok(found)
    }

    /// The same of a number that has these indexes.
    pub(super) async fn decisions_about(
        &self,
        indexes: impl Iterator<Item = (SiteKey, NumberIndex)>,
        at_most: u32,
    ) -> Result<Vec<Decision>, StoreError> {
        let mut found = Vec::new();
        for (site, index) in indexes {
            let filter = DecisionFilter {
                about: About::Number(index),
                site: Some(site),
                rule: None,
                since: None,
                at_most,
            };
            found.extend(self.parts.operator.decisions(filter).await?);
        }
        Ok(newest(found.into_iter(), at_most))
    }
}

fn newest(decisions: impl Iterator<Item = Decision>, at_most: u32) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = decisions.collect();
    decisions.sort_by_key(|decision| std::cmp::Reverse(decision.at));
    decisions.truncate(usize::try_from(at_most).unwrap_or(usize::MAX));
    decisions
}
