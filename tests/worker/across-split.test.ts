/**
 * Splits as a live link meets them, without Temporal: whatever comes together with one, nothing at prices of
 * before is sent, and a person's word is the way out (REC-5).
 */
import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pursue } from '../../activities/protect.js';
import { createReconcileActivities, createReconcileLedger } from '../../activities/reconcile.js';
import type { App } from '../../app/app.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import type { BegunRun, Look, Settled, SettleInput } from '../../contract/reconcile.js';
import { recordGivenCommand } from '../../store/commands.js';
import { untilTrue } from '../support/workers.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';

const SCENE_MS = 150_000;
/** A repair, or a sale, takes a fraction of this. */
const WATCHED_MS = 5_000;
/** Between the two looks of a comparison. */
const LOOKS_APART_MS = 10_500;

let live: LiveLink;
afterEach(() => live?.close(), 60_000);

const open = async (env: Record<string, string> = {}) => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000', ...env });
};

const split = (ratio: number) =>
  live.gateway.control('/faults', { name: 'overnight-split', symbol: 'TSLA', ratio });

const isHeldBack = async () =>
  (await live.db.pause.count({ where: { reason: { startsWith: 'corporate action' } } })) > 0;

/** What of the trade was sent beside its bracket, and what of it was sold. */
async function sentBeside(tradeId: string) {
  const { legs } = await bookOf(live.db, tradeId);
  const exits = legs.filter(({ role }) => role !== 'ENTRY');
  return exits
    .filter(({ sequence, role, filledQuantity }) => {
      return sequence > 1 || role === 'CLOSE' || filledQuantity !== '0';
    })
    .map(({ role, quantity, filledQuantity }) => [role, quantity, filledQuantity].join(' '));
}

const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

async function reconcile(runId: string) {
  const { id: accountId } = await live.db.account.findFirstOrThrow();
  const ledger = createReconcileLedger(live.db);
  const run = await ledger.beginReconcile({ runId, accountId, trigger: 'demand' });
  const { lookForReconcile, settleReconcile } = createReconcileActivities(live.link.reconcile);
  const step = new MockActivityEnvironment();
  const first = await step.run<[BegunRun], Look, typeof lookForReconcile>(lookForReconcile, run);
  await sleep(LOOKS_APART_MS);
  const settled = await step.run<[SettleInput], Settled, typeof settleReconcile>(settleReconcile, {
    ...run,
    first,
  });
  await ledger.endReconcile({ runId, kind: 'settled', settled });
  return settled.findings;
}

async function resolve(resolution: Resolution): Promise<readonly string[]> {
  const { id: userId } = await live.db.user.findFirstOrThrow();
  const temporal = () => Promise.reject(new Error('away'));
  const app = { db: live.db, userId, actor: 'anna', temporal } as unknown as App;
  const { code, does } = await proposeResolution(app, resolution);
  await confirmResolution(app, resolution, code);
  return does;
}

const RUN_ID = '00000000-0000-4000-8000-000000000001';
const splitOf = (tradeId: string, marketPrice: string): Resolution => ({
  ...{ kind: 'split', tradeId, stopPrice: null, targetPrice: null, marketPrice },
});

test(
  '[REC-5] two trades that cost 100 and 200, and external shares at 200: it is seen all the same',
  async () => {
    await open();
    const first = await live.openTrade('TSLA');
    const second = await live.acceptTrade('TSLA', { stop_loss: '190' });
    await live.gateway.control('/prices', { TSLA: 200 });
    await sleep(1_500);
    const { instrument } = await tradeOf(first);
    await live.link.deps.market.warm(instrument as never);
    expect(await live.planAgain(second)).toMatchObject({ kind: 'approved' });
    await live.enter(second);
    await untilTrue('it is protected', async () => (await tradeOf(second)).isProtected, 20_000);
    const bought = { name: 'external-order', symbol: 'TSLA', action: 'BUY', quantity: 10 };
    await live.gateway.control('/faults', bought);
    const external = { where: { strategyId: null, quantity: { gt: 0 } } };
    const isCounted = async () => (await live.db.position.count(external)) === 1;
    await untilTrue('they are counted', isCounted, 20_000);
    await split(10);
    await untilTrue('a person is asked', isHeldBack, 20_000);
    await sleep(WATCHED_MS);
    expect([await sentBeside(first), await sentBeside(second)]).toEqual([[], []]);
  },
  SCENE_MS,
);

