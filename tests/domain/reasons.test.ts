/** The registry of denial codes, and the page made from it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { REASONS, reasonOrder } from '../../domain/reasons.js';
import { reasonCodesPage } from '../../domain/reasons-page.js';
import { sourcesIn } from '../architecture/sources.js';

const PAGE = join(process.cwd(), 'docs/reference/reason-codes.md');

/** RSK-1, TRD-7, SIZ-7 and SIZ-8 name these; SIG-3 needs NOT_APPROVED, PRV-2 PREVIEW_OUTDATED, settings that a
 * hand writes SETTINGS_INVALID, alerts in another order SIGNAL_OVERTAKEN, BRK-9 BROKER_CANNOT. There are no others. */
const NAMED =
  `TRADING_DISABLED TRADING_HALTED REDUCE_ONLY ACCOUNT_PAUSED STRATEGY_PAUSED SYMBOL_QUARANTINED
  ACCOUNT_NOT_AUTHORIZED LIVE_NOT_ALLOWED READ_ONLY BROKER_UNAVAILABLE SETTINGS_INVALID UNKNOWN_SYMBOL NO_STOP MARKET_CLOSED
  SYMBOL_HALTED SIGNAL_STALE SIGNAL_EXPIRED SIGNAL_OVERTAKEN NOT_APPROVED PREVIEW_OUTDATED STOP_WRONG_SIDE TARGET_WRONG_SIDE REWARD_RISK_TOO_LOW BROKER_CANNOT PRICE_DEVIATION
  NO_QUOTE QUOTE_DELAYED QUOTE_STALE SPREAD_TOO_WIDE CURRENCY_MISMATCH OPPOSITE_POSITION CLOSED_OPPOSITE
  DUPLICATE_POSITION NETTING_CONFLICT
  NO_POSITION SHORT_NOT_ALLOWED POSITION_TOO_LARGE STRATEGY_ALLOCATION_EXCEEDED INSUFFICIENT_FUNDS
  OPEN_RISK_EXCEEDED MAX_OPEN_POSITIONS MAX_TRADES_PER_DAY DAILY_LOSS_LIMIT SECTOR_EXPOSURE CORRELATED_EXPOSURE
  ORDER_RATE DATA_UNAVAILABLE CLOCK_SKEW BELOW_MINIMUM_SIZE`.split(/\s+/);

test('[RSK-1] the set of codes is closed, each once', () => {
  expect(REASONS.map(({ code }) => code)).toStrictEqual(NAMED);
});

test('[RSK-1] each code has its place and a sentence', () => {
  REASONS.forEach(({ code, sentence }, index) => {
    expect(reasonOrder(code)).toBe(index);
    expect(sentence).toMatch(/^[A-Z].{15,}\.$/);
  });
});

test('[RSK-1] each code is given by some check, and those that are not say so', () => {
  const sources = sourcesIn(['domain', 'store', 'activities'])
    .filter(({ path }) => path !== 'domain/reasons.ts')
    .map(({ text }) => text);
  const isGiven = (code: string) => sources.some((text) => text.includes(`'${code}'`));
  const reserved = REASONS.filter((reason) => 'isReserved' in reason).map(({ code }) => code);
  expect(REASONS.map(({ code }) => code).filter((code) => !isGiven(code))).toStrictEqual(reserved);
});

test('[RSK-1] the reference page shows exactly the registry', () => {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '(missing)';
  // Out of date: run `node scripts/write-reference.mjs`.
  expect(page).toBe(reasonCodesPage());
});
