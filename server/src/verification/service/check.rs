use super::{ServiceName, ServiceRefusal, not_found};
use crate::decisions::{Asked, Operation};
use crate::sites::Site;
use crate::store::History;
use crate::verification::access::Opened;
use crate::verification::check::Right;
use crate::verification::{Engine, refusal};
use phone_verify_domain::{ApiError, Caller, Check, Code, ErrorCode, PhoneNumber, Status};
use std::sync::Arc;

/// What a check that was evaluated came to.
#[derive(Clone, Debug)]
pub struct ServiceCheck {
    /// The verification.
    pub history: History,
    /// Where this check left it: `approved` by the right code alone.
    pub status: Status,
}

impl Engine {
    /// Compares a code that the site's server presents, with the number if it knows it. After the end no code is right, not even
    /// the one that approved.
    ///
    /// # Errors
    /// `invalid_code` and `too_many_requests` have spent nothing; `exhausted`; `not_found` also after every other end.
    pub async fn check_for_service(
        &self,
        site: &Arc<Site>,
        name: &ServiceName,
        code: &str,
        number: Option<&PhoneNumber>,
    ) -> Result<ServiceCheck, ServiceRefusal> {
        let checked = self.try_check_for_service(site, name, code, number).await;
        checked.inspect_err(|refused| {
            if let ServiceRefusal::Refused(error) = refused {
                self.explain_refusal(error, || self.asked_by(site, name, number));
            }
        })
    }

    fn asked_by(&self, site: &Site, name: &ServiceName, number: Option<&PhoneNumber>) -> Asked {
        let (verification, named) = match name {
            ServiceName::Id(id) => (Some(*id), None),
            ServiceName::Number(number) => (None, Some(number)),
        };
        let number = number.or(named);
        Asked {
            site: Some(site.key.clone()),
            verification,
            number: number.map(|number| self.parts.keys.number_index(&site.key, number)),
            ..Asked::of(Operation::Check)
        }
    }

    async fn try_check_for_service(
        &self,
        site: &Arc<Site>,
        name: &ServiceName,
        code: &str,
        number: Option<&PhoneNumber>,
    ) -> Result<ServiceCheck, ServiceRefusal> {
        let History { record, .. } = self.find_for_service(site, name).await?;
        let is_another = |number| self.parts.keys.number_index(&site.key, number) != record.number;
        if number.is_some_and(is_another) {
            return Err(not_found());
        }
        match record.facts.status_at(self.now()) {
            Status::Pending => {}
            Status::Exhausted => return Err(refusal::ended(Status::Exhausted).into()),
            Status::Approved | Status::Canceled | Status::Expired => return Err(not_found()),
        }
        let id = record.facts.id;
        let Ok(code) = Code::parse(code, record.facts.code_length) else {
            let detail = format!("the code has {} digits", record.facts.code_length);
            return Err(ApiError::new(ErrorCode::InvalidCode, detail).into());
        };
        let caller = Caller {
            address: None,
            origin: None,
        };
        let check = Check {
            code: String::new(),
            phone_number: number.map(|number| number.expose().to_owned()),
            country: None,
        };
        let opened = Opened {
            record,
            site: site.clone(),
        };
        let status = match self
            .judge(&caller, &opened, &check, code, number.map(PhoneNumber::expose))
            .await
        {
            Ok(Right::Now(_)) => Status::Approved,
            Ok(Right::Before(_)) => return Err(not_found()),
            Err(error) => after(error)?,
        };
        let history = self.as_it_stands(site, id).await?;
        Ok(ServiceCheck { history, status })
    }
}

/// Where a wrong code left the verification; what was not evaluated is refused.
fn after(error: ApiError) -> Result<Status, ServiceRefusal> {
    match (error.code, &error.verification) {
        (ErrorCode::WrongCode, Some(view)) => Ok(view.status),
        (ErrorCode::AlreadyApproved | ErrorCode::Canceled | ErrorCode::Expired, _) => Err(not_found()),
        _ => Err(error.into()),
    }
}
