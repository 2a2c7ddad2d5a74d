-- Reconciliations with their findings as rows, and what a person has looked at once. Nothing had written to
-- these two tables before.

ALTER TABLE findings
  DROP COLUMN resolved_at,
  ADD COLUMN symbol TEXT,
  ADD COLUMN difference NUMERIC(24, 8),
  ADD COLUMN value NUMERIC(24, 8),
  ADD COLUMN step TEXT NOT NULL,
  ADD COLUMN done TEXT NOT NULL,
  ADD COLUMN summary TEXT NOT NULL,
  ADD COLUMN why TEXT NOT NULL;

ALTER TABLE reconciliations ADD COLUMN picture_at TIMESTAMPTZ(6);

ALTER TABLE pauses ADD COLUMN evidence TEXT[] DEFAULT ARRAY[]::TEXT[];