test(
  "[REC-5] the trade's own close comes the morning after, before a person has looked",
  async () => {
    await open();
    const id = await live.openTrade('TSLA');
    await split(10);
    await untilTrue('a person is asked', isHeldBack, 20_000);
    const cause = { kind: 'close', key: 'max-holding', actor: 'the trade', cause: 'max_holding' };
    const request = { tradeId: id, ...cause } as Parameters<typeof recordGivenCommand>[1];
    expect(
      await recordGivenCommand(live.db, request, { nowMs: Date.now(), limits: {} }),
    ).toMatchObject({
      verdict: 'accepted',
    });
    const pursuing = pursue(live.link.deps, id).catch(() => undefined);
    await sleep(WATCHED_MS);
    await pursuing;
    expect(await sentBeside(id)).toEqual([]);
    expect(await tradeOf(id)).toMatchObject({ state: 'CLOSING' });
  },
  SCENE_MS,
);

test(
  '[REC-5] lists of positions do not come for a moment: the old stop is not placed meanwhile',
  async () => {
    await open({ GUARD_INTERVAL_MS: '300000' });
    const id = await live.openTrade('TSLA');
    await live.gateway.control('/faults', {
      ...{ name: 'missing-end-marker', of: 'positions', count: 2 },
    });
    await split(10);
    await sleep(300);
    const pursuing = pursue(live.link.deps, id).catch(() => undefined);
    await untilTrue('a person is asked', isHeldBack, 60_000);
    await sleep(WATCHED_MS);
    await pursuing;
    expect(await sentBeside(id)).toEqual([]);
  },
  SCENE_MS,
);

test(
  '[TRD-3] lists of positions do not come for a moment, and there was no split: the stop is placed, nothing is sold',
  async () => {
    await open({ GUARD_INTERVAL_MS: '300000' });
    const id = await live.openTrade('TSLA');
    await live.gateway.control('/faults', {
      ...{ name: 'missing-end-marker', of: 'positions', count: 2 },
    });
    await live.gateway.control('/faults', { name: 'manual-cancel', symbol: 'TSLA' });
    const isUnarmed = async () => !(await tradeOf(id)).isProtected;
    await untilTrue('its stop is gone', isUnarmed, 10_000);
    const pursuing = pursue(live.link.deps, id).catch(() => undefined);
    await untilTrue('it is protected again', async () => (await tradeOf(id)).isProtected, 60_000);
    await pursuing;
    expect(await sentBeside(id)).toEqual(['STOP 10 0']);
  },
  SCENE_MS,
);

test(
  '[TRD-3] [REC-5] exits gone untold in the night of a split: shown, told, and carried across',
  async () => {
    await open();
    const id = await live.openTrade('TSLA');
    await live.gateway.control('/faults', {
      ...{ name: 'order-vanished', symbol: 'TSLA', role: 'stop' },
    });
    await split(10);
    await untilTrue('it is not protected', async () => !(await tradeOf(id)).isProtected, 60_000);
    const told = { where: { tradeId: id, kind: 'breach' } };
    const isTold = async () => (await live.db.notification.count(told)) > 0;
    await untilTrue('people are told', isTold, 60_000);
    await untilTrue('a person is asked', isHeldBack, 60_000);
    await reconcile(RUN_ID);
    const does = await resolve(splitOf(id, '10'));
    expect(does.join('\n')).toContain('the stop, in no list of the broker');
    await untilTrue('it is protected', async () => (await tradeOf(id)).isProtected, 60_000);
    expect(await sentBeside(id)).toEqual(['STOP 100 0']);
  },
  SCENE_MS,
);

test(
  '[REC-5] 3:2 over two fives: dealt out in whole shares, and both protected, not sold',
  async () => {
    await open();
    const five = { quantity: '5' };
    const ids = [await live.openTrade('TSLA', five), await live.openTrade('TSLA', five)];
    await split(1.5);
    await untilTrue('a person is asked', isHeldBack, 20_000);
    await reconcile(RUN_ID);
    const does = await resolve(splitOf(ids[0]!, '66.67'));
    expect(does.join('\n')).toContain('7.5, 7.5, 0 are no whole shares: dealt out as 8, 7, 0');
    const areProtected = async () => {
      const trades = await Promise.all(ids.map(tradeOf));
      return trades.every(({ isProtected }) => isProtected);
    };
    await untilTrue('both are protected', areProtected, 60_000);
    const sent = (await Promise.all(ids.map(sentBeside))).flat().sort();
    expect(sent).toEqual(['STOP 7 0', 'STOP 8 0']);
    expect(await live.db.position.count({ where: { quantity: { in: ['7.5'] } } })).toBe(0);
  },
  SCENE_MS,
);
