-- Who waits for a connection, since when its link is not ready, and whether entries are parked: what
-- "ballast doctor" shows, and what a plan needs to know when it finds no link.

ALTER TABLE connections
  ADD COLUMN down_since TIMESTAMPTZ(6) DEFAULT now(),
  ADD COLUMN parked_reason TEXT,
  ADD COLUMN parked_until TIMESTAMPTZ(6),
  ADD COLUMN picture_at TIMESTAMPTZ(6);

UPDATE connections SET down_since = CASE WHEN ready THEN NULL ELSE updated_at END;

CREATE TABLE connection_stand_bys (
  connection_id UUID NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  holder TEXT NOT NULL,
  since TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  alive_until TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT connection_stand_bys_pkey PRIMARY KEY (connection_id, holder)
);
