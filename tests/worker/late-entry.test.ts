/** What may have changed since the plan is asked right before an entry's send: real gateway, real rows. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrokerDeps } from '../../activities/deps.js';
import { liveLink, type LiveLink } from './support/live-link.js';

const WINDOW_MS = 15_000;

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ ENTRY_SEND_WINDOW_MS: String(WINDOW_MS) });
}, 60_000);
afterAll(() => live?.close(), 60_000);

/** The newest plan of a trade becomes that old. */
async function age(tradeId: string, byMs: number): Promise<void> {
  const [plan] = await live.db.decision.findMany({
    where: { tradeId },
    orderBy: { serial: 'desc' },
    take: 1,
  });
  const decidedAt = new Date(plan!.decidedAt.getTime() - byMs);
  await live.db.decision.update({ where: { id: plan!.id }, data: { decidedAt } });
}

const writesOf = (tradeId: string) =>
  live.db.orderIncarnation.count({ where: { order: { tradeId } } });

const reservedFor = async (tradeId: string) =>
  (await live.db.reservation.findUniqueOrThrow({ where: { tradeId } })).phase;

/** Nothing was claimed, the money is free again, and the next plan decides anew. */
async function expectNotSent(tradeId: string, reason: RegExp, deps?: Partial<BrokerDeps>) {
  expect(await live.enter(tradeId, deps)).toMatchObject({
    kind: 'not_sent',
    reason: expect.stringMatching(reason),
  });
  expect(await writesOf(tradeId)).toBe(0);
  expect(await reservedFor(tradeId)).toBe('RELEASED');
}

describe('[BRK-2] an entry whose plan is older than the send window', () => {
  test('is not sent, and is sent once it was planned anew', async () => {
    const tradeId = await live.planTrade('AAPL');
    await age(tradeId, WINDOW_MS + 1_000);
    await expectNotSent(tradeId, /decided .* ago/);
    expect(await live.planAgain(tradeId)).toMatchObject({ kind: 'approved' });
    expect(await live.enter(tradeId)).toMatchObject({ kind: 'acknowledged' });
    expect(await live.db.decision.count({ where: { tradeId } })).toBe(2);
  }, 30_000);

  test('that grows too old between its claim and its write is not written', async () => {
    const tradeId = await live.planTrade('AMZN');
    let late = 0;
    const { port } = live.link.deps.link;
    const slow = Object.create(port) as typeof port;
    // The claim takes its time: the write comes after the window.
    slow.openSlot = async (request) => {
      const slot = await port.openSlot(request);
      const write: typeof slot.write = (group, guard) => {
        late = WINDOW_MS + 1_000;
        return slot.write(group, guard);
      };
      return Object.assign(Object.create(slot) as typeof slot, {
        write,
        release: () => slot.release(),
      });
    };
    const link = Object.assign(Object.create(live.link.deps.link) as BrokerDeps['link'], {
      port: slow,
    });
    const outcome = await live.enter(tradeId, { link, nowMs: () => Date.now() + late });
    expect(outcome).toMatchObject({
      kind: 'not_sent',
      reason: expect.stringMatching(/decided .* ago/),
    });
    const states = await live.db.orderIncarnation.findMany({ where: { order: { tradeId } } });
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['NOT_WRITTEN']));
  }, 30_000);
});

test('[SIG-4] an entry is not sent past its expiry, and its next plan says SIGNAL_EXPIRED', async () => {
  const expires_at = new Date(Date.now() + 60_000).toISOString();
  const tradeId = await live.planTrade('MSFT', { expires_at });
  const nowMs = () => Date.parse(expires_at);
  await live.db.decision.updateMany({ where: { tradeId }, data: { decidedAt: new Date(nowMs()) } });
  await expectNotSent(tradeId, /expired/, { nowMs });
  const { signalRowId } = await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await live.db.$executeRaw`UPDATE signals SET body = jsonb_set(body, '{expires_at}',
    to_jsonb(${new Date(Date.now() - 1).toISOString()}::text)) WHERE id = ${signalRowId}::uuid`;
  const denied = await live.planAgain(tradeId);
  expect(denied).toMatchObject({ kind: 'denied', codes: ['SIGNAL_EXPIRED'] });
  expect(denied).toMatchObject({ snapshot: { state: 'DENIED', isOver: true } });
}, 30_000);

describe('[RSK-5] since the plan', () => {
  test('its symbol was quarantined: it is not sent, and its next plan is denied', async () => {
    const tradeId = await live.planTrade('IBM');
    const { userId, accountId } = await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    const pause = { userId, accountId, symbol: 'IBM', kind: 'quarantine', reason: 'odd shares' };
    await live.db.pause.create({ data: pause });
    await expectNotSent(tradeId, /odd shares/);
    const denied = await live.planAgain(tradeId);
    expect(denied).toMatchObject({ kind: 'denied', codes: ['SYMBOL_QUARANTINED'] });
  }, 30_000);

  test('another order of its symbol became one of unknown fate: it is not sent', async () => {
    const other = await live.planTrade('KO');
    const tradeId = await live.planTrade('KO');
    const elsewhere = await live.planTrade('PEP');
    const entry = { tradeId_role_sequence: { tradeId: other, role: 'ENTRY', sequence: 1 } };
    await live.db.order.update({ where: entry, data: { status: 'UNKNOWN' } });
    await expectNotSent(tradeId, /unknown fate/);
    expect(await live.enter(elsewhere)).toMatchObject({ kind: 'acknowledged' });
  }, 30_000);
});

describe('[SIZ-7] a market entry', () => {
  const market = (change: Partial<BrokerDeps['market']>): Partial<BrokerDeps> => ({
    market: Object.assign(Object.create(live.link.deps.market) as BrokerDeps['market'], change),
  });

  test('without a quote that may be traded on is not sent', async () => {
    const none = market({ latest: () => null, look: () => Promise.reject(new Error('no quotes')) });
    await expectNotSent(await live.planTrade('WMT'), /NO_QUOTE/, none);
    const tradeId = await live.planTrade('NKE');
    const { market: known } = live.link.deps;
    const old = market({
      latest: (instrument) => ({ ...known.latest(instrument)!, atMs: Date.now() - 10_000 }),
      look: () => Promise.resolve(),
    });
    await expectNotSent(tradeId, /QUOTE_STALE/, old);
  }, 30_000);

  test('asks for its quote where the worker knows none yet, and goes', async () => {
    const tradeId = await live.planTrade('DIS');
    const { market: known } = live.link.deps;
    let asked = 0;
    const young = market({
      latest: (instrument) => (asked > 0 ? known.latest(instrument) : null),
      look: async (instrument) => {
        await known.look(instrument);
        asked += 1;
      },
    });
    expect(await live.enter(tradeId, young)).toMatchObject({ kind: 'acknowledged' });
    expect(asked).toBe(1);
  }, 30_000);

  test('[PRF-1] with a fresh quote asks the broker for nothing more', async () => {
    const tradeId = await live.planTrade('XOM');
    const look = () => Promise.reject(new Error('asked on the hot path'));
    expect(await live.enter(tradeId, market({ look }))).toMatchObject({ kind: 'acknowledged' });
  }, 30_000);

  test('is the only one: a limit of the signal says itself what it pays', async () => {
    const limit = { order_type: 'LMT', entry_price: '99' };
    const tradeId = await live.planTrade('T', limit);
    const none = market({ latest: () => null, look: () => Promise.reject(new Error('no quotes')) });
    expect(await live.enter(tradeId, none)).toMatchObject({ kind: 'acknowledged' });
  }, 30_000);
});
