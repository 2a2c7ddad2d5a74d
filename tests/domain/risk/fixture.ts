/** A context in which everything is in order: a long of AAPL at noon, which is approved for 104 shares. */
import type { TradingHours } from '../../../domain/hours.js';
import type { PlanContext, SignalTerms } from '../../../domain/risk/context.js';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';

/** Monday 2026-04-06, 12:00 in New York. */
export const NOON_MS = Date.UTC(2026, 3, 6, 16, 0);
/** Regular hours of some days of April 2026 in New York: `{ '06': ['09:30', '16:00'] }`; null is closed. */
export function hoursOf(days: Readonly<Record<string, [string, string] | null>>): TradingHours {
  const at = (day: string, time: string) => Date.parse(`2026-04-${day}T${time}:00-04:00`);
  const names = Object.keys(days).sort();
  return {
    sessions: names.flatMap((day) => {
      const times = days[day];
      if (!times) return [];
      return [{ openMs: at(day, times[0]), closeMs: at(day, times[1]), liquid: true }];
    }),
    fromMs: at(names[0]!, '00:00'),
    untilMs: at(names.at(-1)!, '00:00') + 86_400_000,
  };
}

const REGULAR: [string, string] = ['09:30', '16:00'];
const HOURS = hoursOf({ '05': null, '06': REGULAR, '07': REGULAR });

export const AAPL = { symbol: 'AAPL', securityType: 'STK', exchange: 'SMART', currency: 'USD' };

export const SIGNAL: SignalTerms = {
  instrument: AAPL,
  side: 'BUY',
  orderType: 'MKT',
  entryPrice: null,
  stopLoss: '185',
  stopLossPct: null,
  takeProfit: '200',
  takeProfitPct: null,
  trailingStop: null,
  quantity: null,
  riskPct: null,
  riskCategory: null,
  timeInForce: 'DAY',
  expiresAtMs: null,
  generatedAtMs: NOON_MS - 2_000,
  closeAtSessionEnd: false,
  whenClosed: null,
  onOpposite: null,
};

export const SOUND: PlanContext = {
  nowMs: NOON_MS,
  tradeId: 'trade-1',
  receivedAtMs: NOON_MS - 1_000,
  signal: SIGNAL,
  limits: DEFAULT_LIMITS,
  installation: {
    tradingEnabled: true,
    mode: 'ACTIVE',
    haltFile: false,
    readOnly: false,
    allowLive: false,
    authorizedAccounts: [],
  },
  broker: {
    ready: true,
    reason: '',
    upSinceMs: NOON_MS - 3_600_000,
    parked: null,
    reportedAccounts: ['DU1234567'],
    port: 4002,
    clockSkewMs: 120,
  },
  account: {
    brokerAccountId: 'DU1234567',
    kind: 'margin',
    baseCurrency: 'USD',
    mode: 'ACTIVE',
    pausedBy: null,
    values: {
      netLiquidation: '100000',
      settledCash: '100000',
      availableFunds: '100000',
      buyingPower: '400000',
      excessLiquidity: '100000',
      atMs: NOON_MS - 30_000,
    },
    day: { previousCloseEquity: '100500', netFlows: '0', latched: false },
  },
  strategy: { strategyId: 'momentum', mode: 'ACTIVE', pausedBy: null },
  contract: {
    kind: 'known',
    instrument: { ...AAPL, brokerContractId: 265598 },
    priceIncrement: '0.01',
    sizeIncrement: '0.0001',
    hours: HOURS,
    hoursProblem: null,
    sector: { name: 'Technology', atMs: NOON_MS - 3_600_000 },
    shortable: null,
  },
  quote: {
    bid: '189.98',
    ask: '190.00',
    bidSize: '500',
    askSize: '300',
    atMs: NOON_MS - 500,
    kind: 'live',
    halted: false,
  },
  fxRate: null,
  book: {
    reservations: [],
    positions: [],
    tradesToday: 0,
    ordersLastMinute: 0,
    quarantinedBy: null,
    hasUnknownOrder: false,
  },
};

/** Changes one part of the sound context, leaving the rest. */
export function withPart<K extends keyof PlanContext>(
  part: K,
  change: Partial<PlanContext[K]>,
  base: PlanContext = SOUND,
): PlanContext {
  return { ...base, [part]: { ...(base[part] as object), ...change } };
}

export const withSignal = (change: Partial<SignalTerms>, base: PlanContext = SOUND) =>
  withPart('signal', change, base);
