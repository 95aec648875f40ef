-- Checks that the provider of the code has not answered yet; NULL where the code is this server's own.
ALTER TABLE verifications ADD COLUMN checks_unanswered BIGINT CHECK (checks_unanswered >= 0);
