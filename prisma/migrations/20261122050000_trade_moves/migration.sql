-- Where the exits of an open trade are wanted, as commands said. Null while nobody moved one.
ALTER TABLE trades ADD COLUMN moves JSONB;
-- The broker worker asks every second for those that trail: there are few.
CREATE INDEX trades_trailing ON trades (account_id) WHERE closed_at IS NULL AND moves -> 'trail' <> 'null'::jsonb;
