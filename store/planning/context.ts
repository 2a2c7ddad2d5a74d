/** Everything a plan is decided from, read in one transaction under the account's lock (RSK-2). */
import type { Signal } from '../../contract/signal.js';
import { brokerDay } from '../../domain/calendar.js';
import type {
  AccountState,
  BookState,
  BrokerState,
  ContractState,
  InstallationState,
  PlanContext,
  SignalTerms,
} from '../../domain/risk/context.js';
import { resolveLimits, type RiskLimits } from '../../domain/risk/limits.js';
import type { Mode } from '../../domain/risk/modes.js';
import type { Instrument, Quote, Side } from '../../domain/vocabulary.js';
import type { Connection, Pause, Strategy } from '../generated/client.js';
import { textFromRow, type Transaction } from '../database.js';
import type { AccountRow, TradeBook } from '../book/load.js';
import { loadContract, loadQuote, type StoredContract } from '../market.js';

/** What a plan takes from the process's settings rather than from the database. */
export interface PlanSettings {
  readonly limits: Partial<RiskLimits>;
  readonly defaultOrderType: 'MKT' | 'LMT';
  readonly switches: () => Omit<InstallationState, 'mode'>;
}

export interface LoadedContext {
  readonly context: PlanContext;
  readonly missing: readonly string[];
  readonly strategyName: string;
}

/** A contract that the broker did not know is asked for again after this: it may have been listed. */
const UNKNOWN_CONTRACT_MAX_AGE_MS = 60_000;
const MINUTE_MS = 60_000;

/** Locks the account and reads the context. `missing` names what the broker worker must fetch first. */
export async function loadContext(
  tx: Transaction,
  book: TradeBook,
  settings: PlanSettings,
  nowMs: number,
): Promise<LoadedContext> {
  const { trade, account } = book;
  const { connectionId } = account;
  const instrument = trade.instrument as unknown as Instrument;
  const signalRow = await tx.signal.findUniqueOrThrow({ where: { id: trade.signalRowId } });
  const strategy = await tx.strategy.findUniqueOrThrow({ where: { id: trade.strategyId } });
  const connection = await tx.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const installation = await tx.installation.findFirstOrThrow();
  const pauses = await activePauses(tx, trade.userId, nowMs);
  const stored = await loadContract(tx, connectionId, instrument);
  const quote = stored?.contract
    ? await loadQuote(tx, connectionId, stored.contract.instrument.brokerContractId!)
    : null;
  const limits = resolveLimits(
    settings.limits,
    account.settings as Partial<RiskLimits>,
    strategy.settings as Partial<RiskLimits>,
  );
  const signal = signalRow.body as unknown as Signal;
  const requested = signal.account_id ?? account.brokerAccountId;
  const context: PlanContext = {
    nowMs,
    tradeId: trade.id,
    receivedAtMs: signalRow.receivedAt.getTime(),
    signal: termsOf(signal, instrument, settings.defaultOrderType),
    limits,
    installation: { ...settings.switches(), mode: installation.mode as Mode },
    broker: brokerState(connection, nowMs),
    account: accountState(account, requested, pauses),
    strategy: {
      strategyId: strategy.id,
      mode: strategy.mode as Mode,
      pausedBy: pauses.find((pause) => pausesStrategy(pause, strategy, trade.side))?.reason ?? null,
    },
    contract: contractState(stored),
    quote,
    fxRate: null,
    book: await bookState(tx, account, trade.symbol, pauses, nowMs),
  };
  const missing = missingMarket(context, stored, quote, account);
  return { context, missing, strategyName: strategy.name };
}

/** Serialises check and reservation of one account; foreign keys to it may still be taken. */
export async function lockAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
}

function termsOf(signal: Signal, instrument: Instrument, orderType: 'MKT' | 'LMT'): SignalTerms {
  const trail = signal.trailing_stop;
  return {
    instrument,
    side: signal.side,
    orderType: signal.order_type ?? (signal.entry_price ? orderType : 'MKT'),
    entryPrice: signal.entry_price ?? null,
    stopLoss: signal.stop_loss ?? null,
    stopLossPct: signal.stop_loss_pct ?? null,
    takeProfit: signal.take_profit ?? null,
    takeProfitPct: signal.take_profit_pct ?? null,
    trailingStop: trail ? ('amount' in trail ? trail : { fraction: trail.percent }) : null,
    quantity: signal.quantity ?? null,
    riskPct: signal.risk_pct ?? null,
    riskCategory: signal.risk_category ?? null,
    timeInForce: signal.time_in_force ?? 'DAY',
    expiresAtMs: signal.expires_at ? Date.parse(signal.expires_at) : null,
    generatedAtMs: signal.generated_at ? Date.parse(signal.generated_at) : null,
    closeAtSessionEnd: signal.close_at_session_end ?? false,
  };
}

