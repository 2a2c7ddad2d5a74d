-- CreateTable
CREATE TABLE "installation" (
    "id" VARCHAR(8) NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'ACTIVE',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "client_id" INTEGER NOT NULL,
    "lease_holder" TEXT,
    "lease_epoch" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(6),
    "last_order_id" INTEGER NOT NULL DEFAULT 0,
    "ready" BOOLEAN NOT NULL DEFAULT false,
    "health" JSONB NOT NULL DEFAULT '{}',
    "last_message_at" TIMESTAMPTZ(6),
    "clock_skew_ms" INTEGER,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "broker" TEXT NOT NULL DEFAULT 'ibkr',
    "broker_account_id" TEXT NOT NULL,
    "base_currency" TEXT NOT NULL DEFAULT 'USD',
    "kind" TEXT NOT NULL DEFAULT 'margin',
    "is_paper" BOOLEAN NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'ACTIVE',
    "settings" JSONB NOT NULL DEFAULT '{}',
    "net_liquidation" DECIMAL(24,8),
    "total_cash" DECIMAL(24,8),
    "settled_cash" DECIMAL(24,8),
    "available_funds" DECIMAL(24,8),
    "buying_power" DECIMAL(24,8),
    "excess_liquidity" DECIMAL(24,8),
    "values_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "strategies" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'ACTIVE',
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "strategies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pauses" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID,
    "strategy_id" UUID,
    "symbol" TEXT,
    "side" TEXT,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(6),
    "lifted_at" TIMESTAMPTZ(6),
    "lifted_by" TEXT,

    CONSTRAINT "pauses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signals" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "signal_id" VARCHAR(64) NOT NULL,
    "fingerprint" CHAR(64) NOT NULL,
    "body" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "previews" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "executed_at" TIMESTAMPTZ(6),
    "trade_id" UUID,

    CONSTRAINT "previews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trades" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "signal_row_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "strategy_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'RECEIVED',
    "before_entry" TEXT NOT NULL DEFAULT 'RECEIVED',
    "started_at" TIMESTAMPTZ(6),
    "instrument" JSONB NOT NULL,
    "decision_id" UUID,
    "denial_codes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "planned_quantity" DECIMAL(24,8),
    "held_quantity" DECIMAL(24,8) NOT NULL DEFAULT 0,
    "filled_quantity" DECIMAL(24,8) NOT NULL DEFAULT 0,
    "reference_price" DECIMAL(24,8),
    "average_entry" DECIMAL(24,8),
    "average_exit" DECIMAL(24,8),
    "stop_price" DECIMAL(24,8),
    "target_price" DECIMAL(24,8),
    "reanchored" BOOLEAN NOT NULL DEFAULT false,
    "verified" BOOLEAN NOT NULL DEFAULT false,
    "is_protected" BOOLEAN NOT NULL DEFAULT false,
    "unarmed_since" TIMESTAMPTZ(6),
    "close_requested" TEXT,
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "exit_reason" TEXT,
    "gross_pnl" DECIMAL(24,8),
    "commission" DECIMAL(24,8),
    "realized_pnl" DECIMAL(24,8),
    "r_multiple" DECIMAL(24,8),
    "failure" TEXT,
    "snapshot" JSONB,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "wake_seq" BIGINT NOT NULL DEFAULT 0,
    "delivered_seq" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "opened_at" TIMESTAMPTZ(6),
    "closed_at" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trades_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trade_events" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "trade_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "trade_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commands" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "trade_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL DEFAULT '{}',
    "verdict" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "commands_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "trade_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL DEFAULT 1,
    "client_order_id" VARCHAR(40) NOT NULL,
    "parent_order_row" UUID,
    "intent" TEXT NOT NULL DEFAULT 'NEW',
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "broker_status" TEXT,
    "why_held" TEXT NOT NULL DEFAULT '',
    "terms" JSONB NOT NULL,
    "read_back" JSONB,
    "pending_terms" JSONB,
    "pending_since" TIMESTAMPTZ(6),
    "modification_refused" BOOLEAN NOT NULL DEFAULT false,
    "reported" JSONB,
    "filled_quantity" DECIMAL(24,8) NOT NULL DEFAULT 0,
    "average_price" DECIMAL(24,8),
    "send_before" TIMESTAMPTZ(6),
    "error_code" INTEGER,
    "error_text" TEXT,
    "acknowledged_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_incarnations" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "order_row_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "client_id" INTEGER NOT NULL,
    "session_order_id" INTEGER NOT NULL,
    "broker_order_id" TEXT,
    "lease_epoch" BIGINT NOT NULL,
    "broker_day" DATE NOT NULL,
    "sending_at" TIMESTAMPTZ(6) NOT NULL,
    "written_at" TIMESTAMPTZ(6),
    "outcome" TEXT NOT NULL DEFAULT 'open',

    CONSTRAINT "order_incarnations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "executions" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "order_row_id" UUID,
    "trade_id" UUID,
    "execution_id" TEXT NOT NULL,
    "execution_key" TEXT NOT NULL,
    "correction" INTEGER NOT NULL,
    "superseded" BOOLEAN NOT NULL DEFAULT false,
    "inferred" BOOLEAN NOT NULL DEFAULT false,
    "symbol" TEXT NOT NULL,
    "broker_contract_id" INTEGER NOT NULL,
    "side" TEXT NOT NULL,
    "quantity" DECIMAL(24,8) NOT NULL,
    "price" DECIMAL(24,8) NOT NULL,
    "commission" DECIMAL(24,8),
    "commission_currency" TEXT,
    "broker_realized_pnl" DECIMAL(24,8),
    "broker_order_id" TEXT,
    "broker_day" DATE NOT NULL,
    "executed_at" TIMESTAMPTZ(6) NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "executions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orphan_commissions" (
    "account_id" UUID NOT NULL,
    "execution_id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orphan_commissions_pkey" PRIMARY KEY ("account_id","execution_id")
);

-- CreateTable
CREATE TABLE "broker_events" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "trade_id" UUID,
    "trade_seq" BIGINT,
    "order_row_id" UUID,
    "kind" TEXT NOT NULL,
    "wakes" BOOLEAN NOT NULL DEFAULT false,
    "body" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "committed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "broker_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "positions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "strategy_id" UUID,
    "symbol" TEXT NOT NULL,
    "broker_contract_id" INTEGER NOT NULL,
    "quantity" DECIMAL(24,8) NOT NULL DEFAULT 0,
    "average_cost" DECIMAL(24,8) NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "positions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lots" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "trade_id" UUID NOT NULL,
    "open_execution_id" TEXT NOT NULL,
    "close_execution_id" TEXT,
    "side" TEXT NOT NULL,
    "quantity" DECIMAL(24,8) NOT NULL,
    "open_price" DECIMAL(24,8) NOT NULL,
    "close_price" DECIMAL(24,8),
    "realized_pnl" DECIMAL(24,8),

    CONSTRAINT "lots_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservations" (
    "trade_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "strategy_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'CASH',
    "cash" DECIMAL(24,8) NOT NULL,
    "exposure" DECIMAL(24,8) NOT NULL,
    "open_risk" DECIMAL(24,8) NOT NULL,
    "filled_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(6),

    CONSTRAINT "reservations_pkey" PRIMARY KEY ("trade_id")
);

-- CreateTable
CREATE TABLE "decisions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "trade_id" UUID NOT NULL,
    "serial" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "codes" TEXT[],
    "findings" JSONB NOT NULL,
    "sizing" JSONB,
    "plan" JSONB,
    "inputs" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "equity_snapshots" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "session_date" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "net_liquidation" DECIMAL(24,8) NOT NULL,
    "total_cash" DECIMAL(24,8) NOT NULL,

    CONSTRAINT "equity_snapshots_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contracts" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "symbol" TEXT NOT NULL,
    "security_type" TEXT NOT NULL,
    "exchange" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "broker_contract_id" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "fetched_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "contracts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quotes" (
    "connection_id" UUID NOT NULL,
    "broker_contract_id" INTEGER NOT NULL,
    "symbol" TEXT NOT NULL,
    "bid" DECIMAL(24,8),
    "ask" DECIMAL(24,8),
    "bid_size" DECIMAL(24,8),
    "ask_size" DECIMAL(24,8),
    "kind" TEXT NOT NULL,
    "halted" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "quotes_pkey" PRIMARY KEY ("connection_id","broker_contract_id")
);

