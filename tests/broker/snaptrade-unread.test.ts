/** What of SnapTrade's answers can't be read or can't be had yet proves nothing, and sends nothing. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrokerEvent, BrokerPort, OrderToSend } from '../../broker/port.js';
import { claimsIn } from '../../broker/snaptrade/claims.js';
import { clientOrderIdOf } from '../../broker/snaptrade/encode.js';
import { Legs } from '../../broker/snaptrade/legs.js';
import { executionOf } from '../../broker/snaptrade/reports.js';
import { positionsAnswer, recentAnswer } from '../../broker/snaptrade/schemas.js';
import { DEFAULT_ACCOUNT } from '../../snaptrade-stub/options.js';
import { startStub } from '../../snaptrade-stub/stub.js';
import type { Stub } from '../../snaptrade-stub/stub.js';
import { portTo } from './support/snaptrade-world.js';

const PATIENCE_MS = 15_000;
const account = DEFAULT_ACCOUNT.id;

let stub: Stub;
const ports: BrokerPort[] = [];
let references = 0;

beforeAll(async () => {
  stub = await startStub({ requestsPerMinute: 100_000 });
});

afterEach(async () => {
  stub.faults.clear();
  for (const port of ports.splice(0)) await port.close();
});

afterAll(() => stub.stop());

async function until<T>(what: () => T | undefined | null | false): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = what();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${String(what)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A port in sync, and all that it tells. */
async function connected(more: Parameters<typeof portTo>[1] = {}) {
  const port = portTo(stub, more);
  ports.push(port);
  const seen: BrokerEvent[] = [];
  port.onEvent((event) => seen.push(event));
  port.open();
  await until(() => port.state().brokerServers);
  for (;;) {
    const { isComplete, generation } = await port.snapshot();
    if (!isComplete || generation !== port.state().generation) continue;
    port.declareSynced(generation);
    return { port, seen };
  }
}

function order(id: number, limitPrice: string): OrderToSend {
  references += 1;
  return {
    clientOrderId: `unread-${process.pid}-${references}`,
    ...{ sessionOrderId: id, account },
    instrument: { symbol: 'SPY', securityType: 'STK', exchange: 'SMART', currency: 'USD' },
    terms: {
      ...{ side: 'BUY', orderType: 'LMT', quantity: '10', limitPrice, stopPrice: null },
      ...{ trailAmount: null, trailFraction: null, timeInForce: 'DAY', goodTillMs: null },
      ...{ outsideRegularHours: false, ocaGroup: null, ocaType: null, triggerMethod: null },
    },
  };
}

async function place(port: BrokerPort, limitPrice: string, guard: () => void = () => undefined) {
  const deadlineMs = Date.now() + PATIENCE_MS;
  const slot = await port.openSlot({ messages: 1, priority: 'entry', deadlineMs });
  const sent = order(slot.nextValidId, limitPrice);
  const messages = [{ kind: 'place', order: sent }] as const;
  slot.write({ cancelsFirst: [], bracket: null, messages }, guard);
  return sent;
}

const placedAtStub = ({ clientOrderId }: OrderToSend) =>
  stub.book.orders.filter((one) => one.clientOrderId === clientOrderIdOf(clientOrderId));

describe('a throttled order', () => {
  test('[BRK-7] that was forbidden while it waited for its next turn is never sent', async () => {
    const { port, seen } = await connected({ limits: { pollMs: 60_000, idlePollMs: 60_000 } });
    stub.faults.arm('throttled', 1, 0);
    let isHalted = false;
    const sent = await place(port, '81', () => {
      if (isHalted) throw new Error('trading was halted');
    });
    isHalted = true;
    const { error } = await until(() =>
      seen.flatMap((event) => (event.kind === 'order_error' ? [event] : [])).at(0),
    );
    expect(error).toMatchObject({ clientOrderId: sent.clientOrderId, about: 'write' });
    expect(placedAtStub(sent)).toHaveLength(0);
  });
});

test('[BRK-6] what was filled since the last look is not asked for again by a replacement', async () => {
  const { port, seen } = await connected({ limits: { pollMs: 60_000, idlePollMs: 60_000 } });
  const sent = await place(port, '95');
  const isTold = (event: BrokerEvent) =>
    event.kind === 'order' && event.report.clientOrderId === sent.clientOrderId;
  await until(() => seen.some(isTold));
  const [first] = placedAtStub(sent);
  // The look that follows the write is over, and none comes for a minute.
  const at = stub.asked.findLastIndex(({ path }) => path.endsWith('/trade/place'));
  const isLook = ({ path, status }: (typeof stub.asked)[number]) =>
    path.endsWith('/recentOrders') && status === 200;
  await until(() => stub.asked.slice(at).some(isLook));
  stub.book.setPrice('SPY', '95', '4');
  stub.book.setPrice('SPY', '100');
  const deadlineMs = Date.now() + PATIENCE_MS;
  const slot = await port.openSlot({ messages: 1, priority: 'protect', deadlineMs });
  const change = { ...sent, terms: { ...sent.terms, limitPrice: '94' } };
  const messages = [{ kind: 'modify', order: change }] as const;
  slot.write({ cancelsFirst: [], bracket: null, messages }, () => undefined);
  const own = (one: { id: string; price: { toFixed(): string } | null }) =>
    one.id !== first!.id && one.price?.toFixed() === '94';
  const second = await until(() => stub.book.orders.find(own));
  expect([first!.filled.toFixed(), second.units.toFixed()]).toEqual(['4', '6']);
  stub.book.cancel(account, second.id);
});

