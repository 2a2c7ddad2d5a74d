-- Which executions the account's values of the broker show already, and the cash that shows exactly those. Fills of before
-- this version are shown, but for those that the broker's values may not have come round to yet.
ALTER TABLE executions ADD COLUMN in_values BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE executions ALTER COLUMN in_values SET DEFAULT false;
UPDATE executions SET in_values = false WHERE received_at > now() - interval '3 minutes';
CREATE INDEX executions_account_id_not_in_values_idx ON executions (account_id) WHERE NOT in_values;
ALTER TABLE accounts ADD COLUMN matched_cash NUMERIC(24, 8);
