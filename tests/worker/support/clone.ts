/** Thousands of open trades: copies of one, in the database and, with its exits, at the gateway. */
import { expect } from '@jest/globals';
import { EventName, type Order } from '@stoqey/ib';
import { TRIGGER_METHOD_NUMBER } from '../../../broker/ibkr/words.js';
import type { OrderTerms } from '../../../domain/orders/terms.js';
import type { Database } from '../../../store/database.js';
import { connectTrader, stock, until } from '../../gateway/support/trader.js';
import { isAtRest } from '../../support/at-rest.js';
import type { TestStack } from '../../support/stack.js';

/** Order ids of the copies begin far above those of the original. */
const FIRST_ID = 1_000;
const LEGS = 3;
/** 20,000 orders on two busy cores. */
const PLACED_MS = 150_000;

/** Copies the trade's rows; the copies have no workflow, and count as never given one. */
async function copyTrade(db: Database, tradeId: string, copies: number): Promise<void> {
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`CREATE TEMP TABLE g ON COMMIT DROP AS SELECT generate_series(1, ${copies}::int) AS g`;
      await tx.$executeRaw`INSERT INTO signals SELECT (jsonb_populate_record(s, jsonb_build_object(
          'id', md5('s' || g), 'signal_id', 'copy-' || g))).*
        FROM g, signals s JOIN trades t ON t.signal_row_id = s.id WHERE t.id = ${tradeId}::uuid`;
      await tx.$executeRaw`INSERT INTO trades SELECT (jsonb_populate_record(t, jsonb_build_object(
          'id', md5('t' || g), 'signal_row_id', md5('s' || g), 'started_at', NULL,
          'decision_id', NULL))).* FROM g, trades t WHERE t.id = ${tradeId}::uuid`;
      await tx.$executeRaw`INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object(
          'id', md5(o.role || g), 'trade_id', md5('t' || g),
          'client_order_id', left(o.client_order_id, 9) || left(md5(o.client_order_id || g), 24),
          'terms', CASE WHEN o.role = 'ENTRY' THEN o.terms
                        ELSE o.terms || jsonb_build_object('ocaGroup', 'oca-copy-' || g) END,
          'read_back', CASE WHEN o.role = 'ENTRY' THEN o.read_back
                        ELSE o.read_back || jsonb_build_object('ocaGroup', 'oca-copy-' || g) END
          ))).* FROM g, orders o WHERE o.trade_id = ${tradeId}::uuid`;
      await tx.$executeRaw`INSERT INTO order_incarnations
        SELECT (jsonb_populate_record(i, jsonb_build_object('id', md5(i.id::text || g),
          'order_row_id', md5(o.role || g), 'group_key', i.group_key || '-' || g,
          'session_order_id', ${FIRST_ID}::int + ${LEGS}::int * g + i.session_order_id))).*
          FROM g, order_incarnations i JOIN orders o ON o.id = i.order_row_id
         WHERE o.trade_id = ${tradeId}::uuid`;
      await tx.$executeRaw`INSERT INTO executions (user_id, account_id, order_row_id, trade_id, execution_id,
          execution_key, correction, symbol, broker_contract_id, side, quantity, price, commission,
          commission_currency, broker_day, executed_at)
        SELECT e.user_id, e.account_id, md5('ENTRY' || g)::uuid, md5('t' || g)::uuid, execution_id || g,
          execution_key || g, correction, symbol, broker_contract_id, side, quantity, price, commission,
          commission_currency, broker_day, executed_at
          FROM g, executions e WHERE e.trade_id = ${tradeId}::uuid`;
      await tx.$executeRaw`UPDATE connections SET last_order_id = ${FIRST_ID + LEGS * (copies + 2)}`;
      await tx.$executeRaw`ANALYZE`;
    },
    { timeout: 120_000 },
  );
}

interface Exit {
  readonly id: string;
  readonly ref: string;
  readonly sessionOrderId: number;
  readonly terms: OrderTerms;
}

