/** The broker's side of a reconciliation on a real gateway and database: what is done, and what never is (REC-2). */
import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createReconcileActivities,
  createReconcileLedger,
  type ReconcileDeps,
} from '../../activities/reconcile.js';
import type { BegunRun, Look, Settled, SettleInput } from '../../contract/reconcile.js';
import { quarantineSymbol } from '../../store/quarantine.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';

let live: LiveLink | undefined;
afterEach(async () => {
  await live?.close();
  live = undefined;
}, 60_000);

const RUN_ID = '00000000-0000-4000-8000-000000000001';
/** Between the two looks of a run. */
const APART_MS = 10_500;

async function begin({ db }: LiveLink): Promise<BegunRun> {
  const { id: accountId } = await db.account.findFirstOrThrow();
  return createReconcileLedger(db).beginReconcile({ runId: RUN_ID, accountId, trigger: 'demand' });
}

function look({ link }: LiveLink, run: BegunRun): Promise<Look> {
  const { lookForReconcile } = createReconcileActivities(link.reconcile);
  return new MockActivityEnvironment().run<[BegunRun], Look, typeof lookForReconcile>(
    lookForReconcile,
    run,
  );
}

function settle(
  { link }: LiveLink,
  input: SettleInput,
  deps: Partial<ReconcileDeps> = {},
): Promise<Settled> {
  const { settleReconcile } = createReconcileActivities({ ...link.reconcile, ...deps });
  return new MockActivityEnvironment().run<[SettleInput], Settled, typeof settleReconcile>(
    settleReconcile,
    input,
  );
}

test('[REC-2] a position that is gone without an execution is booked as closed, its exits go, others stay', async () => {
  live = await liveLink({ RECOVERY_DIFFERENCE: '100000' });
  const gone = await live.openTrade('IBM');
  const others = [await live.openTrade('ORCL'), await live.openTrade('MSFT')];
  await live.gateway.control('/faults', { name: 'manual-close', symbol: 'IBM' });
  await live.gateway.control('/faults', { name: 'midnight-execution-loss' });
  const run = await begin(live);
  const first = await look(live, run);
  expect(first.findings.map(({ kind, difference }) => [kind, difference])).toEqual(
    expect.arrayContaining([['position_gone', '-10']]),
  );
  await sleep(APART_MS);
  const { findings, recovery, unexplained } = await settle(live, { ...run, first });
  expect({ recovery, unexplained }).toEqual({ recovery: null, unexplained: '1000.00' });
  expect(findings.find(({ kind }) => kind === 'position_gone')?.done).toContain('booked');
  const trade = await live.db.trade.findUniqueOrThrow({ where: { id: gone } });
  expect(trade.heldQuantity.toFixed()).toBe('0');
  const told = await live.db.tradeEvent.findMany({ where: { tradeId: gone, kind: 'reconciled' } });
  expect(told.map(({ summary }) => summary)).toEqual([
    expect.stringContaining('IBM: the broker holds 0, the books say 10 of trades'),
  ]);
  for (const tradeId of others) {
    const { legs } = await bookOf(live.db, tradeId);
    expect(legs.find(({ role }) => role === 'STOP')?.status).toBe('ACCEPTED');
  }
}, 90_000);

test('[REC-2] [TRD-3] a position that a hand turned round without an execution is none of the trade any more', async () => {
  live = await liveLink({ RECOVERY_DIFFERENCE: '100000' });
  const turned = await live.openTrade('IBM');
  const other = await live.openTrade('ORCL');
  const sell = { name: 'external-order', symbol: 'IBM', action: 'SELL', quantity: 16 };
  await live.gateway.control('/faults', sell);
  await live.gateway.control('/faults', { name: 'midnight-execution-loss' });
  const run = await begin(live);
  const first = await look(live, run);
  expect(first.findings.map(({ kind, difference }) => [kind, difference])).toEqual(
    expect.arrayContaining([['position_gone', '-16']]),
  );
  await sleep(APART_MS);
  const { findings } = await settle(live, { ...run, first });
  expect(findings.find(({ kind }) => kind === 'position_gone')?.done).toContain('booked');
  const trade = await live.db.trade.findUniqueOrThrow({ where: { id: turned } });
  expect(trade.heldQuantity.toFixed()).toBe('0');
  const { legs } = await bookOf(live.db, other);
  expect(legs.find(({ role }) => role === 'STOP')?.status).toBe('ACCEPTED');
  expect(await live.db.pause.count({ where: { kind: 'quarantine', symbol: 'IBM' } })).toBe(1);
}, 90_000);

