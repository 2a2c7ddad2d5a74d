-- What the protections of a strategy have judged. What was settled before this version pauses nothing.
ALTER TABLE trades ADD COLUMN judged_pnl NUMERIC(24, 8);
UPDATE trades SET judged_pnl = realized_pnl WHERE settled_at IS NOT NULL;

-- Results that nobody has judged as they are now: few, and for a moment.
CREATE INDEX trades_unjudged_idx ON trades (settled_at)
 WHERE settled_at IS NOT NULL AND realized_pnl IS DISTINCT FROM judged_pnl;
-- What streaks and drawdowns are read from.
CREATE INDEX trades_outcomes_idx ON trades (strategy_id, closed_at)
 WHERE settled_at IS NOT NULL AND realized_pnl IS NOT NULL;

CREATE INDEX pauses_strategy_id_idx ON pauses (strategy_id);
-- A plan asks for what is in force: pauses that have ended are lifted by the next reset.
CREATE INDEX pauses_unlifted_idx ON pauses (user_id) WHERE lifted_at IS NULL;
