/** Rows for the tests of what is read: a user with an account, and trades as the workers write them. */
import { randomUUID } from 'node:crypto';
import type { OrderTerms } from '../../domain/orders/terms.js';
import { toJson, type Database } from '../../store/database.js';

/** Received, decided and sent, in this order, before anything else happens. */
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const RECEIVED_AT = ago(180_000);
const DECIDED_AT = ago(120_000);
const SENT_AT = ago(60_000);

export interface World {
  readonly userId: string;
  readonly connectionId: string;
  readonly accountId: string;
  readonly strategyId: string;
}

/** A user of that name with one connection, account and strategy. */
export async function makeWorld(db: Database, name: string, port: number): Promise<World> {
  const user = await db.user.upsert({ where: { name }, create: { name }, update: {} });
  const userId = user.id;
  const connection = await db.connection.create({
    data: { userId, host: '127.0.0.1', port, clientId: 17 },
  });
  const account = await db.account.create({
    data: {
      userId,
      connectionId: connection.id,
      brokerAccountId: `DU${port}`,
      isPaper: true,
    },
  });
  const strategy = await db.strategy.create({
    data: { userId, name: `${name}-momentum`, accountId: account.id },
  });
  return { userId, connectionId: connection.id, accountId: account.id, strategyId: strategy.id };
}

type TradeColumns = Parameters<Database['trade']['create']>[0]['data'];

/** A trade of IBM with its signal; `columns` overrides what it is written with. */
export async function makeTrade(
  db: Database,
  world: World,
  signalId: string,
  columns: Partial<TradeColumns> = {},
): Promise<string> {
  const { userId, accountId, strategyId } = world;
  const body = {
    id: signalId,
    strategy_id: 'momentum',
    symbol: 'IBM',
    side: 'BUY',
    order_type: 'MKT',
    stop_loss: '180.6',
    indicators: { rsiFast: 71 },
  };
  const signal = await db.signal.create({
    data: { userId, signalId, fingerprint: '0'.repeat(64), body: toJson(body) },
  });
  const trade = await db.trade.create({
    data: {
      ...{ userId, accountId, strategyId, signalRowId: signal.id },
      ...{ symbol: 'IBM', side: 'BUY', instrument: {}, createdAt: RECEIVED_AT },
      ...columns,
    } as TradeColumns,
  });
  return trade.id;
}

const PLAIN: OrderTerms = {
  side: 'SELL',
  orderType: 'MKT',
  quantity: '100',
  limitPrice: null,
  stopPrice: null,
  trailAmount: null,
  trailFraction: null,
  timeInForce: 'GTC',
  goodTillMs: null,
  outsideRegularHours: false,
  ocaGroup: null,
  ocaType: null,
  triggerMethod: null,
};

export interface OrderRow {
  readonly role: 'ENTRY' | 'STOP' | 'TARGET' | 'CLOSE';
  readonly terms: Partial<OrderTerms>;
  readonly status: string;
  readonly filled?: string;
  readonly price?: string;
  readonly sessionOrderId: number;
  readonly brokerOrderId: string | null;
}

/** An order of a trade as sent and, when it has a broker order id, acknowledged; with its execution. */
export async function makeOrder(
  db: Database,
  world: World,
  tradeId: string,
  row: OrderRow,
): Promise<void> {
  const { userId, accountId, connectionId } = world;
  const terms = toJson({ ...PLAIN, ...row.terms });
  const order = await db.order.create({
    data: {
      ...{ userId, accountId, tradeId, role: row.role, terms, status: row.status },
      clientOrderId: `ref-${randomUUID().slice(0, 8)}`,
      intent: 'SENT',
      ...(row.brokerOrderId === null ? {} : { readBack: terms, acknowledgedAt: new Date() }),
      ...(row.filled ? { filledQuantity: row.filled, averagePrice: row.price! } : {}),
    },
  });
  await db.orderIncarnation.create({
    data: {
      ...{ userId, orderRowId: order.id, connectionId, clientId: 17 },
      sessionOrderId: row.sessionOrderId,
      ...{ n: 1, kind: 'place', state: 'SHOWN', generation: 1n, groupKey: order.id, terms },
      brokerOrderIds: row.brokerOrderId === null ? [] : [row.brokerOrderId],
      leaseEpoch: 1n,
      brokerDay: new Date('2026-11-20'),
      claimedAt: SENT_AT,
    },
  });
  if (!row.filled) return;
  await db.execution.create({
    data: {
      ...{ userId, accountId, tradeId, orderRowId: order.id },
      executionId: `${order.clientOrderId}.01`,
      executionKey: order.clientOrderId,
      correction: 1,
      symbol: 'IBM',
      brokerContractId: 8314,
      side: row.terms.side ?? 'SELL',
      quantity: row.filled,
      price: row.price!,
      commission: '1',
      commissionCurrency: 'USD',
      brokerDay: new Date('2026-11-20'),
      executedAt: new Date(),
    },
  });
}

/** An approved plan of 100 IBM as `plan` records it. */
export async function makeApproval(db: Database, world: World, tradeId: string): Promise<void> {
  const sizing = {
    inputs: {
      side: 'BUY',
      equity: '100000',
      riskPct: '0.01',
      entryPrice: '181.62',
      stopPrice: '180.6',
      quantity: null,
    },
    rawQuantity: '980',
    caps: {
      open_risk: '9803',
      position: '100',
      cash: '550',
      strategy: '275',
      buying_power: '2202',
    },
    boundBy: 'position',
    approved: true,
    quantity: '100',
    refusal: null,
    riskAmount: '102.00',
    riskPercent: '0.00102',
    positionValue: '18162.00',
    rewardRisk: '1.2549',
  };
  const plan = {
    side: 'BUY',
    quantity: '100',
    entry: { orderType: 'MKT', limitPrice: null, collared: false, timeInForce: 'DAY' },
    stopPrice: '180.6',
    targetPrice: '182.9',
    referencePrice: '181.62',
    appliedDefaults: [{ field: 'stop_loss_pct', value: '0.02' }],
  };
  const { userId, accountId } = world;
  await db.decision.create({
    data: {
      ...{ userId, accountId, tradeId, kind: 'plan', verdict: 'approved', codes: [] },
      findings: [],
      sizing: toJson(sizing),
      plan: toJson(plan),
      decidedAt: DECIDED_AT,
      inputs: toJson({ nowMs: 1, signal: { orderType: 'MKT' } }),
    },
  });
}
