-- A number's verifications are found among those under way (verifications_live) and, here, among those that have ended: a start writes
-- nothing among a month of numbers.
DROP INDEX verifications_of_number;
CREATE INDEX verifications_ended_of_number ON verifications (site, number) WHERE ended_at IS NOT NULL;

-- The sweeper goes through numbers in stretches of their names, as through limits: for its indexes each check of a new number wrote a
-- page among all of a day.
DROP INDEX numbers_to_delete;
DROP INDEX numbers_to_forgive;
