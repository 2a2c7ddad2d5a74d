/** Trades that wait for the link to the broker, or end before they are planned. Real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Parked } from '../../domain/broker/parking.js';
import { parseSignal } from '../../contract/signal.js';
import { acquireLease, type Lease } from '../../store/connections.js';
import { publishHealth } from '../../store/link.js';
import { recordCommand } from '../../store/commands.js';
import type { Database } from '../../store/database.js';
import { planTrade } from '../../store/planning/plan.js';
import { withdrawEntry } from '../../store/settlement.js';
import { acceptSignal } from '../../store/signals.js';
import { loadTradeResumption } from '../../store/trade-start.js';
import { PLAN_SETTINGS, plannedTrade } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import { ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const WAIT_MS = 30_000;

const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;
let lease: Lease;

beforeAll(async () => {
  ({ db, ready } = opened());
  lease = (await acquireLease(db, ready.connectionId, 'test', 600_000))!;
}, 60_000);
beforeEach(() => link(true));

/** The link as its worker would publish it: down it reports no account. */
async function link(
  isReady: boolean,
  upSinceMs = Date.now() - 3_600_000,
  parked: Parked | null = null,
): Promise<void> {
  const detail = {
    reason: isReady ? 'ready' : 'the socket is down',
    accounts: isReady ? [ACCOUNT] : [],
    generationSinceMs: isReady ? upSinceMs : null,
  };
  const health = { ready: isReady, lastMessageAtMs: 0, clockSkewMs: 0, detail, parked };
  await publishHealth(db, lease, health);
}

