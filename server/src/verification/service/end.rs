use super::{ServiceName, ServiceRefusal, not_found};
use crate::senders::End;
use crate::sites::Site;
use crate::store::{Approval, History};
use crate::verification::{Engine, refusal};
use phone_verify_domain::Status;

/// How a site's server ends a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceEnd {
    /// It is given up.
    Canceled,
    /// The site's server has compared the code itself, and says that the number is verified.
    Approved,
}

impl Engine {
    /// Ends a pending verification as the site's server says; one that has ended so already stays as it is.
    ///
    /// # Errors
    /// `not_found`, also where it has ended otherwise; `unavailable`.
    pub async fn end_for_service(
        &self,
        site: &Site,
        name: &ServiceName,
        end: ServiceEnd,
    ) -> Result<History, ServiceRefusal> {
        let found = self.find_for_service(site, name).await?;
        let id = found.record.facts.id;
        let wanted = match end {
            ServiceEnd::Canceled => Status::Canceled,
            ServiceEnd::Approved => Status::Approved,
        };
        let status = found.record.facts.status_at(self.now());
        if status == wanted {
            return Ok(found);
        }
        if status != Status::Pending {
            return Err(not_found());
        }
        match end {
            ServiceEnd::Canceled => {
                let canceled = self.parts.store.cancel(id, self.now()).await;
                let canceled = canceled.map_err(|error| refusal::unavailable(&error))?;
                if let Some(record) = canceled.filter(|record| record.facts.status == Status::Canceled) {
                    self.tell_provider(id, End::GivenUp);
                    self.hang_up(&record);
                }
            }
            ServiceEnd::Approved => self.approve(site, &found).await?,
        }
        let ended = self.as_it_stands(site, id).await?;
        if ended.record.facts.status == wanted {
            Ok(ended)
        } else {
            // Something else ended it meanwhile.
            Err(not_found())
        }
    }

    async fn approve(&self, site: &Site, found: &History) -> Result<(), ServiceRefusal> {
        let now = self.now();
        let approval = Approval {
            id: found.record.facts.id,
            site: site.key.clone(),
            now,
            jti: hex::encode(self.draw_name().map_err(refusal::no_random)?),
            token_expires_at: now + site.token_ttl,
        };
        let approved = self.parts.store.approve(approval).await;
        let approved = approved.map_err(|error| refusal::unavailable(&error))?;
        if let Some(approved) = approved.filter(|approved| approved.moved) {
            let id = approved.record.facts.id;
            tracing::info!(verification = %id, site = %site.key, "approved by the site's server");
            self.raise_approved(&approved.record);
            self.tell_provider(id, End::Approved);
            self.hang_up(&approved.record);
        }
        Ok(())
    }
}
