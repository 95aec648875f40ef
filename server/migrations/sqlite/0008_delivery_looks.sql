-- When the provider is asked what became of a delivery, and the pause before that; NULL where it is not, or no more.
ALTER TABLE deliveries ADD COLUMN look_at INTEGER;
ALTER TABLE deliveries ADD COLUMN look_pause INTEGER;

CREATE INDEX deliveries_to_look_at ON deliveries (look_at) WHERE state = 'accepted' AND look_at IS NOT NULL;
