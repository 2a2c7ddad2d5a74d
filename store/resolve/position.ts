/**
 * Resolving an external position: a person adopts it, with the stop that is to protect it. It becomes a
 * trade whose entry was filled at the position's cost; from there on it is protected like any other.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ContractInfo, ExchangeRates } from '../../contract/market.js';
import { abilitiesOf } from '../../domain/broker/abilities.js';
import { decimal, text, ZERO } from '../../domain/money.js';
import type { BracketPlan } from '../../domain/risk/plan.js';
import { inferFill } from '../../domain/trade/inferred.js';
import { signed } from '../../domain/trade/executions.js';
import { opposite, type Instrument, type Side } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../domain/orders/terms.js';
import { changeBook } from '../book/change.js';
import { textFromRow, toJson, type Prisma, type Transaction } from '../database.js';
import { lockPosition, movePosition } from '../positions.js';
import { referenceOf } from '../reference.js';
import { ensureStrategy } from '../strategies.js';
import { comparedLast, notHeldText } from './compared-last.js';
import { marketOf, type Market } from './market.js';
import { mustHaveNoExit } from './other-exits.js';
import { CannotResolveError, type Prepare, type Resolved, type Resolver } from './prepared.js';
import { mustBeAdoptable } from './whole-shares.js';

export interface PositionResolution {
  readonly symbol: string;
  /** The broker's id of the account; null: the only one that holds the symbol. */
  readonly account: string | null;
  /** The broker's id of the contract; absent or null: the only one of the symbol that is held. */
  readonly brokerContractId?: number | null;
  /** Whose position it becomes. */
  readonly strategy: string;
  readonly stopPrice: string;
  readonly targetPrice: string | null;
  /** What a person reads as the market's price, for a symbol of which no live quote is known here. */
  readonly marketPrice?: string | null;
}

/** Prepares the adoption. */
export function resolvePosition(wanted: PositionResolution): Prepare {
  return async (tx, who) => {
    const row = await lockedPosition(tx, who.userId, wanted);
    mustBeAdoptable(row.symbol, textFromRow(row.quantity));
    const plan = planOf(row, wanted);
    const { symbol, brokerContractId } = row;
    const place = { symbol, brokerContractId, connectionId: row.account.connectionId };
    const market = await marketOf(tx, place, wanted.marketPrice ?? null, who.nowMs);
    mustProtect(plan, market);
    await mustNotNet(tx, row, plan.side);
    const exitSide = opposite(plan.side);
    const changedAtMs = row.updatedAt.getTime();
    const position = { accountId: row.accountId, brokerContractId, symbol, exitSide, changedAtMs };
    const compared = await mustHaveNoExit(tx, position, who.nowMs);
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
        kindText(row, await knownInstrument(tx, row)),
        compared.told,
        market.told,
      ],
      basis: {
        comparison: compared.runId,
        id: row.id,
        quantity: plan.quantity,
        cost: plan.referencePrice,
      },
      apply: () => adopt(tx, who, row, wanted, plan),
    };
  };
}

/** Read again under its lock: an execution that is booked, or another adoption, may have come in between. */
async function lockedPosition(
  tx: Transaction,
  userId: string,
  wanted: PositionResolution,
): Promise<PositionRow> {
  const { accountId, brokerContractId } = await externalPosition(tx, userId, wanted);
  await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
  return externalPosition(tx, userId, wanted);
}

type PositionRow = Awaited<ReturnType<typeof externalPosition>>;

async function externalPosition(
  tx: Transaction,
  userId: string,
  { symbol, account, brokerContractId = null }: PositionResolution,
) {
  const name = symbol.toUpperCase();
  const rows = await tx.position.findMany({
    where: {
      ...{ userId, strategyId: null, symbol: name, quantity: { not: 0 } },
      ...(account === null ? {} : { account: { brokerAccountId: account } }),
      ...(brokerContractId === null ? {} : { brokerContractId }),
    },
    include: { account: true },
    orderBy: [{ accountId: 'asc' }, { brokerContractId: 'asc' }],
  });
  const [row, second] = rows;
  const which = brokerContractId === null ? '' : ` of contract ${brokerContractId}`;
  if (!row) {
    const what = `external position in ${name}${which}`;
    const adopted = await adoptedText(tx, userId, name);
    if (adopted !== null) throw new CannotResolveError(`no ${what} is held: ${adopted}`);
    const last = await comparedLast(tx, userId, { symbol: name, account, brokerContractId });
    throw new CannotResolveError(notHeldText(what, last));
  }
  if (second) throw new CannotResolveError(`${severalText(name, rows)}: name one`);
  return row;
}

/** For people: the newest open trade that took such shares over; null: none did. */
async function adoptedText(
  tx: Transaction,
  userId: string,
  symbol: string,
): Promise<string | null> {
  const trade = await tx.trade.findFirst({
    where: { userId, symbol, closedAt: null, signal: { signalId: { startsWith: ADOPTED } } },
    orderBy: { createdAt: 'desc' },
  });
  return trade && `trade ${trade.id} has adopted it already`;
}

