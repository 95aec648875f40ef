use super::{SqliteStore, operations};
use crate::decisions::Decision;
use crate::store::{DecisionFilter, DecisionStore, StoreError};
use phone_verify_domain::VerificationId;

#[async_trait::async_trait]
impl DecisionStore for SqliteStore {
    async fn write_decisions(&self, lines: &[Decision]) -> Result<(), StoreError> {
        let lines = lines.to_vec();
        self.writer
            .run(move |connection| {
                Box::pin(async move { operations::write_decisions(connection, &lines).await })
            })
            .await
    }

    async fn decisions(&self, filter: DecisionFilter) -> Result<Vec<Decision>, StoreError> {
        self.in_time(async { Ok(operations::decisions(&mut *self.reader().await?, &filter).await?) })
            .await
    }

    async fn allowed(&self, verification: VerificationId) -> Result<Vec<Decision>, StoreError> {
        self.in_time(async { Ok(operations::allowed(&mut *self.reader().await?, verification).await?) })
            .await
    }
}
