use super::{PostgresStore, operations};
use crate::store::{
    AdminLine, AdminSession, Fault, LimitKey, LimitUse, Limited, NumberIndex, OperatorStore, StoreError,
    Traffic, TrafficFilter,
};
use phone_verify_domain::{SiteKey, Timestamp};

#[async_trait::async_trait]
impl OperatorStore for PostgresStore {
    async fn take_limits(&self, uses: Vec<LimitUse>, now: Timestamp) -> Result<Option<Limited>, StoreError> {
        let uses = uses.as_slice();
        in_transaction!(self, operations::take_limits(uses, now))
    }

    async fn begin_admin_session(&self, session: AdminSession) -> Result<(), StoreError> {
        in_transaction!(self, operations::begin_admin_session(session))
    }

    async fn has_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<bool, StoreError> {
        in_transaction!(self, operations::has_admin_session(id, now))
    }

    async fn end_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<(), StoreError> {
        in_transaction!(self, operations::end_admin_session(id, now))
    }

    async fn log_admin_action(&self, line: AdminLine) -> Result<(), StoreError> {
        let line = &line;
        in_transaction!(self, operations::log_admin_action(line))
    }

    async fn admin_log(&self, number: Option<LimitKey>, at_most: u32) -> Result<Vec<AdminLine>, StoreError> {
        in_transaction!(self, operations::admin_log(number, at_most))
    }

    async fn traffic(&self, of: TrafficFilter) -> Result<Vec<Traffic>, StoreError> {
        let of = &of;
        in_transaction!(self, operations::traffic(of))
    }

    async fn faults(&self, of: TrafficFilter) -> Result<Vec<Fault>, StoreError> {
        let of = &of;
        in_transaction!(self, operations::faults(of))
    }

    async fn unlock(
        &self,
        limits: Vec<LimitKey>,
        numbers: Vec<(SiteKey, NumberIndex)>,
    ) -> Result<(), StoreError> {
        let (limits, numbers) = (limits.as_slice(), numbers.as_slice());
        in_transaction!(self, operations::unlock(limits, numbers))
    }
}