/** What the ids of signals begin with that nobody sent: an adoption made them. */
const ADOPTED = 'adopted-';

interface Row {
  readonly account: { readonly brokerAccountId: string };
  readonly brokerContractId: number;
  readonly quantity: Prisma.Decimal;
  readonly averageCost: Prisma.Decimal;
}

/** An option has the symbol of its shares: which is meant, a person knows. */
function severalText(symbol: string, rows: readonly Row[]): string {
  const each = rows.map(({ quantity, averageCost, account, brokerContractId }) => {
    const held = `${textFromRow(quantity)} at ${textFromRow(averageCost)}`;
    return `${held} with --account ${account.brokerAccountId} --contract ${brokerContractId}`;
  });
  return `several external positions in ${symbol} are held (${each.join('; ')})`;
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

/**
 * One direction for each contract (TRD-13): what others sold of a trade's shares is booked to the trade.
 * @throws CannotResolveError when strategies hold the other direction
 */
async function mustNotNet(tx: Transaction, row: PositionRow, side: Side): Promise<void> {
  const { accountId, brokerContractId, symbol } = row;
  const quantity = side === 'BUY' ? { lt: 0 } : { gt: 0 };
  const { _sum } = await tx.position.aggregate({
    where: { accountId, brokerContractId, strategyId: { not: null }, quantity },
    _sum: { quantity: true },
  });
  if (_sum.quantity === null) return;
  const held = textFromRow(_sum.quantity);
  throw new CannotResolveError(
    `strategies hold ${held} ${symbol}, and ${textFromRow(row.quantity)} beside them would be the other direction: "ballast reconcile" books what others closed of them`,
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
  const { brackets, name } = abilitiesOf(row.account.broker);
  if (targetPrice !== null && !brackets) {
    throw new CannotResolveError(`${name} keeps no target beside a stop: leave it out`);
  }
  const quantity = text(held.abs());
  const risk = text((toStop.lt(ZERO) ? toStop : ZERO).abs().mul(held.abs()));
  const exposure = text(cost.mul(held.abs()));
  return {
    ...{ side, quantity, stopPrice, targetPrice, trailing: null, referencePrice: text(cost) },
    entry: {
      ...{ orderType: 'LMT', limitPrice: text(cost), collared: false },
      ...{ timeInForce: 'DAY', goodTillMs: null, expiresAtMs: null },
      ...(!brackets && { goesAlone: true }),
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
  await ensureStrategy(tx, userId, strategy, accountId);
  const ofName = { userId_name: { userId, name: strategy } };
  const { id: strategyId } = await tx.strategy.findUniqueOrThrow({ where: ofName });
  const signalId = `${ADOPTED}${tradeId.slice(0, 8)}`;
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
  const kept = await keptFromOthers(tx, row, plan);
  await tx.reservation.create({
    data: {
      ...{ tradeId, userId, accountId, strategyId, symbol, side, phase: 'EXPOSURE' },
      ...{ cash: '0', restingCash: '0', ...kept },
    },
  });
  return makeEntry(tx, row, plan, tradeId);
}

/** In the account's base currency, at the ledger's newest rate (SIZ-8); without one, in the contract's. */
async function keptFromOthers(tx: Transaction, row: PositionRow, { reservation }: BracketPlan) {
  const contract = await knownContract(tx, row);
  const rates = row.account.exchangeRates as ExchangeRates;
  const rate = decimal(rates[contract?.instrument?.currency ?? row.account.baseCurrency] ?? '1');
  const inBase = (amount: string) => text(decimal(amount).mul(rate));
  const { exposure, openRisk } = reservation;
  const sector = contract?.industry ?? null;
  return { exposure: inBase(exposure), openRisk: inBase(openRisk), sector };
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

/** As the broker resolved it; null when it was never asked for that contract. */
async function knownInstrument(tx: Transaction, row: PositionRow): Promise<Instrument | null> {
  return (await knownContract(tx, row))?.instrument ?? null;
}

async function knownContract(
  tx: Transaction,
  { brokerContractId, account }: PositionRow,
): Promise<Partial<ContractInfo> | null> {
  const { connectionId } = account;
  const contract = await tx.contract.findFirst({ where: { connectionId, brokerContractId } });
  return (contract?.body as Partial<ContractInfo> | undefined) ?? null;
}

/** What it is taken for, for whoever might have meant an option's shares. */
function kindText(row: PositionRow, known: Instrument | null): string {
  const contract = `contract ${row.brokerContractId}`;
  return known === null
    ? `${contract} was never asked for here: it is taken for shares, so look that it is no option`
    : `${contract} is ${known.symbol} (${known.securityType})`;
}

/** By the position's own contract where the broker was never asked. */
async function instrumentOf(tx: Transaction, row: PositionRow): Promise<Instrument> {
  const { symbol, brokerContractId } = row;
  const currency = row.account.baseCurrency;
  const known = await knownInstrument(tx, row);
  return known ?? { symbol, securityType: 'STK', exchange: 'SMART', currency, brokerContractId };
}