describe('an order whose answer was lost', () => {
  test('[BRK-2] is not absent where a listed one might be it whose words are not known here', async () => {
    const { port } = await connected();
    stub.faults.arm('cut-after-order', 1, 0);
    const takeOrder = stub.book.place.bind(stub.book);
    stub.book.place = (request) => {
      stub.book.place = takeOrder;
      return Object.assign(takeOrder(request), { timeInForce: 'Good for the day' });
    };
    const { generation } = port.state();
    const sent = await place(port, '82');
    await until(() => port.state().generation > generation && port.state().brokerServers);
    const picture = await port.snapshot();
    expect(picture.isComplete).toBe(false);
    expect(picture.problem).toContain(sent.clientOrderId);
    const [taken] = placedAtStub(sent);
    stub.book.cancel(account, taken!.id);
  });
});

const LISTED = {
  ...{ brokerage_order_id: 'b1', status: 'ACCEPTED', action: 'BUY', order_type: 'Limit' },
  universal_symbol: { id: 'u1', raw_symbol: 'SPY' },
  ...{ total_quantity: '10', limit_price: '90.00', time_in_force: 'Day' },
  time_placed: '2026-01-05T15:00:01Z',
};

describe('a price of 0', () => {
  test('[SIZ-7] is none: a quote without it sells nothing, and shows no loss', async () => {
    const { port } = await connected();
    stub.book.setPrice('SPY', '0');
    const spy = { symbol: 'SPY', securityType: 'STK', exchange: 'SMART', currency: 'USD' } as const;
    const quote = await port.quoteSnapshot(spy);
    stub.book.setPrice('SPY', '100');
    expect(quote).toMatchObject({ bid: null, ask: null });
  });

  test('[BRK-3] of an execution is a price that is not told yet', () => {
    const filled = { status: 'EXECUTED', filled_quantity: '10', execution_price: '0.00' };
    const [record] = recentAnswer.parse({ orders: [{ ...LISTED, ...filled }] });
    const owner = { account, leg: undefined, sessionClientId: 7 };
    expect(executionOf(record!, owner)).toBeNull();
    expect(executionOf({ ...record!, execution_price: '90' }, owner)).toMatchObject({
      ...{ quantity: '10', price: '90' },
    });
  });
});

test('[BRK-12] a position whose size is not told is not taken for none', () => {
  const answer = (units: string | null) => ({
    results: [{ instrument: { kind: 'stock', id: 'u1', raw_symbol: 'SPY' }, units }],
    data_freshness: { as_of: '2026-01-05T15:00:00Z' },
  });
  expect(positionsAnswer.safeParse(answer('10')).success).toBe(true);
  expect(positionsAnswer.safeParse(answer(null)).success).toBe(false);
});

describe('what may be an order that was sent', () => {
  const sentAtMs = Date.parse('2026-01-05T15:00:00Z');
  const sent = order(1, '90');
  const judge = (more: object) => {
    const legs = new Legs();
    const leg = legs.sending(sent, sent.terms.quantity, sentAtMs);
    Object.assign(leg.sending!, { outcome: 'unknown', endedAtMs: sentAtMs });
    const { found, problem } = claimsIn(
      legs,
      account,
      recentAnswer.parse({ orders: [{ ...LISTED, ...more }] }),
    );
    if (found.length > 0) return 'found';
    return problem === null ? 'absent' : 'unclear';
  };

  test.each([
    ['all of it is told and agrees', {}, 'found'],
    ['its time is not told', { time_placed: null }, 'unclear'],
    ['its time can not be read', { time_placed: 'today' }, 'unclear'],
    ['its kind is the own word of a brokerage', { order_type: 'LIMIT_EXTENDED' }, 'unclear'],
    ['its time in force is not told', { time_in_force: null }, 'unclear'],
    ['its side is the own word of a brokerage', { action: 'ACQUIRE' }, 'unclear'],
    ['its limit is not told', { limit_price: null }, 'unclear'],
    ['its size is not told', { total_quantity: null }, 'unclear'],
    [
      'its words are unknown, and its size is another',
      { order_type: 'X', total_quantity: 9 },
      'absent',
    ],
    [
      'its time is not told, and it was dealt before',
      { time_placed: null, time_executed: '2026-01-05T14:00:00Z' },
      'absent',
    ],
    [
      'it was placed an hour before',
      { time_placed: '2026-01-05T14:00:00Z', order_type: 'X' },
      'absent',
    ],
    ['its symbol is not told', { universal_symbol: null }, 'unclear'],
    ['it is of another symbol', { universal_symbol: { id: 'u2', raw_symbol: 'QQQ' } }, 'absent'],
    ['it is an option', { universal_symbol: null, option_symbol: { id: 'o1' } }, 'absent'],
    ['its side is the other', { action: 'SELL', time_in_force: null }, 'absent'],
  ])('[BRK-2] %s', (_case, more, verdict) => {
    expect(judge(more)).toBe(verdict);
  });
});