/** Buys the shares and places the copies' exits, as the client that they belong to; notes their durable ids. */
async function placeCopies(db: Database, port: number, symbol: string): Promise<number> {
  const { clientId } = await db.connection.findFirstOrThrow();
  const exits = await db.$queryRaw<Exit[]>`
    SELECT o.id, o.client_order_id AS ref, i.session_order_id AS "sessionOrderId", o.terms
      FROM orders o JOIN order_incarnations i ON i.order_row_id = o.id AND i.kind = 'place'
      JOIN trades t ON t.id = o.trade_id
     WHERE t.started_at IS NULL AND o.role <> 'ENTRY' ORDER BY i.session_order_id`;
  const trader = await connectTrader(port, clientId, 2_000);
  const durable = new Map<number, number>();
  trader.ib.on(EventName.openOrder, (id, _contract, order) => {
    if (order.permId) durable.set(id, order.permId);
  });
  const refusals: string[] = [];
  trader.ib.on(EventName.error, ({ message }, code, id) =>
    refusals.push(`${id} ${code} ${message}`),
  );
  const bulk = {
    action: 'BUY',
    orderType: 'MKT',
    tif: 'DAY',
    totalQuantity: exits.length * 5,
    transmit: true,
  };
  trader.ib.placeOrder(FIRST_ID - 1, stock(symbol), bulk as Order);
  for (const exit of exits) {
    trader.ib.placeOrder(exit.sessionOrderId, stock(symbol), orderOf(exit));
  }
  const isKnown = ({ sessionOrderId }: Exit): boolean => durable.has(sessionOrderId);
  await until(() => exits.every(isKnown), 'the acknowledgement of all exits', PLACED_MS);
  const bought = () => trader.executions.length > 0;
  await until(bought, 'the fill').catch((error: unknown) => {
    throw new Error(`${String(error)} ${trader.statuses.slice(0, 5).join()} ${refusals.join()}`);
  });
  trader.ib.disconnect();
  const ids = exits.map(({ id, sessionOrderId }) => ({ id, perm: durable.get(sessionOrderId) }));
  await db.$executeRaw`
    UPDATE order_incarnations i SET broker_order_ids = ARRAY[c.perm::text]
      FROM jsonb_to_recordset(${JSON.stringify(ids)}::jsonb) AS c(id uuid, perm bigint)
     WHERE i.order_row_id = c.id`;
  return exits.length;
}

function orderOf({ ref, terms }: Exit): Order {
  return {
    orderRef: ref,
    action: 'SELL',
    orderType: terms.orderType,
    totalQuantity: Number(terms.quantity),
    ...(terms.limitPrice !== null && { lmtPrice: Number(terms.limitPrice) }),
    ...(terms.stopPrice !== null && { auxPrice: Number(terms.stopPrice) }),
    tif: 'GTC',
    ocaGroup: terms.ocaGroup ?? undefined,
    ocaType: 2,
    transmit: true,
    triggerMethod: terms.triggerMethod === null ? 0 : TRIGGER_METHOD_NUMBER[terms.triggerMethod],
  } as Order;
}

/**
 * Opens one trade of ten AAPL on a running stack, stops its workers, and copies the trade with its exits.
 * The gateway holds all of it then; the workers that are started next find it.
 */
export async function openCopies(stack: TestStack, copies: number): Promise<void> {
  const price = { AAPL: { price: '100', size: 1_000_000 } };
  await stack.gateway.control('/prices', price);
  const { tradeId } = await stack.submit({
    ...{ id: 'first', strategy_id: 's', symbol: 'AAPL', side: 'BUY', quantity: '10' },
    ...{ stop_loss: '90', take_profit: '120' },
  });
  await stack.waitFor(tradeId, isAtRest);
  await stack.stopWorker('trade-worker');
  await stack.stopWorker('broker-worker');
  await copyTrade(stack.db, tradeId, copies);
  await stack.gateway.control('/prices', price);
  expect(await placeCopies(stack.db, stack.gateway.port, 'AAPL')).toBe(2 * copies);
}
