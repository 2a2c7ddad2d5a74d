/** What a trade's shares are told by is their contract, never the letters of a symbol (REC-2). Real gateway and database. */
import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createReconcileActivities,
  createReconcileLedger,
  type ReconcileDeps,
} from '../../activities/reconcile.js';
import type { BegunRun, Look, Settled, SettleInput } from '../../contract/reconcile.js';
import type { BrokerPosition } from '../../domain/broker/snapshot.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';

let live: LiveLink;
afterEach(() => live?.close(), 60_000);

const RUN_ID = '00000000-0000-4000-8000-000000000001';
const APART_MS = 10_500;

/** A whole run on the broker's own pictures, whose positions are told with that change. */
async function reconciled(change: (row: BrokerPosition) => BrokerPosition): Promise<Settled> {
  const { id: accountId } = await live.db.account.findFirstOrThrow();
  const ledger = createReconcileLedger(live.db);
  const run = await ledger.beginReconcile({ runId: RUN_ID, accountId, trigger: 'demand' });
  const picture: ReconcileDeps['picture'] = async () => {
    const snapshot = await live.link.deps.link.port.snapshot();
    return { ...snapshot, positions: snapshot.positions.map(change) };
  };
  const deps = { ...live.link.reconcile, picture };
  const { lookForReconcile, settleReconcile } = createReconcileActivities(deps);
  const first = await new MockActivityEnvironment().run<[BegunRun], Look, typeof lookForReconcile>(
    lookForReconcile,
    run,
  );
  await sleep(APART_MS);
  return new MockActivityEnvironment().run<[SettleInput], Settled, typeof settleReconcile>(
    settleReconcile,
    { ...run, first },
  );
}

const heldBy = async (tradeId: string) =>
  (await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } })).heldQuantity.toFixed();

test('[REC-2] shares are gone though an option on them is held, and not gone under another symbol', async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '300000', RECOVERY_DIFFERENCE: '1000000' });
  const gone = await live.openTrade('IBM');
  const renamed = await live.openTrade('ORCL');
  const option = { securityType: 'OPT', brokerContractId: 999, quantity: '-1', averageCost: '150' };
  const { findings } = await reconciled((row) => {
    if (row.symbol === 'IBM') return { ...row, ...option };
    // Of the renamed a hand has sold 4, and no execution tells of it.
    return row.symbol === 'ORCL' ? { ...row, symbol: 'ORCX', quantity: '6' } : row;
  });
  const told = findings.map(({ kind, books, broker }) => `${kind}: ${books} ${broker}`);
  expect(told).toEqual(expect.arrayContaining(['position_gone: 10 0', 'position_less: 10 6']));
  expect(await heldBy(gone)).toBe('0');
  expect(await heldBy(renamed)).toBe('10');
  const { legs } = await bookOf(live.db, renamed);
  expect(legs.find(({ role }) => role === 'STOP')?.status).toBe('ACCEPTED');
}, 90_000);
