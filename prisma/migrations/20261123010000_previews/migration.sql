-- What a preview shows, when it was made, and what became of it (PRV-1, PRV-2). No version before this one has
-- written a preview.
ALTER TABLE previews ALTER COLUMN expires_at DROP NOT NULL;
ALTER TABLE previews ADD COLUMN content JSONB;
ALTER TABLE previews ADD COLUMN made_at TIMESTAMPTZ(6);
ALTER TABLE previews ADD COLUMN as_shown_until TIMESTAMPTZ(6);
ALTER TABLE previews ADD COLUMN replaces_id UUID REFERENCES previews (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE previews ADD CONSTRAINT previews_made
  CHECK (num_nulls(content, made_at, as_shown_until, expires_at) IN (0, 4));
ALTER TABLE previews ADD CONSTRAINT previews_executed
  CHECK (num_nulls(trade_id, executed_at) IN (0, 2) AND (trade_id IS NULL OR content IS NOT NULL));
CREATE INDEX previews_user_id_created_at_idx ON previews (user_id, created_at);
CREATE INDEX previews_replaces_id_idx ON previews (replaces_id);
