-- Where alerts of charting services come in (SIG-6). The token itself is kept nowhere.
CREATE TABLE hooks (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  template TEXT NOT NULL,
  strategies TEXT[] NOT NULL CHECK (cardinality(strategies) > 0),
  created_by TEXT NOT NULL,
  created_at TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  revoked_by TEXT,
  revoked_at TIMESTAMPTZ(6),
  last_used_at TIMESTAMPTZ(6),
  CONSTRAINT hooks_revoked CHECK (num_nulls(revoked_by, revoked_at) IN (0, 2))
);
CREATE UNIQUE INDEX hooks_token_hash_key ON hooks (token_hash);
CREATE INDEX hooks_user_id_created_at_idx ON hooks (user_id, created_at);
-- A name of a revoked one is free again.
CREATE UNIQUE INDEX hooks_live_name ON hooks (user_id, name) WHERE revoked_at IS NULL;
