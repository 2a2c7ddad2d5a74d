-- The first values that the broker gives of an account begin its day, so that its loss is measured before the first
-- reset of a new installation.

ALTER TABLE account_days DROP CONSTRAINT account_days_source;
ALTER TABLE account_days ADD CONSTRAINT account_days_source
  CHECK (start_source IN ('close', 'reset', 'late', 'first_values'));
