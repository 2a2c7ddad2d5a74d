-- Statements of the broker's (REC-6). What they tell of cash stands beside what people told, and names its kind: deposits
-- and withdrawals are no result of a day, all else is. Told by both, it is one movement: the later row names the earlier,
-- which counts.
ALTER TABLE cash_movements ADD COLUMN kind TEXT;
ALTER TABLE cash_movements ADD COLUMN told_amount NUMERIC(24, 8);
ALTER TABLE cash_movements ADD COLUMN told_currency VARCHAR(3);
ALTER TABLE cash_movements ADD COLUMN same_as_id UUID
  REFERENCES cash_movements (id) ON DELETE RESTRICT ON UPDATE CASCADE;

-- The rows are kept as they were told. This writes down of each what its sign has said all along.
ALTER TABLE cash_movements DISABLE TRIGGER cash_movements_are_kept;
UPDATE cash_movements SET kind = CASE WHEN amount > 0 THEN 'deposit' ELSE 'withdrawal' END;
ALTER TABLE cash_movements ENABLE TRIGGER cash_movements_are_kept;

ALTER TABLE cash_movements ALTER COLUMN kind SET NOT NULL;
ALTER TABLE cash_movements ADD CONSTRAINT cash_movements_kind CHECK (
  (kind = 'deposit' AND amount > 0) OR (kind = 'withdrawal' AND amount < 0)
  OR (kind IN ('dividend', 'tax', 'interest', 'fee', 'other') AND source = 'flex'));
ALTER TABLE cash_movements ADD CONSTRAINT cash_movements_same_as CHECK (
  same_as_id IS NULL OR (same_as_id <> id AND kind IN ('deposit', 'withdrawal')));
CREATE UNIQUE INDEX cash_movements_same_as_id_key ON cash_movements (same_as_id);

CREATE TABLE statement_imports (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  digest CHAR(64) NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('file', 'service')),
  from_day DATE NOT NULL,
  to_day DATE NOT NULL CHECK (to_day >= from_day),
  generated_at TIMESTAMPTZ(6),
  actor TEXT NOT NULL,
  imported_at TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  report JSONB NOT NULL
);
CREATE INDEX statement_imports_account_id_imported_at_idx ON statement_imports (account_id, imported_at);
