/** What a person has seen is news again once a comparison was without it, and never while it lasts (REC-3). Real gateway and database. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReconcileActivities, createReconcileLedger } from '../../activities/reconcile.js';
import type { BegunRun, Look, Settled, SettleInput } from '../../contract/reconcile.js';
import { liveLink, type LiveLink } from './support/live-link.js';

let live: LiveLink;
afterEach(() => live?.close(), 60_000);

const APART_MS = 10_500;

/** A whole run, as the workflow makes it. */
async function reconciled(accountId: string): Promise<Settled> {
  const ledger = createReconcileLedger(live.db);
  const runId = randomUUID();
  const run = await ledger.beginReconcile({ runId, accountId, trigger: 'demand' });
  const { lookForReconcile, settleReconcile } = createReconcileActivities(live.link.reconcile);
  const first = await new MockActivityEnvironment().run<[BegunRun], Look, typeof lookForReconcile>(
    lookForReconcile,
    run,
  );
  let settled: Settled = { ...first, findings: [], unexplained: '0.00', recovery: null };
  if (first.findings.length > 0) {
    await sleep(APART_MS);
    settled = await new MockActivityEnvironment().run<
      [SettleInput],
      Settled,
      typeof settleReconcile
    >(settleReconcile, { ...run, first });
  }
  await ledger.endReconcile({ runId, kind: 'settled', settled });
  return settled;
}

/** The books of IBM's trade say so many. */
const booked = (quantity: string) =>
  live.db.position.updateMany({ where: { symbol: 'IBM' }, data: { quantity } });

const lifted = () => live.db.pause.updateMany({ data: { liftedAt: new Date(), liftedBy: 'anna' } });

const counts = async () => {
  const kinds = ['recovery', 'quarantine', 'reconcile_books_differ'];
  const where = (kind: string) => ({ where: { kind } });
  const told = await Promise.all(kinds.map((kind) => live.db.notification.count(where(kind))));
  const noted = await live.db.tradeEvent.count({ where: { kind: 'reconciled' } });
  return { told, noted, inForce: await live.db.pause.count({ where: { liftedAt: null } }) };
};

test('[REC-3] the same numbers are told once while they last, and again after a run without them', async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '300000' });
  await live.openTrade('IBM');
  const { id: accountId } = await live.db.account.findFirstOrThrow();
  await booked('5');
  // The account's pause, the symbol's, the question about the books, and both findings in the trade.
  const once = { told: [1, 1, 1], noted: 2 };
  expect(await reconciled(accountId)).toMatchObject({ recovery: expect.any(String) });
  expect(await counts()).toEqual({ ...once, inForce: 2 });
  await lifted();
  for (const _run of [1, 2]) {
    expect(await reconciled(accountId)).toMatchObject({ recovery: null });
    expect(await counts()).toEqual({ ...once, inForce: 0 });
  }
  await booked('10');
  expect((await reconciled(accountId)).findings).toEqual([]);
  await booked('5');
  const again = await reconciled(accountId);
  expect(again).toMatchObject({ recovery: expect.any(String) });
  expect(again.findings.map(({ done }) => done).join()).toContain('quarantined');
  expect(await counts()).toEqual({ told: [2, 2, 2], noted: 4, inForce: 2 });
}, 180_000);
