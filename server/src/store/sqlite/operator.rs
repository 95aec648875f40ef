use super::{SqliteStore, operations};
use crate::store::{
    AdminLine, AdminSession, Fault, LimitKey, LimitUse, Limited, NumberIndex, OperatorStore, StoreError,
    Traffic, TrafficFilter,
};
use phone_verify_domain::{SiteKey, Timestamp};

#[async_trait::async_trait]
impl OperatorStore for SqliteStore {
    async fn take_limits(&self, uses: Vec<LimitUse>, now: Timestamp) -> Result<Option<Limited>, StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::take_limits(connection, &uses, now).await })
            })
            .await
    }

    async fn begin_admin_session(&self, session: AdminSession) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| Box::pin(operations::begin_admin_session(connection, session)))
            .await
    }

    async fn has_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<bool, StoreError> {
        self.in_time(async { Ok(operations::has_admin_session(&mut *self.reader().await?, id, now).await?) })
            .await
    }

    async fn end_admin_session(&self, id: LimitKey, now: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| Box::pin(operations::end_admin_session(connection, id, now)))
            .await
    }

    async fn log_admin_action(&self, line: AdminLine) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::log_admin_action(connection, &line).await })
            })
            .await
    }

    async fn admin_log(&self, number: Option<LimitKey>, at_most: u32) -> Result<Vec<AdminLine>, StoreError> {
        self.in_time(async { Ok(operations::admin_log(&mut *self.reader().await?, number, at_most).await?) })
            .await
    }

    async fn traffic(&self, of: TrafficFilter) -> Result<Vec<Traffic>, StoreError> {
        self.in_time(async { Ok(operations::traffic(&mut *self.reader().await?, &of).await?) })
            .await
    }

    async fn faults(&self, of: TrafficFilter) -> Result<Vec<Fault>, StoreError> {
        self.in_time(async { Ok(operations::faults(&mut *self.reader().await?, &of).await?) })
            .await
    }

    async fn unlock(
        &self,
        limits: Vec<LimitKey>,
        numbers: Vec<(SiteKey, NumberIndex)>,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::unlock(connection, &limits, &numbers).await })
            })
            .await
    }
}
