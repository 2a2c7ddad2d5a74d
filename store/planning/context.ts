/** Everything a plan is decided from, made of the rows that were read under the lock (RSK-2). */
import type { Signal } from '../../contract/signal.js';
import { readLimits } from '../../contract/stored-limits.js';
import type {
  AccountState,
  BookState,
  BrokerState,
  ContractState,
  FxRate,
  InstallationState,
  PlanContext,
  SignalTerms,
  StrategyState,
} from '../../domain/risk/context.js';
import { abilitiesOf } from '../../domain/broker/abilities.js';
import { approvedTerms } from '../../domain/risk/approval.js';
import { onItsOwn } from '../../domain/risk/as-shown.js';
import { sectorOf } from '../../domain/risk/check-sector.js';
import { currencyOf, usableFxRate } from '../../domain/risk/funds.js';
import { resolveLimits, type RiskLimits } from '../../domain/risk/limits.js';
import { overtakersOf, type Overtaker } from '../../domain/risk/overtaken.js';
import type { EpochMs, Instrument, Quote } from '../../domain/vocabulary.js';
import { dayResultOf } from '../day-facts.js';
import type { AccountFacts, ConnectionFacts, PauseFacts, PlanRows } from './read.js';

/** What a plan takes from the process's settings rather than from the database. */
export interface PlanSettings {
  readonly limits: Partial<RiskLimits>;
  readonly defaultOrderType: 'MKT' | 'LMT';
  /** How long a trade may wait for the link to the broker (BRK-11). */
  readonly outageWaitMs: number;
  readonly switches: () => Omit<InstallationState, 'mode'>;
}

export interface LoadedContext {
  readonly context: PlanContext;
  readonly missing: readonly string[];
}

/** A contract that the broker did not know is asked for again after this: it may have been listed. */
const UNKNOWN_CONTRACT_MAX_AGE_MS = 60_000;

/**
 * Makes the context of the rows; that of an executed preview is on its own, for every step that follows (PRV-2).
 * `missing` names what the broker worker must fetch first.
 */
export function contextOf(rows: PlanRows, settings: PlanSettings, nowMs: number): LoadedContext {
  const { trade, account, strategy, pauses } = rows;
  const signal = rows.signal.body;
  const ofAccount = readLimits(account.settings, `account ${account.brokerAccountId}`);
  const ofStrategy = readLimits(strategy.settings, `strategy ${strategy.name}`);
  const limits = resolveLimits(settings.limits, ofAccount.limits, ofStrategy.limits);
  const settingsProblems = [...ofAccount.problems, ...ofStrategy.problems];
  const quote = quoteOf(rows);
  const approved = approvedTerms(rows.approval);
  const terms = termsOf(signal, trade.instrument, settings.defaultOrderType);
  const overtakers = overtakersIn(rows, terms, limits);
  const [overtakenBy] = overtakers;
  const context: PlanContext = {
    nowMs,
    tradeId: trade.id,
    receivedAtMs: rows.signal.receivedAtMs,
    signal: terms,
    limits,
    installation: { ...settings.switches(), mode: rows.installationMode },
    broker: brokerState(rows.connection, account, nowMs),
    account: {
      ...accountState(account, signal.account_id ?? account.brokerAccountId, pauses),
      day: dayResultOf(rows.day, nowMs),
      dailyLossPct: resolveLimits(settings.limits, ofAccount.limits).dailyLossPct,
    },
    strategy: {
      ...{ strategyId: strategy.id, strategyName: strategy.name, mode: strategy.mode },
      ...strategyPauses(pauses, trade),
    },
    contract: contractState(rows),
    quote,
    fxRate: null,
    book: bookState(rows, overtakers),
    ...(overtakenBy && { overtakenBy }),
    ...(approved && { approved }),
    ...(settingsProblems.length > 0 && { settingsProblems }),
    ...(rows.shown && { shown: rows.shown }),
  };
  const converted = { ...context, fxRate: fxRateOf(account, currencyOf(context)) };
  const own = rows.shown === null ? converted : onItsOwn(converted);
  return { context: own, missing: missingMarket(own, rows, quote) };
}

/** What the account's ledger says a currency is worth; null for its own, and for one that the ledger lacks. */
export function fxRateOf(
  { baseCurrency, exchangeRates, valuesAtMs: atMs }: AccountFacts,
  currency: string,
): FxRate | null {
  const rate = exchangeRates[currency];
  if (currency === baseCurrency || rate === undefined || atMs === null) return null;
  return { rate, atMs };
}

function quoteOf({ contract, quotes }: PlanRows): Quote | null {
  const id = contract?.body.instrument?.brokerContractId;
  const row = quotes.find((quote) => quote.brokerContractId === id);
  if (!row) return null;
  const { bid, ask, bidSize, askSize, atMs, halted } = row;
  return { bid, ask, bidSize, askSize, atMs, halted, kind: row.kind as Quote['kind'] };
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
    whenClosed: signal.when_closed ?? null,
    onOpposite: signal.on_opposite ?? null,
  };
}

function overtakersIn(
  { earlier }: PlanRows,
  { generatedAtMs }: SignalTerms,
  { clockSkewMaxMs }: RiskLimits,
): readonly Overtaker[] {
  const arrived = earlier.map(({ generatedAt, ...rest }) => ({
    ...rest,
    generatedAtMs: Date.parse(generatedAt),
  }));
  return overtakersOf(arrived, generatedAtMs, clockSkewMaxMs);
}