-- CreateTable
CREATE TABLE "reconciliations" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),
    "outcome" TEXT,
    "report" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "findings" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "reconciliation_id" UUID NOT NULL,
    "trade_id" UUID,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "resolved_at" TIMESTAMPTZ(6),

    CONSTRAINT "findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "trade_id" UUID,
    "dedupe_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "previous" CHAR(64) NOT NULL,
    "hash" CHAR(64) NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_name_key" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "connections_host_port_client_id_key" ON "connections"("host", "port", "client_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_broker_broker_account_id_key" ON "accounts"("broker", "broker_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "strategies_user_id_name_key" ON "strategies"("user_id", "name");

-- CreateIndex
CREATE INDEX "pauses_account_id_lifted_at_idx" ON "pauses"("account_id", "lifted_at");

-- CreateIndex
CREATE UNIQUE INDEX "signals_user_id_signal_id_key" ON "signals"("user_id", "signal_id");

-- CreateIndex
CREATE UNIQUE INDEX "previews_trade_id_key" ON "previews"("trade_id");

-- CreateIndex
CREATE UNIQUE INDEX "trades_signal_row_id_key" ON "trades"("signal_row_id");

-- CreateIndex
CREATE INDEX "trades_account_id_state_idx" ON "trades"("account_id", "state");

-- CreateIndex
CREATE INDEX "trades_strategy_id_symbol_state_idx" ON "trades"("strategy_id", "symbol", "state");

-- CreateIndex
CREATE INDEX "trades_created_at_idx" ON "trades"("created_at");

