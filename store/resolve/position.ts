/**
 * Resolving an external position: a person adopts it, with the stop that is to protect it. It becomes a
 * trade whose entry was filled at the position's cost; from there on it is protected like any other.
 */
import { createHash, randomUUID } from 'node:crypto';
import { decimal, text, ZERO } from '../../domain/money.js';
import type { BracketPlan } from '../../domain/risk/plan.js';
import { inferFill } from '../../domain/trade/inferred.js';
import { signed } from '../../domain/trade/executions.js';
import type { Side } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../domain/orders/terms.js';
import { changeBook } from '../book/change.js';
import { textFromRow, toJson, type Transaction } from '../database.js';
import { movePosition } from '../positions.js';
import { referenceOf } from '../reference.js';
import { CannotResolveError, type Prepare, type Resolved, type Resolver } from './prepared.js';

export interface PositionResolution {
  readonly symbol: string;
  /** The broker's id of the account; null: the only one that holds the symbol. */
  readonly account: string | null;
  /** Whose position it becomes. */
  readonly strategy: string;
  readonly stopPrice: string;
  readonly targetPrice: string | null;
  /** What a person reads as the market's price, for a symbol of which no live quote is known here. */
  readonly marketPrice?: string | null;
}

/** A code is typed within it; what is older is not the market any more. */
const QUOTE_MAX_AGE_MS = 30_000;

/** Prepares the adoption. */
export function resolvePosition(wanted: PositionResolution): Prepare {
  return async (tx, who) => {
    const row = await externalPosition(tx, who.userId, wanted);
    const plan = planOf(row, wanted);
    const market = await marketOf(tx, row, wanted, who.nowMs);
    mustProtect(plan, market);
    const held = `${plan.quantity} ${row.symbol} (${plan.side === 'BUY' ? 'long' : 'short'})`;
    const target = plan.targetPrice === null ? '' : `, target ${plan.targetPrice}`;
    return {
      subject: `position ${row.symbol} of ${row.account.brokerAccountId}`,
      does: [
        `${held} at ${plan.referencePrice} become a trade of ${wanted.strategy}`,
        `it is protected by a stop at ${plan.stopPrice}${target}: at the stop ${plan.approvedRisk} are lost`,
      ],
      evidence: [
        `external since ${row.updatedAt.toISOString()}: opened by nobody here`,
        market.told,
      ],
      basis: { id: row.id, quantity: plan.quantity, cost: plan.referencePrice },
      apply: () => adopt(tx, who, row, wanted, plan),
    };
  };
}

type PositionRow = Awaited<ReturnType<typeof externalPosition>>;

async function externalPosition(
  tx: Transaction,
  userId: string,
  { symbol, account }: PositionResolution,
) {
  const rows = await tx.position.findMany({
    where: {
      ...{ userId, strategyId: null, symbol: symbol.toUpperCase(), quantity: { not: 0 } },
      ...(account === null ? {} : { account: { brokerAccountId: account } }),
    },
    include: { account: true },
  });
  const [row, second] = rows;
  if (!row) throw new CannotResolveError(`no external position in ${symbol.toUpperCase()} is held`);
  if (second) throw new CannotResolveError('several accounts hold it: name one with --account');
  return row;
}

/** What a sale or a cover would get now, and from whom it is known. */
interface Market {
  readonly bid: string;
  readonly ask: string;
  readonly told: string;
}

/** The market of the position's contract: a live quote, or without one what the person says. */
async function marketOf(
  tx: Transaction,
  { symbol, brokerContractId, account }: PositionRow,
  { marketPrice }: PositionResolution,
  nowMs: number,
): Promise<Market> {
  const at = { gte: new Date(nowMs - QUOTE_MAX_AGE_MS) };
  const { connectionId } = account;
  const where = { connectionId, brokerContractId, kind: 'live', at };
  const quote = await tx.quote.findFirst({ where });
  if (quote?.bid && quote.ask) {
    const [bid, ask] = [textFromRow(quote.bid), textFromRow(quote.ask)];
    return { bid, ask, told: `the market of ${symbol} is ${bid} to ${ask}` };
  }
  if (marketPrice) {
    const told = `no live quote of ${symbol} is known here: its market is said to be ${marketPrice}`;
    return { bid: marketPrice, ask: marketPrice, told };
  }
  throw new CannotResolveError(
    `no live quote of ${symbol} is known here, so the stop can't be judged: read the price at the broker, and give it with --market PRICE`,
  );
}

/** @throws CannotResolveError when the stop would trigger at once: it would sell, and protect nothing */
function mustProtect({ side, stopPrice }: BracketPlan, { bid, ask }: Market): void {
  const isLong = side === 'BUY';
  const exit = isLong ? bid : ask;
  const protects = isLong
    ? decimal(stopPrice).lt(decimal(exit))
    : decimal(stopPrice).gt(decimal(exit));
  if (protects) return;
  const [does, where] = isLong ? ['sell', 'below'] : ['buy', 'above'];
  throw new CannotResolveError(
    `a stop at ${stopPrice} protects nothing: with the market at ${exit} it would ${does} at once; it must be ${where} that`,
  );
}

