use super::{PostgresStore, operations};
use crate::decisions::Decision;
use crate::store::{DecisionFilter, DecisionStore, StoreError};
use phone_verify_domain::VerificationId;

#[async_trait::async_trait]
impl DecisionStore for PostgresStore {
    async fn write_decisions(&self, lines: &[Decision]) -> Result<(), StoreError> {
        in_transaction!(self, operations::write_decisions(lines))
    }

    async fn decisions(&self, filter: DecisionFilter) -> Result<Vec<Decision>, StoreError> {
        let filter = &filter;
        in_transaction!(self, operations::decisions(filter))
    }

    async fn allowed(&self, verification: VerificationId) -> Result<Vec<Decision>, StoreError> {
        in_transaction!(self, operations::allowed(verification))
    }
}
