/** Everything a plan is decided from, read in one transaction under the account's lock (RSK-2). */
import type { Signal } from '../../contract/signal.js';
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
import { storedContract, storedQuote, type StoredContract } from '../market.js';
import { readPlanRows, type PlanRows } from './read.js';

/** What a plan takes from the process's settings rather than from the database. */
export interface PlanSettings {
  readonly limits: Partial<RiskLimits>;
  readonly defaultOrderType: 'MKT' | 'LMT';
  readonly switches: () => Omit<InstallationState, 'mode'>;
}

export interface LoadedContext {
  readonly context: PlanContext;
  readonly missing: readonly string[];
}

/** A contract that the broker did not know is asked for again after this: it may have been listed. */
const UNKNOWN_CONTRACT_MAX_AGE_MS = 60_000;

/** Reads the context; call under the account's lock. `missing` names what must be fetched first. */
export async function loadContext(
  tx: Transaction,
  book: TradeBook,
  settings: PlanSettings,
  nowMs: number,
): Promise<LoadedContext> {
  const rows = await readPlanRows(tx, book, nowMs);
  const { trade, account } = book;
  const { strategy, installation } = rows;
  const { connection } = rows.account;
  const { pauses } = rows.user;
  const stored = connection.contracts[0] ? storedContract(connection.contracts[0]) : null;
  const quote = quoteOf(rows, stored);
  const limits = resolveLimits(
    settings.limits,
    account.settings as Partial<RiskLimits>,
    strategy.settings as Partial<RiskLimits>,
  );
  const signal = rows.signal.body as unknown as Signal;
  const requested = signal.account_id ?? account.brokerAccountId;
  const instrument = trade.instrument as unknown as Instrument;
  const context: PlanContext = {
    nowMs,
    tradeId: trade.id,
    receivedAtMs: rows.signal.receivedAt.getTime(),
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
    book: bookState(rows, trade.symbol),
  };
  return { context, missing: missingMarket(context, stored, quote, account) };
}

function quoteOf(rows: PlanRows, stored: StoredContract | null): Quote | null {
  const id = stored?.contract?.instrument.brokerContractId;
  const row = rows.account.connection.quotes.find((quote) => quote.brokerContractId === id);
  return row ? storedQuote(row) : null;
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

function bookState({ account, user }: PlanRows, symbol: string): BookState {
  const quarantine = user.pauses.find((row) => row.symbol === symbol && row.strategyId === null);
  return {
    reservations: account.reservations.map((row) => ({
      tradeId: row.tradeId,
      strategyId: row.strategyId,
      symbol: row.symbol,
      side: row.side as Side,
      phase: row.phase as 'CASH' | 'EXPOSURE',
      cash: textFromRow(row.cash),
      exposure: textFromRow(row.exposure),
      openRisk: textFromRow(row.openRisk),
    })),
    positions: account.positions.map((row) => ({
      strategyId: row.strategyId,
      symbol: row.symbol,
      quantity: textFromRow(row.quantity),
    })),
    tradesToday: account._count.decisions,
    ordersLastMinute: account._count.orders,
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