function brokerState(connection: Connection, nowMs: number): BrokerState {
  // A broker worker that has not renewed its lease is gone, whatever it said last.
  const leased = connection.leaseUntil !== null && connection.leaseUntil.getTime() > nowMs;
  const health = connection.health as { reason?: string; accounts?: string[] };
  return {
    ready: connection.ready && leased,
    reason: leased ? (health.reason ?? 'not connected yet') : 'no broker worker is running',
    reportedAccounts: health.accounts ?? [],
    port: connection.port,
    clockSkewMs: connection.clockSkewMs,
  };
}

function accountState(
  account: AccountRow,
  requested: string,
  pauses: readonly Pause[],
): AccountState {
  const pause = pauses.find(
    (row) => row.accountId === account.id && row.strategyId === null && row.symbol === null,
  );
  return {
    brokerAccountId: requested,
    kind: account.kind as 'cash' | 'margin',
    baseCurrency: account.baseCurrency,
    mode: account.mode as Mode,
    pausedBy: pause?.reason ?? null,
    values: account.valuesAt && {
      netLiquidation: textFromRow(account.netLiquidation!),
      settledCash: textFromRow(account.settledCash!),
      availableFunds: textFromRow(account.availableFunds!),
      buyingPower: textFromRow(account.buyingPower!),
      excessLiquidity: textFromRow(account.excessLiquidity!),
      atMs: account.valuesAt.getTime(),
    },
    day: null,
  };
}

function pausesStrategy(pause: Pause, strategy: Strategy, side: string): boolean {
  if (pause.strategyId !== strategy.id) return false;
  return pause.side === null || pause.side === side;
}

function activePauses(tx: Transaction, userId: string, nowMs: number): Promise<Pause[]> {
  const now = new Date(nowMs);
  return tx.pause.findMany({
    where: {
      userId,
      liftedAt: null,
      startsAt: { lte: now },
      OR: [{ endsAt: null }, { endsAt: { gt: now } }],
    },
  });
}

function contractState(stored: StoredContract | null): ContractState {
  if (stored === null) return { kind: 'unavailable', reason: 'the broker was not asked yet' };
  if (stored.contract === null) {
    return { kind: 'unknown_symbol', reason: stored.unknown ?? 'unknown to the broker' };
  }
  const { instrument, priceIncrement, sizeIncrement, timeZoneId, liquidHours } = stored.contract;
  return {
    kind: 'known',
    instrument,
    priceIncrement,
    sizeIncrement,
    timeZoneId,
    liquidHours,
    shortable: null,
  };
}

async function bookState(
  tx: Transaction,
  account: AccountRow,
  symbol: string,
  pauses: readonly Pause[],
  nowMs: number,
): Promise<BookState> {
  const dayStart = new Date(`${brokerDay(nowMs)}T00:00:00Z`);
  const approved = { accountId: account.id, kind: 'plan', verdict: 'approved' };
  const reservations = await tx.reservation.findMany({
    where: { accountId: account.id, phase: { not: 'RELEASED' } },
  });
  const positions = await tx.position.findMany({
    where: { accountId: account.id, quantity: { not: 0 } },
  });
  const tradesToday = await tx.decision.count({
    where: { ...approved, decidedAt: { gte: dayStart } },
  });
  const ordersLastMinute = await tx.order.count({
    where: { accountId: account.id, createdAt: { gt: new Date(nowMs - MINUTE_MS) } },
  });
  const quarantine = pauses.find((row) => row.symbol === symbol && row.strategyId === null);
  return {
    reservations: reservations.map((row) => ({
      tradeId: row.tradeId,
      strategyId: row.strategyId,
      symbol: row.symbol,
      side: row.side as Side,
      phase: row.phase as 'CASH' | 'EXPOSURE',
      cash: textFromRow(row.cash),
      exposure: textFromRow(row.exposure),
      openRisk: textFromRow(row.openRisk),
    })),
    positions: positions.map((row) => ({
      strategyId: row.strategyId,
      symbol: row.symbol,
      quantity: textFromRow(row.quantity),
    })),
    tradesToday,
    ordersLastMinute,
    quarantinedBy: quarantine?.reason ?? null,
  };
}

/** What a fetch by the broker worker could mend; nothing when there is no ready broker to ask. */
function missingMarket(
  context: PlanContext,
  stored: StoredContract | null,
  quote: Quote | null,
  account: AccountRow,
): string[] {
  if (!context.broker.ready) return [];
  const { nowMs, limits } = context;
  const missing: string[] = [];
  const unknownIsOld = stored?.unknown && nowMs - stored.fetchedAtMs > UNKNOWN_CONTRACT_MAX_AGE_MS;
  if (stored === null || unknownIsOld) missing.push('contract');
  const quoteIsOld = quote === null || nowMs - quote.atMs > limits.quoteMaxAgeMs;
  if (!stored?.unknown && quoteIsOld) missing.push('quote');
  const valuesAtMs = account.valuesAt?.getTime();
  if (valuesAtMs === undefined || nowMs - valuesAtMs > limits.accountValuesMaxAgeMs) {
    missing.push('account');
  }
  return missing;
}
