-- Whose limits count in place of the number's: a MAC of the site and the subject, where that held the number at the start.
-- Rows of `numbers` under it are the subject's checks of a day.
ALTER TABLE verifications ADD COLUMN known_subject BYTEA CHECK (length(known_subject) = 32);

CREATE INDEX numbers_to_forgive ON numbers (check_day) WHERE consecutive_failures > 0;
