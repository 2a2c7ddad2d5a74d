/** A switch that is thrown between an entry's claim and its write: real gateway, real rows. */
import { performance } from 'node:perf_hooks';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SwitchWatch } from '../../activities/switch-watch.js';
import { SWITCHES_MAX_AGE_MS } from '../../domain/risk/modes.js';
import { arm } from '../../failpoints/arm.js';
import type { StoredSwitches } from '../../store/switches.js';
import { useLinkWithPoints } from './support/link-with-points.js';
import type { LiveLink } from './support/live-link.js';

const CLAIMED = 'enter.claim.commit.after';
/** Longer than the switches are read again by, and shorter than a turn to write lasts. */
const HOLD_S = 0.7;
const HALT_AFTER_MS = 100;

const opened = useLinkWithPoints();
let live: LiveLink;
let points: string;
beforeAll(() => {
  ({ live, points } = opened());
});

const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));
const isClaimed = async (tradeId: string) =>
  (await live.db.orderIncarnation.count({ where: { order: { tradeId }, state: 'CLAIMED' } })) > 0;

/** On a machine that is busy the turn to write ends before the delay does: that tells nothing of switches. */
const TOO_SLOW = /turn to write was not used/;
const TRIES_MAX = 5;

/** Enters a trade, and throws the switch once its write is claimed; again with another one where it came too late. */
async function enterDuring(symbol: string, thrown: () => Promise<unknown>) {
  for (let tries = 1; ; tries += 1) {
    const entered = await enterOnce(symbol, thrown);
    const { outcome } = entered;
    const isTooSlow = outcome.kind === 'not_sent' && TOO_SLOW.test(outcome.reason);
    if (!isTooSlow || tries === TRIES_MAX) return entered;
    await everySwitchBack();
  }
}

async function enterOnce(symbol: string, thrown: () => Promise<unknown>) {
  const tradeId = await live.planTrade(symbol);
  arm(points, CLAIMED, { action: 'delay', seconds: HOLD_S, match: { tradeId } });
  const entered = live.enter(tradeId);
  while (!(await isClaimed(tradeId))) await pause(5);
  await pause(HALT_AFTER_MS);
  await thrown();
  return { tradeId, outcome: await entered };
}

const everyMode = (mode: string) => live.db.account.updateMany({ data: { mode } });

async function everySwitchBack(): Promise<void> {
  await everyMode('ACTIVE');
  await live.db.$executeRaw`UPDATE pauses SET lifted_at = now()`;
}
afterEach(everySwitchBack);

describe('[RSK-5] an entry that was claimed before', () => {
  test.each<[string, string, RegExp, () => Promise<unknown>]>([
    ['a halt', 'AAPL', /HALTED/, () => everyMode('HALTED')],
    ['a reduction', 'AMZN', /REDUCING/, () => everyMode('REDUCING')],
    [
      'a pause',
      'MSFT',
      /ACCOUNT_PAUSE/,
      () =>
        live.db.$executeRaw`INSERT INTO pauses (id, user_id, account_id, kind, reason)
          SELECT gen_random_uuid(), user_id, id, 'manual', 'a test' FROM accounts`,
    ],
  ])(
    '%s, and would be written after it, is not written',
    async (_what, symbol, why, thrown) => {
      const { tradeId, outcome } = await enterDuring(symbol, thrown);
      expect(outcome).toMatchObject({ kind: 'not_sent', reason: expect.stringMatching(why) });
      const writes = await live.db.orderIncarnation.findMany({ where: { order: { tradeId } } });
      expect(new Set(writes.map(({ state }) => state))).toEqual(new Set(['NOT_WRITTEN']));
    },
    30_000,
  );

  test('with no switch thrown it is written, however long its claim took', async () => {
    const { outcome } = await enterDuring('IBM', async () => undefined);
    expect(outcome).toMatchObject({ kind: 'acknowledged' });
  }, 30_000);
});

test('[RSK-5] switches that were read too long ago let nothing go', () => {
  const active: StoredSwitches = {
    installationMode: 'ACTIVE',
    accountMode: 'ACTIVE',
    strategyMode: 'ACTIVE',
    accountPaused: false,
    strategyPaused: false,
    dailyLossReached: false,
  };
  const watch = new SwitchWatch(() => Promise.reject(new Error('away')));
  expect(() => watch.current()).toThrow(/modes and pauses/);
  watch.note(active, performance.now());
  expect(watch.current()).toEqual(active);
  const old = new SwitchWatch(() => Promise.reject(new Error('away')));
  old.note(active, performance.now() - SWITCHES_MAX_AGE_MS - 1);
  expect(() => old.current()).toThrow(/planned again/);
});
