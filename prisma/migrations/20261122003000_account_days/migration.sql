-- A trading day of an account: what its loss is measured from, whether the limit was reached, and how it
-- ended. One row for each, so that a job that runs late, twice or beside another changes nothing.

CREATE TABLE account_days (
  account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  day DATE NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  start_equity NUMERIC(24, 8),
  start_source TEXT,
  begun_at TIMESTAMPTZ(6),
  loss_reached_at TIMESTAMPTZ(6),
  close_equity NUMERIC(24, 8),
  close_values_at TIMESTAMPTZ(6),
  summary JSONB,
  summarized_at TIMESTAMPTZ(6),
  CONSTRAINT account_days_pkey PRIMARY KEY (account_id, day),
  CONSTRAINT account_days_begun CHECK ((start_equity IS NULL) = (begun_at IS NULL)
    AND (start_equity IS NULL) = (start_source IS NULL)),
  CONSTRAINT account_days_source CHECK (start_source IN ('close', 'reset', 'late'))
);
