-- What a commission in another currency than its contract's was converted at. Those of before this version have no rate.
ALTER TABLE executions ADD COLUMN commission_rate NUMERIC(24, 8);
