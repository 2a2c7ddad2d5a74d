-- Closing prices of the last trading days, of which correlations are made. One row a contract, taken over as a whole.
CREATE TABLE daily_closes (
  connection_id UUID NOT NULL REFERENCES connections (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  broker_contract_id INTEGER NOT NULL,
  symbol TEXT NOT NULL,
  closes JSONB NOT NULL,
  fetched_at TIMESTAMPTZ(6) NOT NULL,
  PRIMARY KEY (connection_id, broker_contract_id)
);
