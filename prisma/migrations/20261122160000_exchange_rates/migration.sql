-- What one unit of each currency in the account's ledger is worth in its base currency, as of values_at (SIZ-8).
ALTER TABLE accounts ADD COLUMN exchange_rates JSONB NOT NULL DEFAULT '{}';
