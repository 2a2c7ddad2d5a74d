-- What an account was worth, and how its day stood: one row for each of the broker's values that is kept. No version
-- before this one has written any.
ALTER TABLE equity_snapshots ADD COLUMN net_flows NUMERIC(24, 8) NOT NULL DEFAULT 0;
ALTER TABLE equity_snapshots ADD COLUMN realized_pnl NUMERIC(24, 8) NOT NULL DEFAULT 0;
ALTER TABLE equity_snapshots ADD COLUMN unrealized_pnl NUMERIC(24, 8);
ALTER TABLE equity_snapshots ADD CONSTRAINT equity_snapshots_kind CHECK (kind IN ('intraday', 'close'));
DROP INDEX equity_snapshots_account_id_at_idx;
CREATE UNIQUE INDEX equity_snapshots_account_id_at_key ON equity_snapshots (account_id, at);