-- CreateIndex
CREATE INDEX "trade_events_trade_id_id_idx" ON "trade_events"("trade_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "commands_trade_id_key_key" ON "commands"("trade_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "orders_client_order_id_key" ON "orders"("client_order_id");

-- CreateIndex
CREATE INDEX "orders_account_id_status_idx" ON "orders"("account_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "orders_trade_id_role_sequence_key" ON "orders"("trade_id", "role", "sequence");

-- CreateIndex
CREATE INDEX "order_incarnations_order_row_id_idx" ON "order_incarnations"("order_row_id");

-- CreateIndex
CREATE INDEX "order_incarnations_broker_order_id_idx" ON "order_incarnations"("broker_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_incarnations_connection_id_session_order_id_key" ON "order_incarnations"("connection_id", "session_order_id");

-- CreateIndex
CREATE INDEX "executions_trade_id_idx" ON "executions"("trade_id");

-- CreateIndex
CREATE INDEX "executions_account_id_execution_key_idx" ON "executions"("account_id", "execution_key");

-- CreateIndex
CREATE UNIQUE INDEX "executions_account_id_execution_id_key" ON "executions"("account_id", "execution_id");

-- CreateIndex
CREATE INDEX "broker_events_account_id_id_idx" ON "broker_events"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "broker_events_trade_id_trade_seq_key" ON "broker_events"("trade_id", "trade_seq");

-- CreateIndex
CREATE INDEX "positions_account_id_broker_contract_id_idx" ON "positions"("account_id", "broker_contract_id");

-- CreateIndex
CREATE INDEX "lots_trade_id_idx" ON "lots"("trade_id");

-- CreateIndex
CREATE INDEX "reservations_account_id_phase_idx" ON "reservations"("account_id", "phase");

-- CreateIndex
CREATE INDEX "decisions_trade_id_idx" ON "decisions"("trade_id");

-- CreateIndex
CREATE INDEX "decisions_account_id_serial_idx" ON "decisions"("account_id", "serial");

-- CreateIndex
CREATE INDEX "equity_snapshots_account_id_at_idx" ON "equity_snapshots"("account_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "contracts_connection_id_symbol_security_type_exchange_curre_key" ON "contracts"("connection_id", "symbol", "security_type", "exchange", "currency");

-- CreateIndex
CREATE INDEX "reconciliations_account_id_started_at_idx" ON "reconciliations"("account_id", "started_at");

-- CreateIndex
CREATE INDEX "findings_reconciliation_id_idx" ON "findings"("reconciliation_id");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_dedupe_key_key" ON "notifications"("dedupe_key");

-- CreateIndex
CREATE INDEX "notifications_sent_at_idx" ON "notifications"("sent_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_log_hash_key" ON "audit_log"("hash");

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategies" ADD CONSTRAINT "strategies_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "strategies" ADD CONSTRAINT "strategies_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pauses" ADD CONSTRAINT "pauses_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signals" ADD CONSTRAINT "signals_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "previews" ADD CONSTRAINT "previews_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "previews" ADD CONSTRAINT "previews_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "previews" ADD CONSTRAINT "previews_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trades" ADD CONSTRAINT "trades_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trades" ADD CONSTRAINT "trades_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trades" ADD CONSTRAINT "trades_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trades" ADD CONSTRAINT "trades_signal_row_id_fkey" FOREIGN KEY ("signal_row_id") REFERENCES "signals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trade_events" ADD CONSTRAINT "trade_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trade_events" ADD CONSTRAINT "trade_events_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "commands" ADD CONSTRAINT "commands_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "commands" ADD CONSTRAINT "commands_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_incarnations" ADD CONSTRAINT "order_incarnations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_incarnations" ADD CONSTRAINT "order_incarnations_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_incarnations" ADD CONSTRAINT "order_incarnations_order_row_id_fkey" FOREIGN KEY ("order_row_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "executions" ADD CONSTRAINT "executions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "executions" ADD CONSTRAINT "executions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "executions" ADD CONSTRAINT "executions_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "executions" ADD CONSTRAINT "executions_order_row_id_fkey" FOREIGN KEY ("order_row_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orphan_commissions" ADD CONSTRAINT "orphan_commissions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "broker_events" ADD CONSTRAINT "broker_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "broker_events" ADD CONSTRAINT "broker_events_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "broker_events" ADD CONSTRAINT "broker_events_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "broker_events" ADD CONSTRAINT "broker_events_order_row_id_fkey" FOREIGN KEY ("order_row_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "positions" ADD CONSTRAINT "positions_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lots" ADD CONSTRAINT "lots_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lots" ADD CONSTRAINT "lots_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_strategy_id_fkey" FOREIGN KEY ("strategy_id") REFERENCES "strategies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "equity_snapshots" ADD CONSTRAINT "equity_snapshots_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "equity_snapshots" ADD CONSTRAINT "equity_snapshots_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contracts" ADD CONSTRAINT "contracts_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "findings" ADD CONSTRAINT "findings_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "reconciliations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_trade_id_fkey" FOREIGN KEY ("trade_id") REFERENCES "trades"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