test('[REC-3] while facts wait that can not be booked, nothing is concluded of a difference', async () => {
  live = await liveLink();
  await live.openTrade('IBM');
  await live.db.position.updateMany({ where: { symbol: 'IBM' }, data: { quantity: '5' } });
  const run = await begin(live);
  const first = await look(live, run);
  const stuck = await settle(live, { ...run, first }, { hasStuck: () => true });
  expect(stuck).toMatchObject({ recovery: null });
  expect(stuck.findings.map(({ done }) => done).join()).toContain('could not be booked yet');
  expect(await live.db.pause.count()).toBe(0);
  expect(await settle(live, { ...run, first })).toMatchObject({
    recovery: '500.00 of positions are unexplained, more than 100',
  });
  expect(await live.db.pause.count({ where: { kind: 'recovery' } })).toBe(1);
}, 60_000);

test('[TRD-13] what is found in a symbol that is quarantined already is told too, once for its numbers', async () => {
  live = await liveLink({ RECOVERY_DIFFERENCE: '100000' });
  const tradeId = await live.openTrade('IBM');
  await quarantineSymbol(live.db, { tradeId, reason: 'an order nobody remembers' });
  await live.db.position.updateMany({ where: { symbol: 'IBM' }, data: { quantity: '5' } });
  const run = await begin(live);
  const first = await look(live, run);
  for (let n = 0; n < 2; n += 1) await settle(live, { ...run, first });
  const [pause, ...others] = await live.db.pause.findMany({ where: { kind: 'quarantine' } });
  expect(others).toEqual([]);
  expect(pause!.causes).toMatchObject([
    { n: 1, reason: 'an order nobody remembers' },
    { n: 2, reason: expect.stringContaining('IBM: the broker holds 10, the books say 5') },
  ]);
  expect(pause!.evidence).toHaveLength(1);
  expect(await live.db.notification.count({ where: { kind: 'quarantine' } })).toBe(2);
}, 60_000);

test('[REC-4] a run is written once, whoever repeats it, with what was found and done', async () => {
  live = await liveLink();
  await live.openTrade('IBM');
  const { db } = live;
  const ledger = createReconcileLedger(db);
  const run = await begin(live);
  expect(await begin(live)).toEqual(run);
  const seen = await look(live, run);
  expect(seen).toMatchObject({ findings: [], compared: { trades: 1, ownOrders: 1 } });
  const settled = { ...seen, findings: [], unexplained: '0.00', recovery: null };
  const input = { runId: run.runId, kind: 'settled', settled } as const;
  const ended = await ledger.endReconcile(input);
  expect(ended).toMatchObject({ outcome: 'clean', findings: 0 });
  expect(await ledger.endReconcile(input)).toEqual(ended);
  expect(await db.reconciliation.findMany()).toMatchObject([{ cause: 'demand', outcome: 'clean' }]);
}, 60_000);

test('[RSK-2] a reservation that leaked is let go, and the report says what it kept', async () => {
  live = await liveLink();
  const tradeId = await live.openTrade('IBM');
  const of = { where: { tradeId } };
  await live.db.reservation.update({
    ...of,
    data: { phase: 'CASH', filledAt: null, restingCash: '500' },
  });
  const run = await begin(live);
  const first = await look(live, run);
  expect(first.findings).toMatchObject([{ kind: 'reservation_leaked', tradeIds: [tradeId] }]);
  const { findings } = await settle(live, { ...run, first });
  expect(findings).toMatchObject([
    { step: 'mend_reservation', done: 'it keeps what its book asks for now' },
  ]);
  expect((await live.db.reservation.findUniqueOrThrow(of)).restingCash.toFixed()).toBe('0');
  expect((await look(live, run)).findings).toEqual([]);
}, 60_000);
