-- A number's verifications are found in two indexes. One that is under way or has its code still is in the small one, also once it has
-- ended: what ends it writes nothing among a month of numbers. The sweeper forgets the code, and files it among them.
DROP INDEX verifications_live;
CREATE INDEX verifications_lately_of_number ON verifications (site, number, created_at) WHERE status = 'pending' OR code_mac IS NOT NULL;
DROP INDEX verifications_ended_of_number;
CREATE INDEX verifications_long_ended_of_number ON verifications (site, number) WHERE ended_at IS NOT NULL AND code_mac IS NULL;
