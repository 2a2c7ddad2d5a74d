-- What a hand and a trade made of a contract is looked at by its time (store/doubt.ts).
CREATE INDEX "executions_account_id_broker_contract_id_executed_at_idx" ON "executions"("account_id", "broker_contract_id", "executed_at");