function brokerState(
  connection: ConnectionFacts,
  account: AccountFacts,
  nowMs: EpochMs,
): BrokerState {
  // A broker worker that has not renewed its lease is gone, whatever it said last; the clock goes on.
  const { health, leased, parked } = connection;
  const untilMs = parked?.untilMs ?? null;
  const holds = untilMs === null ? leased : nowMs < untilMs;
  return {
    ready: connection.ready && leased,
    reason: leased ? (health.reason ?? 'not connected yet') : 'no broker worker is running',
    upSinceMs: leased ? (health.generationSinceMs ?? null) : null,
    parked: holds ? parked : null,
    reportedAccounts: health.accounts ?? [],
    // IBKR says of no account what it is: its id, and the port, do.
    ...(account.broker !== 'ibkr' && {
      paperAccounts: account.isPaper ? [account.brokerAccountId] : [],
    }),
    port: connection.port,
    clockSkewMs: connection.clockSkewMs,
  };
}

function accountState(
  account: AccountFacts,
  requested: string,
  pauses: readonly PauseFacts[],
): Omit<AccountState, 'day'> {
  const pause = pauses.find(
    (row) => row.accountId === account.id && row.strategyId === null && row.symbol === null,
  );
  return {
    brokerAccountId: requested,
    tradesOn: account.brokerAccountId,
    kind: account.kind,
    baseCurrency: account.baseCurrency,
    mode: account.mode,
    pausedBy: pause?.reason ?? null,
    values: valuesOf(account),
    ...lacks(account),
  };
}

/** Kept with the decision where there is something that the broker can't do. */
function lacks({ broker }: AccountFacts): Pick<AccountState, 'abilities'> {
  const abilities = abilitiesOf(broker);
  const isWhole = Object.values(abilities).every((ability) => ability !== false);
  return isWhole ? {} : { abilities };
}

/** What the broker told last of the account's values; null before it did. */
export function valuesOf({ valuesAtMs: atMs, ...account }: AccountFacts): AccountState['values'] {
  const { netLiquidation, settledCash, availableFunds, buyingPower, excessLiquidity } = account;
  const amounts = { netLiquidation, settledCash, availableFunds, buyingPower, excessLiquidity };
  return atMs === null ? null : { ...amounts, atMs };
}

/** What holds back a trade's strategy, or its symbol or side in it: until it is lifted, or for a time. */
function strategyPauses(
  pauses: readonly PauseFacts[],
  trade: PlanRows['trade'],
): Pick<StrategyState, 'pausedBy' | 'locks'> {
  const own = pauses.filter((pause) => pausesStrategy(pause, trade));
  const locks = own.flatMap(({ reason: cause, endsAtMs: untilMs }) =>
    untilMs === null ? [] : [{ cause, untilMs }],
  );
  const pausedBy = own.find(({ endsAtMs }) => endsAtMs === null)?.reason ?? null;
  return locks.length === 0 ? { pausedBy } : { pausedBy, locks };
}

/** The same as `STRATEGY_PAUSED` asks right before a send (switches.ts). */
function pausesStrategy(pause: PauseFacts, trade: PlanRows['trade']): boolean {
  if (pause.strategyId !== trade.strategyId) return false;
  if (pause.symbol !== null && pause.symbol !== trade.symbol) return false;
  return pause.side === null || pause.side === trade.side;
}

function contractState({ contract }: PlanRows): ContractState {
  if (contract === null) return { kind: 'unavailable', reason: 'the broker was not asked yet' };
  if (contract.body.unknown !== undefined) {
    return { kind: 'unknown_symbol', reason: contract.body.unknown };
  }
  const { instrument, priceIncrement, sizeIncrement, hours, hoursProblem, industry } =
    contract.body;
  return {
    kind: 'known',
    instrument,
    priceIncrement,
    sizeIncrement,
    hours: hours ?? null,
    hoursProblem: hoursProblem ?? null,
    sector: industry === undefined ? null : { name: industry, atMs: contract.fetchedAtMs },
    shortable: null,
  };
}

function bookState(rows: PlanRows, overtakers: readonly Overtaker[]): BookState {
  const { reservations, positions, tradesToday, ordersLastMinute, trade, pauses, opposites } = rows;
  const madeLater = new Set(overtakers.map(({ tradeId }) => tradeId));
  const quarantine = pauses.find((row) => row.symbol === trade.symbol && row.strategyId === null);
  return {
    reservations,
    positions,
    tradesToday,
    ordersLastMinute,
    // What was made later is not ended by this one, however late it comes.
    opposites: opposites.filter(({ tradeId }) => !madeLater.has(tradeId)),
    quarantinedBy: quarantine?.reason ?? null,
    hasUnknownOrder: rows.hasUnknownOrder,
  };
}

/** What a fetch by the broker worker could mend; nothing when there is no ready broker to ask. */
function missingMarket(context: PlanContext, rows: PlanRows, quote: Quote | null): string[] {
  if (!context.broker.ready) return [];
  const { nowMs, limits } = context;
  const { contract } = rows;
  const missing: string[] = [];
  const unknown = contract?.body.unknown !== undefined;
  const unknownIsOld = unknown && nowMs - contract.fetchedAtMs > UNKNOWN_CONTRACT_MAX_AGE_MS;
  const isOldForm = contract !== null && !unknown && contract.body.hours === undefined;
  const sectorIsOld = limits.maxSectorExposurePct !== null && sectorOf(context) === null;
  if (contract === null || unknownIsOld || isOldForm || (!unknown && sectorIsOld))
    missing.push('contract');
  const quoteIsOld = quote === null || nowMs - quote.atMs > limits.quoteMaxAgeMs;
  if (!unknown && quoteIsOld) missing.push('quote');
  const { valuesAtMs } = rows.account;
  const valuesAreOld = valuesAtMs === null || nowMs - valuesAtMs > limits.accountValuesMaxAgeMs;
  if (valuesAreOld || usableFxRate(context) === null) {
    missing.push('account');
  }
  return missing;
}
