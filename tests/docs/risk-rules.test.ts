/** docs/risk-rules.md against the code: each code in the registry's order, a denial word for word, its settings' defaults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { z } from 'zod';
import { metaOf } from '../../config/fields.js';
import { settings } from '../../config/schema.js';
import { abilitiesOf } from '../../domain/broker/abilities.js';
import { approvalGate, shownOf } from '../../domain/risk/approval.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import type { Finding } from '../../domain/risk/finding.js';
import { oppositeStep } from '../../domain/risk/opposite.js';
import { REASONS, type ReasonCode } from '../../domain/reasons.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import {
  contract,
  limits,
  OVERTAKEN,
  position,
  quote,
  reserved,
  together,
  values,
} from '../domain/risk/changes.js';
import { hoursOf, NOON_MS, SIGNAL, SOUND, withPart, withSignal } from '../domain/risk/fixture.js';

const page = readFileSync(join(projectRoot(), 'docs/risk-rules.md'), 'utf8');
/** The part of the page that speaks of each code. */
const sections = new Map(
  [...page.matchAll(/^### `([A-Z_]+)`\n([\s\S]*?)(?=^##|$(?![\s\S]))/gm)].map(
    ([, code = '', text = '']) => [code, text],
  ),
);

const SELL = { side: 'SELL', stopLoss: '195', takeProfit: '180' } as const;
const OTHER = { tradeId: '41', side: 'SELL', state: 'OPEN', isOver: false, wantedAtMs: null };
const opposed = withPart('book', { opposites: [OTHER as never] });
const live = withPart('broker', { reportedAccounts: ['U7654321'] });
const preview = decidePlan(SOUND);
const shown = {
  ...(preview.verdict === 'approved' && preview),
  ...{ sizeTolerance: '0.05', sendByMs: NOON_MS },
};

/** What brings each denial of the page about: a long of AAPL at noon, with one thing changed. */
const CONTEXTS: Partial<Record<ReasonCode, PlanContext>> = {
  TRADING_DISABLED: withPart('installation', { tradingEnabled: false }),
  TRADING_HALTED: withPart('installation', { haltFile: true }),
  REDUCE_ONLY: withPart('account', { mode: 'REDUCING' }),
  ACCOUNT_PAUSED: withPart('account', { pausedBy: 'recovery: unexplained 40 AAPL' }),
  STRATEGY_PAUSED: withPart('strategy', {
    locks: [{ cause: '3 losses in a row', untilMs: NOON_MS + 77_400_000 }],
  }),
  SYMBOL_QUARANTINED: withPart('book', { quarantinedBy: '40 shares that nothing explains' }),
  ACCOUNT_NOT_AUTHORIZED: withPart('broker', { reportedAccounts: ['DU9999999'] }),
  LIVE_NOT_ALLOWED: withPart(
    'installation',
    { authorizedAccounts: ['U7654321'] },
    withPart('account', { brokerAccountId: 'U7654321' }, live),
  ),
  READ_ONLY: withPart('installation', { readOnly: true }),
  BROKER_UNAVAILABLE: withPart('broker', {
    ...{ ready: false, reason: "the gateway lost the broker's servers: 1100" },
  }),
  SETTINGS_INVALID: {
    ...SOUND,
    settingsProblems: ['settings of strategy momentum: there is no limit maxPositon (0.3)'],
  },
  UNKNOWN_SYMBOL: {
    ...SOUND,
    contract: { kind: 'unknown_symbol', reason: 'No security definition has been found' },
  },
  NO_STOP: withSignal({ stopLoss: null }),
  MARKET_CLOSED: contract({
    hours: hoursOf({ '06': null, '07': ['09:30', '16:00'] }),
  }),
  SYMBOL_HALTED: quote({ halted: true }),
  SIGNAL_STALE: withSignal({ generatedAtMs: NOON_MS - 91_000 }),
  SIGNAL_EXPIRED: withSignal({ expiresAtMs: NOON_MS - 1_000 }),
  SIGNAL_OVERTAKEN: OVERTAKEN,
  PREVIEW_OUTDATED: { ...SOUND, shown: shown as never },
  STOP_WRONG_SIDE: withSignal({ stopLoss: '191' }),
  TARGET_WRONG_SIDE: withSignal({ takeProfit: '189' }),
  REWARD_RISK_TOO_LOW: withSignal({ takeProfit: '194' }),
  BROKER_CANNOT: withPart('account', { abilities: abilitiesOf('snaptrade') }),
  PRICE_DEVIATION: withSignal({ entryPrice: '187' }),
  NO_QUOTE: quote({ bid: null }),
  QUOTE_DELAYED: quote({ kind: 'delayed' }),
  QUOTE_STALE: quote({ atMs: NOON_MS - 9_000 }),
  SPREAD_TOO_WIDE: quote({ bid: '187' }),
  CURRENCY_MISMATCH: contract({ instrument: { ...SIGNAL.instrument, currency: 'EUR' } }),
  OPPOSITE_POSITION: opposed,
  DUPLICATE_POSITION: reserved({ tradeId: '41', strategyId: 'momentum', symbol: 'AAPL' }),
  NETTING_CONFLICT: position(null, '-10'),
  NO_POSITION: withSignal(SELL),
  SHORT_NOT_ALLOWED: withPart(
    'account',
    { kind: 'cash' },
    limits({ allowShort: true }, withSignal(SELL)),
  ),
  POSITION_TOO_LARGE: withSignal({ quantity: '150' }),
  STRATEGY_ALLOCATION_EXCEEDED: reserved({ strategyId: 'momentum', exposure: '50000' }),
  INSUFFICIENT_FUNDS: values({ availableFunds: '0' }),
  OPEN_RISK_EXCEEDED: reserved({ openRisk: '10000' }),
  MAX_OPEN_POSITIONS: reserved(...Array.from({ length: 10 }, () => ({}))),
  MAX_TRADES_PER_DAY: withPart('book', { tradesToday: 50 }),
  DAILY_LOSS_LIMIT: withPart('account', {
    day: { previousCloseEquity: '103500', netFlows: '0', latched: false },
  }),
  SECTOR_EXPOSURE: reserved({ sector: 'Technology', exposure: '25000' }),
  CORRELATED_EXPOSURE: together('25000', '0.91'),
  ORDER_RATE: withPart('book', { ordersLastMinute: 119 }),
  DATA_UNAVAILABLE: values({ atMs: NOON_MS - 400_000 }),
  CLOCK_SKEW: withPart('broker', { clockSkewMs: -7_200 }),
  BELOW_MINIMUM_SIZE: limits({ riskPct: '0.00001' }),
};

/** Those that no check gives: a person's word, and what was done with another trade. */
function notOfChecks(code: ReasonCode): readonly Finding[] {
  if (code === 'CLOSED_OPPOSITE') {
    const step = oppositeStep(opposed, decidePlan(opposed).findings, 30_000);
    return step !== null && 'findings' in step ? step.findings : [];
  }
  const asked = { shown: shownOf(SOUND, preview, false)!, expiresAtMs: NOON_MS };
  const gate = approvalGate(SOUND, { ...asked, verdict: null }, NOON_MS);
  return gate.kind === 'closed' ? [gate.finding] : [];
}

test('[OPS-7] [RSK-1] every code has its rule on the page, in the order of the registry', () => {
  expect([...sections.keys()]).toEqual(REASONS.map(({ code }) => code));
});

test.each(REASONS.map(({ code }) => code))(
  '[OPS-7] [RSK-1] %s is denied as the page says',
  (code) => {
    const context = CONTEXTS[code];
    const findings = context ? decidePlan(context).findings : notOfChecks(code);
    const found = findings.find((finding) => finding.code === code);
    const told = `${code}: ${found?.measured}; allowed: ${found?.limit}`;
    if (process.env['PRINT']) console.log('>>' + told);
    expect(sections.get(code)).toContain(`\n    ${told}\n`);
  },
);

test('[OPS-7] a setting that the page names with a default has that one', () => {
  const named = [...page.matchAll(/`([A-Z][A-Z_]+)` \(([^)]+)\)/g)];
  expect(named.length).toBeGreaterThan(15);
  const wrong = named.filter(([, name = '', told]) => {
    const schema = (settings as Record<string, z.ZodType>)[name];
    return !schema || (metaOf(schema).defaultText || 'unset') !== told;
  });
  expect(wrong.map(([text]) => text)).toEqual([]);
});
