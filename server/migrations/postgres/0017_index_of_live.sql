-- An index of what is to expire that no question about a number's live verifications can be answered by: its condition is another word
-- for the same.
DROP INDEX verifications_to_expire;
CREATE INDEX verifications_to_expire ON verifications (expires_at) WHERE ended_at IS NULL;
