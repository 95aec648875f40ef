-- Through which door a verification was started: a site's own server finds those of its own by their numbers.
ALTER TABLE verifications ADD COLUMN door TEXT NOT NULL DEFAULT 'browser' CHECK (door IN ('browser', 'host'));
