-- What an account holds before this system first looks: counted in what the broker is expected to hold, and
-- never touched. A database of before this has no baseline: its next complete picture makes one.

ALTER TABLE accounts ADD COLUMN baseline_at TIMESTAMPTZ(6);

CREATE TABLE external_baselines (
  account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  broker_contract_id INTEGER NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  symbol TEXT NOT NULL,
  quantity NUMERIC(24, 8) NOT NULL,
  average_cost NUMERIC(24, 8) NOT NULL,
  seen_at TIMESTAMPTZ(6) NOT NULL,
  confirmed_at TIMESTAMPTZ(6),
  evidence JSONB NOT NULL,
  CONSTRAINT external_baselines_pkey PRIMARY KEY (account_id, broker_contract_id),
  CONSTRAINT external_baselines_quantity CHECK (quantity <> 0)
);