let count = 0;
async function accepted(change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const signal = parseSignal({
    ...{ id: `parked-${count}`, strategy_id: `parked-${count}`, symbol: 'AAA', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', ...change },
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

function plan(tradeId: string, parkedUntilMs: number | null = null, nowMs = Date.now()) {
  const { installationId } = ready;
  const request = { tradeId, final: true, parkedUntilMs, nowMs, installationId };
  return planTrade(db, PLAN_SETTINGS, request);
}

const rowOf = (tradeId: string) => db.trade.findUniqueOrThrow({ where: { id: tradeId } });

test('[BRK-2] whose lease it is, the database says: a clock here that is ahead ends none', async () => {
  const tradeId = await accepted();
  const aheadMs = Date.now() + 3_600_000;
  const outcome = await plan(tradeId, null, aheadMs);
  expect(outcome.kind).not.toBe('parked');
  expect((await rowOf(tradeId)).failure ?? '').not.toContain('no broker worker is running');
});

describe('while the link is down', () => {
  test('[BRK-11] a trade is parked with its cause and its end, and nothing is decided', async () => {
    const tradeId = await accepted();
    await link(false);
    const nowMs = Date.now();
    const outcome = await plan(tradeId, null, nowMs);
    expect(outcome).toMatchObject({ kind: 'parked', untilMs: nowMs + WAIT_MS });
    const row = await rowOf(tradeId);
    expect(row).toMatchObject({ state: 'PARKED', decisionId: null });
    expect(row.failure).toContain('the socket is down');
    expect(row.snapshot).toMatchObject({ wait: { untilMs: nowMs + WAIT_MS, then: 'plan' } });
    expect(await db.decision.count({ where: { tradeId } })).toBe(0);
    expect(await db.reservation.count({ where: { tradeId } })).toBe(0);
  });

  test('[BRK-11] it is told once, however often it is planned', async () => {
    const tradeId = await accepted();
    await link(false);
    const first = await plan(tradeId);
    if (first.kind !== 'parked') throw new Error(first.kind);
    const again = await plan(tradeId, first.untilMs);
    expect(again).toMatchObject({ kind: 'parked', untilMs: first.untilMs });
    expect(await db.tradeEvent.count({ where: { tradeId, kind: 'parked' } })).toBe(1);
  });

  test('[BRK-11] once the link is back it is approved like any other', async () => {
    const tradeId = await accepted();
    await link(false);
    const parked = await plan(tradeId);
    await link(true, Date.now());
    const outcome = await plan(tradeId, parked.kind === 'parked' ? parked.untilMs : null);
    expect(outcome.kind).toBe('approved');
    expect(await rowOf(tradeId)).toMatchObject({
      ...{ state: 'RECEIVED', beforeEntry: 'RECEIVED', failure: null },
    });
  });

  test('[BRK-11] at its end it is denied, for the link alone', async () => {
    const tradeId = await accepted();
    await link(false);
    const nowMs = Date.now();
    await plan(tradeId, null, nowMs);
    const outcome = await plan(tradeId, nowMs + WAIT_MS, nowMs + WAIT_MS);
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['BROKER_UNAVAILABLE'] });
  });

  test('[RSK-1] what is wrong without it is denied at once', async () => {
    const tradeId = await accepted({ stop_loss_pct: undefined });
    await link(false);
    expect(await plan(tradeId)).toMatchObject({ codes: ['BROKER_UNAVAILABLE', 'NO_STOP'] });
  });
});

describe('while entries are parked', () => {
  test('[BRK-8] a trade waits for the end of that, and is approved then', async () => {
    const tradeId = await accepted();
    const untilMs = Date.now() + 600_000;
    await link(true, undefined, { reason: 'the nightly reset of the broker', untilMs });
    const parked = await plan(tradeId);
    expect(parked).toMatchObject({ kind: 'parked', untilMs: untilMs + WAIT_MS });
    expect(await rowOf(tradeId)).toMatchObject({ state: 'PARKED', decisionId: null });
    expect((await rowOf(tradeId)).failure).toContain('the nightly reset of the broker');
    await link(true);
    expect((await plan(tradeId, untilMs + WAIT_MS)).kind).toBe('approved');
  });

  test('[BRK-8] what a worker said that is gone holds nothing back, unless its time has not come', async () => {
    await link(true, undefined, { reason: 'books and broker differ', untilMs: Date.now() - 1 });
    expect((await plan(await accepted())).kind).toBe('approved');
  });
});

describe('while the market is closed', () => {
  const DAY_MS = 86_400_000;
  const opensMs = Math.floor(Date.now() / 60_000) * 60_000 + 3_600_000;
  const receivedAtMs = Date.now();
  const queue = { when_closed: 'queue' };

  /** The one session that the broker tells of. */
  async function hours(openMs: number, closeMs: number): Promise<void> {
    const contract = await db.contract.findFirstOrThrow({ where: { symbol: 'AAA' } });
    const sessions = [{ openMs, closeMs, liquid: true }];
    const told = { sessions, fromMs: Date.now() - DAY_MS, untilMs: Date.now() + 3 * DAY_MS };
    const body = { ...(contract.body as object), hours: told };
    await db.contract.update({ where: { id: contract.id }, data: { body: body as never } });
  }
  beforeEach(() => hours(opensMs, opensMs + DAY_MS));
  afterAll(() => hours(receivedAtMs - DAY_MS, receivedAtMs + DAY_MS));

  test('[SIG-5] a trade that may be queued waits for the open; nothing is decided or reserved', async () => {
    const tradeId = await accepted(queue);
    const outcome = await plan(tradeId);
    expect(outcome).toMatchObject({ kind: 'parked', opensMs, untilMs: opensMs });
    const row = await rowOf(tradeId);
    expect(row).toMatchObject({ state: 'AWAITING_OPEN', beforeEntry: 'AWAITING_OPEN' });
    expect(row.failure).toBe(`queued until ${new Date(opensMs).toISOString()}: the next open`);
    expect(row.snapshot).toMatchObject({ wait: { untilMs: opensMs, then: 'plan' } });
    expect(await db.decision.count({ where: { tradeId } })).toBe(0);
    expect(await db.reservation.count({ where: { tradeId } })).toBe(0);
    await plan(tradeId);
    expect(await db.tradeEvent.count({ where: { tradeId, kind: 'queued' } })).toBe(1);
  });

  test('[SIG-5] it is denied without that, by the signal or its strategy', async () => {
    expect(await plan(await accepted())).toMatchObject({ codes: ['MARKET_CLOSED'] });
    const tradeId = await accepted();
    const { strategyId } = await rowOf(tradeId);
    const settings = { whenClosed: 'queue' };
    await db.strategy.update({ where: { id: strategyId }, data: { settings } });
    expect(await plan(tradeId)).toMatchObject({ kind: 'parked', opensMs });
  });

  test('[SIG-5] a closure that nobody foresaw is told, and waited for anew', async () => {
    const tradeId = await accepted(queue);
    await plan(tradeId);
    await hours(opensMs + DAY_MS, opensMs + 2 * DAY_MS);
    expect(await plan(tradeId)).toMatchObject({ opensMs: opensMs + DAY_MS });
    expect(await db.tradeEvent.count({ where: { tradeId, kind: 'queued' } })).toBe(2);
  });

  test('[SIG-5] at the open it is planned like any other, its quotes waited for', async () => {
    const tradeId = await accepted(queue);
    await plan(tradeId);
    // Its receipt lies an hour before the open that is now.
    const { signalRowId } = await rowOf(tradeId);
    const receivedAt = new Date(Date.now() - 3_600_000);
    await db.signal.update({ where: { id: signalRowId }, data: { receivedAt } });
    const openMs = Date.now() - 1_000;
    await hours(openMs, openMs + DAY_MS);
    const quotes = await db.quote.findMany();
    await db.quote.deleteMany();
    expect(await plan(tradeId)).toMatchObject({ kind: 'parked', untilMs: openMs + 60_000 });
    expect(await rowOf(tradeId)).toMatchObject({ state: 'PARKED' });
    await db.quote.createMany({ data: quotes });
    expect((await plan(tradeId)).kind).toBe('approved');
  });

  test('[SIG-5] days that are over deny nobody who waited through them: it looks again', async () => {
    const tradeId = await accepted(queue);
    await plan(tradeId);
    const nowMs = Date.now() + 4 * DAY_MS;
    const opensAgainMs = nowMs + 600_000;
    const outcome = await plan(tradeId, null, nowMs);
    expect(outcome).toMatchObject({ kind: 'parked', opensMs: opensAgainMs });
    expect(await rowOf(tradeId)).toMatchObject({ state: 'AWAITING_OPEN', decisionId: null });
  });

  test('[SIG-5] more than may be sent in a minute wait for the next one', async () => {
    const tradeId = await accepted(queue);
    await plan(tradeId);
    const { signalRowId } = await rowOf(tradeId);
    const receivedAt = new Date(Date.now() - 3_600_000);
    await db.signal.update({ where: { id: signalRowId }, data: { receivedAt } });
    const nowMs = Date.now();
    await hours(nowMs - 1_000, nowMs + DAY_MS);
    const limits = { ...PLAN_SETTINGS.limits, maxOrdersPerMinute: 0 };
    const request = { tradeId, final: true, nowMs, installationId: ready.installationId };
    const outcome = await planTrade(db, { ...PLAN_SETTINGS, limits }, request);
    expect(outcome).toMatchObject({ opensMs: nowMs + 61_000, untilMs: nowMs - 1_000 + 900_000 });
    expect(await rowOf(tradeId)).toMatchObject({ state: 'PARKED' });
    expect((await plan(tradeId)).kind).toBe('approved');
  });

  test('[SIG-5] cancelled while it waits it ends, unplanned', async () => {
    const tradeId = await accepted(queue);
    await plan(tradeId);
    const command = { key: 'early', actor: 'test', cause: 'manual' };
    await recordCommand(
      db,
      { tradeId, kind: 'cancel_entry', ...command },
      { nowMs: Date.now(), limits: {} },
    );
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', snapshot: { state: 'CANCELLED' } });
  });
});

describe('a trade that nobody wants any more', () => {
  test('[TRD-5] is not planned: it ends cancelled', async () => {
    const tradeId = await accepted();
    const command = { key: 'early', actor: 'test', cause: 'manual' };
    const cancel = { tradeId, kind: 'cancel_entry' as const, ...command };
    const answer = await recordCommand(db, cancel, { nowMs: Date.now(), limits: {} });
    expect(answer).toMatchObject({ verdict: 'accepted', snapshot: { cancelRequested: true } });
    const outcome = await plan(tradeId);
    expect(outcome).toMatchObject({ kind: 'denied', codes: [], snapshot: { state: 'CANCELLED' } });
    expect(await db.decision.count({ where: { tradeId } })).toBe(0);
  });

  test('[TRD-5] a close before anything is held is answered, and changes nothing', async () => {
    const tradeId = await accepted();
    const command = { key: 'early', actor: 'test', cause: 'manual' };
    const answer = await recordCommand(
      db,
      { tradeId, kind: 'close', ...command },
      { nowMs: Date.now(), limits: {} },
    );
    expect(answer).toMatchObject({ verdict: 'refused', snapshot: { state: 'RECEIVED' } });
    expect((await plan(tradeId)).kind).toBe('approved');
  });
});

describe('a trade that the broker has', () => {
  test('[TRD-1] is not planned beside itself: its last plan is what stands', async () => {
    const tradeId = await plannedTrade(db, ready);
    const { id: decisionId } = await db.decision.findFirstOrThrow({ where: { tradeId } });
    await withdrawEntry(db, tradeId, Date.now());
    // A worker that had been frozen sent it after all, and it filled.
    await db.order.updateMany({ where: { tradeId }, data: { intent: 'SENT' } });
    expect(await plan(tradeId)).toMatchObject({ kind: 'approved', decisionId });
    expect(await db.decision.count({ where: { tradeId } })).toBe(1);
  });
});

describe('a story that is taken up again', () => {
  test("[TRD-6] knows its session's end", async () => {
    const tradeId = await plannedTrade(db, ready, { close_at_session_end: true });
    const { snapshot } = await rowOf(tradeId);
    const { input } = await loadTradeResumption(db, tradeId, snapshot as never);
    const decision = await db.decision.findFirstOrThrow({ where: { tradeId } });
    const { closeByMs } = decision.plan as { closeByMs: number };
    expect(closeByMs).toBeGreaterThan(Date.now());
    expect(input.resumed).toMatchObject({ closeByMs });
  });
});