/** @throws CannotResolveError when stop or target stand on the wrong side of the cost */
function planOf(row: PositionRow, { stopPrice, targetPrice }: PositionResolution): BracketPlan {
  const held = decimal(textFromRow(row.quantity));
  const side: Side = held.gt(ZERO) ? 'BUY' : 'SELL';
  const cost = decimal(textFromRow(row.averageCost));
  const toStop = signed(side, text(decimal(stopPrice).sub(cost)));
  const toTarget = targetPrice === null ? null : signed(side, text(decimal(targetPrice).sub(cost)));
  if (decimal(stopPrice).lte(ZERO)) throw new CannotResolveError('a stop price is above zero');
  if (toTarget?.lte(ZERO)) {
    throw new CannotResolveError(`the target must be on the winning side of ${text(cost)}`);
  }
  const quantity = text(held.abs());
  const risk = text((toStop.lt(ZERO) ? toStop : ZERO).abs().mul(held.abs()));
  const exposure = text(cost.mul(held.abs()));
  return {
    ...{ side, quantity, stopPrice, targetPrice, trailing: null, referencePrice: text(cost) },
    entry: {
      ...{ orderType: 'LMT', limitPrice: text(cost), collared: false },
      ...{ timeInForce: 'DAY', goodTillMs: null, expiresAtMs: null },
    },
    ...{ stopLossPct: null, takeProfitPct: null, approvedRisk: risk, closeByMs: null },
    reservation: { cash: '0', exposure, openRisk: risk },
  };
}

async function adopt(
  tx: Transaction,
  who: Resolver,
  row: PositionRow,
  wanted: PositionResolution,
  plan: BracketPlan,
): Promise<Resolved> {
  const tradeId = randomUUID();
  const { brokerContractId, symbol, accountId } = row;
  const { userId } = who;
  const entryId = await makeRows(tx, who, row, wanted, plan, tradeId);
  const change = text(signed(plan.side, plan.quantity).neg());
  const external = { userId, accountId, strategyId: null };
  const price = plan.referencePrice;
  await movePosition(tx, external, { symbol, brokerContractId, change, price });
  const { snapshot } = await changeBook(tx, tradeId, who.nowMs, (book) => {
    const filled = inferFill(book, entryId, plan.quantity, who.nowMs);
    const event = { kind: 'resolved', summary: `adopted from the account by ${who.actor}` };
    return { book: filled.book, events: [event, ...filled.events] };
  });
  return { tradeId, snapshot };
}

/** The rows that a signal, its approval and its entry would have left. @returns the entry's row id */
async function makeRows(
  tx: Transaction,
  { userId, actor, nowMs }: Resolver,
  row: PositionRow,
  { strategy }: PositionResolution,
  plan: BracketPlan,
  tradeId: string,
): Promise<string> {
  const { accountId, symbol } = row;
  const { side, quantity, stopPrice, targetPrice, referencePrice } = plan;
  const strategyRow = await tx.strategy.upsert({
    where: { userId_name: { userId, name: strategy } },
    create: { userId, name: strategy, accountId },
    update: {},
  });
  const strategyId = strategyRow.id;
  const signalId = `adopted-${tradeId.slice(0, 8)}`;
  const body = {
    id: signalId,
    strategy_id: strategy,
    symbol,
    side,
    quantity,
    stop_loss: stopPrice,
  };
  const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const signal = await tx.signal.create({ data: { userId, signalId, fingerprint, body } });
  await tx.trade.create({
    data: {
      ...{ id: tradeId, userId, accountId, strategyId, signalRowId: signal.id, symbol, side },
      ...{ plannedQuantity: quantity, referencePrice, stopPrice, targetPrice },
      createdAt: new Date(nowMs),
      instrument: toJson(await instrumentOf(tx, row)),
    },
  });
  const decision = await tx.decision.create({
    data: {
      ...{ userId, accountId, tradeId, kind: 'adopt', verdict: 'approved', codes: [] },
      ...{
        findings: [],
        plan: toJson({ ...plan, appliedDefaults: [] }),
        inputs: { adoptedBy: actor },
      },
    },
  });
  await tx.trade.update({ where: { id: tradeId }, data: { decisionId: decision.id } });
  const { cash, exposure, openRisk } = plan.reservation;
  await tx.reservation.create({
    data: {
      ...{ tradeId, userId, accountId, strategyId, symbol, side, phase: 'EXPOSURE' },
      ...{ cash, restingCash: '0', exposure, openRisk },
    },
  });
  return makeEntry(tx, row, plan, tradeId);
}

async function makeEntry(
  tx: Transaction,
  { userId, accountId }: PositionRow,
  { side, quantity, entry }: BracketPlan,
  tradeId: string,
): Promise<string> {
  const installation = await tx.installation.findFirstOrThrow();
  const terms: OrderTerms = {
    ...{ side, quantity, orderType: 'LMT', limitPrice: entry.limitPrice, stopPrice: null },
    ...{ trailAmount: null, trailFraction: null, timeInForce: 'DAY', goodTillMs: null },
    ...{ outsideRegularHours: false, ocaGroup: null, ocaType: null, triggerMethod: null },
  };
  const order = await tx.order.create({
    data: {
      ...{ userId, accountId, tradeId, role: 'ENTRY', terms: toJson(terms) },
      clientOrderId: referenceOf(installation.id, tradeId, 'ENTRY', 1),
    },
  });
  return order.id;
}

/** As the broker resolved it, when it was ever asked; else by the position's own contract. */
async function instrumentOf(tx: Transaction, row: PositionRow): Promise<object> {
  const { symbol, brokerContractId } = row;
  const contract = await tx.contract.findFirst({
    where: { connectionId: row.account.connectionId, brokerContractId },
  });
  const known = (contract?.body as { instrument?: object } | null | undefined)?.instrument;
  const currency = row.account.baseCurrency;
  return known ?? { symbol, securityType: 'STK', exchange: 'SMART', currency, brokerContractId };
}
