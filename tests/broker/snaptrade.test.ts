/** The SnapTrade adapter over the stub: what the conformance suite does not ask, because no other broker has it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Snaptrade, SnaptradeAuth } from 'snaptrade-typescript-sdk';
import type { BrokerEvent, BrokerPort, KnownOrder, OrderToSend } from '../../broker/port.js';
import { clientOrderIdOf } from '../../broker/snaptrade/encode.js';
import { orderStatusFrom, STATUS_TABLE } from '../../broker/snaptrade/status.js';
import { approve } from '../../domain/risk/approved.js';
import { DEFAULT_ACCOUNT, DEFAULT_CREDENTIALS } from '../../snaptrade-stub/options.js';
import { startStub } from '../../snaptrade-stub/stub.js';
import type { Stub } from '../../snaptrade-stub/stub.js';
import { portTo } from './support/snaptrade-world.js';

const PATIENCE_MS = 15_000;
const account = DEFAULT_ACCOUNT.id;
const PASS = () => undefined;

let stub: Stub;
const ports: BrokerPort[] = [];
let references = 0;

beforeAll(async () => {
  stub = await startStub({ requestsPerMinute: 100_000 });
});

afterEach(async () => {
  stub.faults.clear();
  stub.book.setPrice('SPY', '100');
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

type Seen = BrokerEvent[];

/** A port that is in sync, and all that it tells. */
async function connected(
  known: readonly KnownOrder[] = [],
  more: Parameters<typeof portTo>[1] = {},
): Promise<{ port: BrokerPort; seen: Seen }> {
  const port = portTo(stub, more);
  ports.push(port);
  const seen: Seen = [];
  port.onEvent((event) => seen.push(event));
  port.learnOrders(known);
  port.open();
  await synced(port);
  return { port, seen };
}

