-- A plan looks at what its strategy said of the contract before, newest first, however many trades there were.

CREATE INDEX "trades_strategy_id_symbol_created_at_idx" ON "trades"("strategy_id", "symbol", "created_at");
