-- Deposits and withdrawals (RSK-8): no results of a day. The broker's socket tells none, so a person does. Statements
-- may later. Kept as they were told: what was told wrongly is answered by another row.
CREATE TABLE cash_movements (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  reference VARCHAR(64) NOT NULL,
  amount NUMERIC(24, 8) NOT NULL CHECK (amount <> 0),
  at TIMESTAMPTZ(6) NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('person', 'flex')),
  note TEXT,
  actor TEXT NOT NULL,
  created_at TIMESTAMPTZ(6) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX cash_movements_account_id_reference_key ON cash_movements (account_id, reference);
CREATE INDEX cash_movements_account_id_at_idx ON cash_movements (account_id, at);

-- What applies migrations cuts them at each semicolon: in the function's body they stand as \073.
CREATE FUNCTION keep_cash_movement() RETURNS trigger LANGUAGE plpgsql AS E'BEGIN
  RAISE EXCEPTION ''cash movement % stays as it was told: record one that takes it back'', OLD.reference\073
END\073';
CREATE TRIGGER cash_movements_are_kept BEFORE UPDATE OR DELETE ON cash_movements
  FOR EACH ROW EXECUTE FUNCTION keep_cash_movement();

-- As of when the broker gave the equity that a day is measured from: what was moved later is taken out.
ALTER TABLE account_days ADD COLUMN start_values_at TIMESTAMPTZ(6);
UPDATE account_days d SET start_values_at = coalesce(
  (SELECT p.close_values_at FROM account_days p
    WHERE p.account_id = d.account_id AND p.day < d.day AND d.start_source = 'close'
      AND p.close_equity = d.start_equity ORDER BY p.day DESC LIMIT 1), d.begun_at)
 WHERE d.start_equity IS NOT NULL;