async function synced(port: BrokerPort): Promise<void> {
  await until(() => port.state().brokerServers);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { isComplete, generation, problem } = await port.snapshot();
    if (isComplete && generation === port.state().generation) return port.declareSynced(generation);
    if (Date.now() > deadline) throw new Error(`no whole picture came: ${problem}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function order(terms: Partial<OrderToSend['terms']>, id: number): OrderToSend {
  references += 1;
  return {
    clientOrderId: `test-${process.pid}-${references}`,
    sessionOrderId: id,
    account,
    instrument: { symbol: 'SPY', securityType: 'STK', exchange: 'SMART', currency: 'USD' },
    terms: {
      ...{ side: 'BUY', orderType: 'LMT', quantity: '10', limitPrice: '90', stopPrice: null },
      ...{ trailAmount: null, trailFraction: null, timeInForce: 'DAY', goodTillMs: null },
      ...{ outsideRegularHours: false, ocaGroup: null, ocaType: null, triggerMethod: null },
      ...terms,
    },
  };
}

async function place(port: BrokerPort, terms: Partial<OrderToSend['terms']> = {}) {
  const deadlineMs = Date.now() + PATIENCE_MS;
  const slot = await port.openSlot({ messages: 1, priority: 'entry', deadlineMs });
  const sent = order(terms, slot.nextValidId);
  const receipt = slot.write(
    { cancelsFirst: [], bracket: null, messages: [{ kind: 'place', order: sent }] },
    PASS,
  );
  return { sent, receipt };
}

function lastOf(seen: Seen, ref: string) {
  return seen
    .flatMap((event) => (event.kind === 'order' ? [event.report] : []))
    .filter(({ clientOrderId }) => clientOrderId === ref)
    .at(-1);
}

const recordPrice = (price: { toFixed(): string } | null) => price?.toFixed();

function placedAtStub({ clientOrderId }: OrderToSend) {
  const id = clientOrderIdOf(clientOrderId);
  return stub.book.orders.filter((one) => one.clientOrderId === id);
}

describe('who asks', () => {
  const ask = (credentials: Partial<typeof DEFAULT_CREDENTIALS>) => {
    const { clientId, consumerKey, userId, userSecret } = {
      ...DEFAULT_CREDENTIALS,
      ...credentials,
    };
    const auth = { clientId, consumerKey };
    const sdk = new Snaptrade({
      auth: SnaptradeAuth.commercialApiKey(auth),
      basePath: stub.basePath,
    });
    return sdk.accountInformation.listUserAccounts({ userId, userSecret });
  };

  test('[BRK-9] the official SDK is let in by its signature, and by nothing else', async () => {
    expect((await ask({})).data).toHaveLength(1);
    for (const wrong of ['clientId', 'consumerKey', 'userId', 'userSecret'] as const) {
      await expect(ask({ [wrong]: 'wrong' })).rejects.toMatchObject({ status: 401 });
    }
  });

  test('[BRK-1] refused credentials are told as a login that is needed, without any secret', async () => {
    const port = portTo(stub, { consumerKey: 'not-the-key-at-all' });
    ports.push(port);
    port.open();
    const reason = await until(
      () => /login needed/.test(port.state().reason) && port.state().reason,
    );
    expect(reason).toMatch(/401/);
    expect(reason).not.toMatch(/not-the-key-at-all|stub-user-secret/);
  });

  test('[BRK-1] why it gets nowhere is told with each attempt, and what to do: a login, or the way there', async () => {
    const nobody = { ...stub, basePath: 'http://127.0.0.1:1' };
    const refused = portTo(stub, { userSecret: 'not-the-secret' });
    for (const [port, why] of [
      [
        portTo(nobody),
        /^SnapTrade can't be reached at 127\.0\.0\.1:1: .*ECONNREFUSED.*SNAPTRADE_URL/,
      ],
      [refused, /^login needed: .*401.*SNAPTRADE_USER_SECRET/],
    ] as const) {
      ports.push(port);
      const seen: Seen = [];
      port.onEvent((event) => seen.push(event));
      port.open();
      const told = () =>
        seen.flatMap((event) => (event.kind === 'connection' ? [event.state] : []));
      await until(() => told().length >= 3);
      const [first, failed, again] = told();
      expect(first).toMatchObject({ socket: 'connecting', reason: 'connecting' });
      expect(failed).toMatchObject({ socket: 'down', ready: false });
      expect(failed!.reason).toMatch(why);
      expect(again!.reason).toBe(`connecting again: ${failed!.reason}`);
      await port.close();
      expect(port.state().reason).toBe(`closed by this system; before: ${failed!.reason}`);
      expect(JSON.stringify(seen)).not.toMatch(/not-the-secret|stub-consumer-key/);
    }
  });
});

describe('what may be traded', () => {
  test('[RSK-6] a live account needs two deliberate settings, whatever else is said', async () => {
    const live = {
      id: '0c1f6e0e-52d1-4d50-9a67-8f9a7c2f4b11',
      number: 'L1',
      isPaper: false,
      cash: '1000',
    };
    const other = await startStub({ accounts: [live] });
    const write = async (more: Parameters<typeof portTo>[1]) => {
      const port = portTo(other, more);
      port.open();
      await synced(port);
      const deadlineMs = Date.now() + PATIENCE_MS;
      const slot = await port.openSlot({ messages: 1, priority: 'entry', deadlineMs });
      const one = { ...order({ quantity: '1' }, slot.nextValidId), account: live.id };
      const bracket = approve({ entry: one, exits: [] }, { decisionId: 'd', verdict: 'approved' });
      try {
        slot.write({ cancelsFirst: [], bracket, messages: [] }, PASS);
        await until(() => other.book.orders.length > 0);
      } finally {
        await port.close();
      }
    };
    await expect(write({})).rejects.toMatchObject({ reason: 'guard' });
    await expect(write({ allowLive: true })).rejects.toMatchObject({ reason: 'guard' });
    await expect(write({ authorizedAccounts: [live.id] })).rejects.toMatchObject({
      reason: 'guard',
    });
    expect(other.book.orders).toHaveLength(0);
    await write({ allowLive: true, authorizedAccounts: [live.id] });
    expect(other.book.orders).toHaveLength(1);
    await other.stop();
  });

  test('[BRK-2] an entry that comes with its exits is refused whole: it goes alone here', async () => {
    const { port } = await connected();
    const before = stub.book.orders.length;
    const slot = await port.openSlot({
      ...{ messages: 2, priority: 'entry' },
      deadlineMs: Date.now() + PATIENCE_MS,
    });
    const entry = order({}, slot.nextValidId);
    const stop = order(
      { side: 'SELL', orderType: 'STP', limitPrice: null, stopPrice: '80' },
      slot.nextValidId + 1,
    );
    const bracket = approve({ entry, exits: [stop] }, { decisionId: 'd', verdict: 'approved' });
    const write = () => slot.write({ cancelsFirst: [], bracket, messages: [] }, PASS);
    expect(write).toThrow(expect.objectContaining({ reason: 'invalid' }));
    await port.snapshot();
    expect(stub.book.orders).toHaveLength(before);
  });
});

describe('outcomes of a write', () => {
  test('[BRK-2] a connection that was closed before the order arrived leaves it unknown, then absent', async () => {
    const { port, seen } = await connected();
    stub.faults.arm('cut-before-order', 1, 0);
    const generation = port.state().generation;
    const { sent } = await place(port);
    await until(() => port.state().generation > generation);
    await synced(port);
    const { orders, completed, isComplete } = await port.snapshot();
    expect(isComplete).toBe(true);
    expect([...orders, ...completed].some((one) => one.clientOrderId === sent.clientOrderId)).toBe(
      false,
    );
    expect(seen.some((event) => event.kind === 'order_error')).toBe(false);
    expect(placedAtStub(sent)).toHaveLength(0);
  });

  test.each([
    ['order-error', '88'],
    ['order-unanswered', '87'],
    ['cut-after-order', '86'],
  ] as const)(
    '[BRK-2] an order that was taken and answered by %s is found by what was sent, and never sent again',
    async (fault, limitPrice) => {
      const { port, seen } = await connected();
      stub.faults.arm(fault, 1, 0);
      const generation = port.state().generation;
      const { sent } = await place(port, { limitPrice });
      await until(() => port.state().generation > generation);
      await synced(port);
      const report = await until(() => lastOf(seen, sent.clientOrderId));
      expect(report).toMatchObject({ status: 'ACCEPTED', terms: { limitPrice } });
      expect(placedAtStub(sent)).toHaveLength(1);
      stub.book.cancel(account, report.brokerOrderId!);
    },
  );

  test('[BRK-2] two orders that look alike are not told apart by a guess: the picture says so', async () => {
    const { port } = await connected();
    stub.faults.arm('cut-after-order', 1, 0);
    const generation = port.state().generation;
    // Somebody else places the very same by hand, in the same moment: no look comes between them.
    const takeOrder = stub.book.place.bind(stub.book);
    const both: ReturnType<typeof takeOrder>[] = [];
    stub.book.place = (request) => {
      stub.book.place = takeOrder;
      both.push(takeOrder(request), takeOrder({ ...request, clientOrderId: null }));
      return both[0]!;
    };
    const { sent } = await place(port, { limitPrice: '77' });
    await until(() => both.length > 0);
    await until(() => port.state().generation > generation && port.state().brokerServers);
    const picture = await port.snapshot();
    expect(picture.isComplete).toBe(false);
    expect(picture.problem).toContain(sent.clientOrderId);
    for (const { id } of both) stub.book.cancel(account, id);
  });

  test('[BRK-2] an order that was listed before is never taken for one whose answer was lost', async () => {
    const theirs = order({ limitPrice: '66' }, 1);
    const { port, seen } = await connected();
    const { clientOrderId } = (await place(port, { limitPrice: '67' })).sent;
    const template = await until(() =>
      stub.book.orders.find((one) => one.clientOrderId === clientOrderIdOf(clientOrderId)),
    );
    const { accountId, ticker, action, orderType, timeInForce, units, stop } = template;
    const terms = { action, orderType, timeInForce, units, price: template.price!.sub(1), stop };
    const stranger = stub.book.place({ accountId, ticker, terms, clientOrderId: null });
    expect(recordPrice(stranger.price)).toBe(theirs.terms.limitPrice);
    await port.snapshot();
    // What is sent in the very millisecond in which a list came is not told apart by time.
    const seenAtMs = Date.now();
    await until(() => Date.now() > seenAtMs);
    stub.faults.arm('cut-before-order', 1, 0);
    const generation = port.state().generation;
    const { sent } = await place(port, { limitPrice: '66' });
    await until(() => port.state().generation > generation);
    await synced(port);
    expect(lastOf(seen, sent.clientOrderId)).toBeUndefined();
    for (const one of [template, stranger]) stub.book.cancel(account, one.id);
  });

  test('[BRK-4] a throttled order was not done: it is sent when its time has come, once', async () => {
    const { port, seen } = await connected([], { limits: { pollMs: 60_000, idlePollMs: 60_000 } });
    stub.faults.arm('throttled', 1, 0);
    const { sent } = await place(port);
    const report = await until(() => lastOf(seen, sent.clientOrderId));
    expect(report.status).toBe('ACCEPTED');
    expect(placedAtStub(sent)).toHaveLength(1);
    expect(seen.some((event) => event.kind === 'order_error')).toBe(false);
    stub.book.cancel(account, report.brokerOrderId!);
  });

  test('[BRK-2] the client order id is a UUID, the same for the same reference', () => {
    const id = clientOrderIdOf('inst-abcdef');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(clientOrderIdOf('inst-abcdef')).toBe(id);
    expect(clientOrderIdOf('inst-abcdeg')).not.toBe(id);
  });
});

describe('what the lists tell', () => {
  test('[BRK-3] a process that begins between two part fills counts no share twice', async () => {
    const first = await connected();
    const { sent } = await place(first.port, { limitPrice: '95' });
    await until(() => lastOf(first.seen, sent.clientOrderId));
    stub.book.setPrice('SPY', '95', '4');
    const partial = await until(() => {
      const last = lastOf(first.seen, sent.clientOrderId);
      return last?.status === 'PARTIAL' && last;
    });
    await first.port.close();
    stub.book.setPrice('SPY', '94', '6');
    const { sessionOrderId, clientOrderId } = sent;
    const brokerOrderIds = [partial.brokerOrderId!];
    const next = await connected([{ sessionOrderId, clientOrderId, brokerOrderIds, isLive: true }]);
    const { executions } = await next.port.snapshot();
    const own = executions.filter((one) => one.clientOrderId === clientOrderId);
    const earlier = first.seen.flatMap((one) => (one.kind === 'execution' ? [one.report] : []));
    expect(earlier.at(-1)).toMatchObject({ quantity: '4', price: '95' });
    // One execution of the whole, which corrects the one that was told before.
    expect(own).toMatchObject([{ quantity: '10', price: '94.4' }]);
    expect(own[0]!.executionKey).toBe(earlier.at(-1)!.executionKey);
    expect(own[0]!.correction).toBeGreaterThan(earlier.at(-1)!.correction);
  });

  test('[BRK-2] a process that begins behind an unanswered replacement finds the new order, and ends none', async () => {
    const first = await connected();
    const { sent } = await place(first.port, { limitPrice: '60', timeInForce: 'GTC' });
    const { brokerOrderId } = await until(() => lastOf(first.seen, sent.clientOrderId));
    await first.port.close();
    const writtenAtMs = Date.now();
    const old = stub.book.orders.find(({ id }) => id === brokerOrderId)!;
    const { action, orderType, timeInForce, units, stop } = old;
    const terms = { action, orderType, timeInForce, units, price: old.price!.add(1), stop };
    const replacement = stub.book.replace(account, old.id, terms);
    // The brokerage does not list it yet.
    stub.book.orders.splice(stub.book.orders.indexOf(replacement), 1);
    const change = { ...sent.terms, limitPrice: '61' };
    const next = await connected([
      {
        ...{ sessionOrderId: sent.sessionOrderId, clientOrderId: sent.clientOrderId, isLive: true },
        brokerOrderIds: [old.id],
        sent: { account, symbol: 'SPY', terms: change, writtenAtMs, filledBefore: '0' },
      },
    ]);
    const { orders, completed } = await next.port.snapshot();
    const own = [...orders, ...completed].filter((one) => one.clientOrderId === sent.clientOrderId);
    expect([own, lastOf(next.seen, sent.clientOrderId)]).toStrictEqual([[], undefined]);
    stub.book.orders.push(replacement);
    const report = await until(() => lastOf(next.seen, sent.clientOrderId));
    expect(report).toMatchObject({ status: 'ACCEPTED', brokerOrderId: replacement.id });
    stub.book.cancel(account, replacement.id);
  });

  test('[BRK-12] an order older than the recent ones is asked for by itself: its fill is told', async () => {
    const { port, seen } = await connected();
    const { sent } = await place(port, { limitPrice: '92', timeInForce: 'GTC' });
    const { brokerOrderId } = await until(() => lastOf(seen, sent.clientOrderId));
    const resting = stub.book.orders.find(({ id }) => id === brokerOrderId)!;
    Object.assign(resting, { placedAtMs: Date.now() - 2 * 86_400_000 });
    stub.book.setPrice('SPY', '91');
    const report = await until(() => {
      const last = lastOf(seen, sent.clientOrderId);
      return last?.status === 'EXECUTED' && last;
    });
    expect(report).toMatchObject({ filledQuantity: '10', averageFillPrice: '91' });
    expect(stub.asked.some(({ path }) => path.endsWith('/orders/details'))).toBe(true);
  });

  test('[BRK-4] a status that the table lacks changes nothing, and a person is told', async () => {
    const { port, seen } = await connected();
    const { sent } = await place(port);
    const { brokerOrderId } = await until(() => lastOf(seen, sent.clientOrderId));
    const resting = stub.book.orders.find(({ id }) => id === brokerOrderId)!;
    resting.shownStatus = 'HALF_BAKED';
    const notice = await until(() => seen.find((event) => event.kind === 'notice'));
    expect(notice).toMatchObject({ errorClass: 'unknown', message: /HALF_BAKED/ });
    expect(lastOf(seen, sent.clientOrderId)).toMatchObject({ status: 'UNKNOWN' });
    resting.shownStatus = null;
    await until(() => lastOf(seen, sent.clientOrderId)?.status === 'ACCEPTED');
    stub.book.cancel(account, brokerOrderId!);
  });

  test('[BRK-4] every status of the SDK but NONE is listed, and a word of none is UNKNOWN', () => {
    // As the SDK's type AccountOrderRecordStatus lists them.
    const words =
      'NONE PENDING ACCEPTED FAILED REJECTED CANCELED PARTIAL_CANCELED CANCEL_PENDING EXECUTED PARTIAL REPLACE_PENDING REPLACED STOPPED SUSPENDED EXPIRED QUEUED TRIGGERED ACTIVATED PENDING_RISK_REVIEW CONTINGENT_ORDER';
    const listed = STATUS_TABLE.map(({ brokerStatus }) => brokerStatus).sort();
    expect(listed).toEqual(
      words
        .split(' ')
        .filter((word) => word !== 'NONE')
        .sort(),
    );
    expect(orderStatusFrom('NONE')).toBe('UNKNOWN');
    expect(orderStatusFrom('')).toBe('UNKNOWN');
  });
});
