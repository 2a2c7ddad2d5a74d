-- The sweep for trades that nobody watches looks at those that ended and were never settled, too.
CREATE INDEX trades_unsettled_idx ON trades (updated_at)
  WHERE closed_at IS NOT NULL AND settled_at IS NULL AND filled_quantity > 0;
