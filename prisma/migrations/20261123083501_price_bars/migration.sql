-- CreateTable
CREATE TABLE "price_bars" (
    "connection_id" UUID NOT NULL,
    "broker_contract_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "open" DECIMAL(24,8) NOT NULL,
    "high" DECIMAL(24,8) NOT NULL,
    "low" DECIMAL(24,8) NOT NULL,
    "close" DECIMAL(24,8) NOT NULL,

    CONSTRAINT "price_bars_pkey" PRIMARY KEY ("connection_id","broker_contract_id","at")
);

-- CreateIndex
CREATE INDEX "price_bars_at_idx" ON "price_bars"("at");

-- AddForeignKey
ALTER TABLE "price_bars" ADD CONSTRAINT "price_bars_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
