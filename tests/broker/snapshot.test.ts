/** The one picture: whole and of one generation, or it says so. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bracketGroup, bracketOf, clientOf, groupOf, ofKind, orderOf } from './support/harness.js';
import { PASS, pause, ready, turn, until } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';
import { endList, startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway, ScriptedSession } from './support/scripted-gateway.js';

const PRICES = { entry: '90', stop: '80', target: '120' };
const ALL_OPEN_ORDERS = '16';

describe('at the paper gateway', () => {
  let paper: Paper;
  let clients: Client[];

  beforeEach(async () => {
    paper = await startPaper();
    await paper.setPrice('SPY', '100');
    clients = [];
  });

  afterEach(async () => {
    await Promise.all(clients.map(({ broker }) => broker.close()));
    await paper.stop();
  });

  async function clientWith(options: Parameters<typeof clientOf>[1] = {}): Promise<Client> {
    const client = clientOf(paper.port, options);
    clients.push(client);
    return ready(client);
  }

  test('[BRK-12] it holds orders of all clients, completed ones, executions and positions', async () => {
    const { broker } = await clientWith();
    const other = await clientWith({ clientId: 8 });
    const order = orderOf(1, 'other', { limitPrice: '91' });
    const slot = await other.broker.openSlot(turn('protect', 1));
    slot.write(groupOf({ kind: 'place', order }), PASS);
    const filled = { ...PRICES, entry: '105' };
    const entry = await broker.openSlot(turn('entry', 3));
    const { writtenAtMs } = entry.write(bracketGroup(bracketOf(1, 'own', filled)), PASS);
    await pause(200);
    const snapshot = await broker.snapshot();
    const state = broker.state();
    expect(snapshot).toMatchObject({ isComplete: true, generation: state.generation });
    expect(snapshot.generationSinceMs).toBe(state.generationSinceMs);
    expect(snapshot.startedAtMs).toBeGreaterThanOrEqual(writtenAtMs);
    const refs = (list: readonly { clientOrderId: string | null }[]) =>
      list.map(({ clientOrderId }) => clientOrderId).sort();
    expect(refs(snapshot.orders)).toEqual(['other', 'own-stop', 'own-target']);
    expect(refs(snapshot.completed)).toEqual(['own-entry']);
    expect(new Set(refs(snapshot.executions))).toEqual(new Set(['own-entry']));
    expect(snapshot.positions).toMatchObject([{ symbol: 'SPY', quantity: '10' }]);
  });

  test('[BRK-12] a missing end marker makes it incomplete, in bounded time', async () => {
    const { broker } = await clientWith({ limits: { listingTimeoutMs: 300 } });
    await paper.fault({ name: 'missing-end-marker' });
    const beganAtMs = performance.now();
    const snapshot = await broker.snapshot();
    expect(snapshot.isComplete).toBe(false);
    expect(snapshot.problem).toContain('without its end');
    expect(performance.now() - beganAtMs).toBeLessThan(1_500);
  });

  test('[BRK-5] lists repeat no event: executions are told once a session, before their money', async () => {
    const first = await clientWith();
    const entry = await first.broker.openSlot(turn('entry', 3));
    entry.write(bracketGroup(bracketOf(1, 'b7', { ...PRICES, entry: '105' })), PASS);
    await until('the fill', () => ofKind(first.events, 'commission').length > 0);
    await first.broker.close();
    const again = clientOf(paper.port);
    clients.push(again);
    again.broker.open();
    await until('the handshake', () => again.broker.state().socket === 'up');
    const snapshot = await again.broker.snapshot();
    expect(snapshot.isComplete).toBe(true);
    expect(snapshot.orders).toHaveLength(2);
    expect(snapshot.executions.length).toBeGreaterThan(0);
    expect(ofKind(again.events, 'order')).toEqual([]);
    const money = (): string[] =>
      again.events.flatMap((event) =>
        event.kind === 'execution' || event.kind === 'commission'
          ? [`${event.kind} ${event.report.executionId} ${event.report.account}`]
          : [],
      );
    await until('the commissions', () => money().length === 2 * snapshot.executions.length);
    const { executionId } = snapshot.executions[0]!;
    const told = [`execution ${executionId} DU1234567`, `commission ${executionId} DU1234567`];
    expect(money().slice(0, 2)).toEqual(told);
    await again.broker.snapshot();
    await pause(50);
    expect(money()).toHaveLength(2 * snapshot.executions.length);
  });
});

describe('at a gateway that is told what to answer', () => {
  let gateway: ScriptedGateway;
  let client: Client;

  afterEach(async () => {
    await client.broker.close();
    await gateway.close();
  });

  /** Answers every list with its end; `onOrders` comes before that of the open orders. */
  async function start(onOrders: (session: ScriptedSession) => void): Promise<Client> {
    gateway = await startScriptedGateway({
      answer: (fields, session) => {
        if (fields[0] === ALL_OPEN_ORDERS) onOrders(session);
        return endList(fields, session);
      },
    });
    client = await ready(clientOf(gateway.port));
    return client;
  }

  const status = (orderId: number, word: string): (string | number)[] =>
    word === 'Filled'
      ? [3, orderId, word, 10, 0, 90, 9_000 + orderId, 0, 90, 7, '', 0]
      : [3, orderId, word, 0, 10, 0, 9_000 + orderId, 0, 0, 7, '', 0];

  test.each([1100, 1101, 1102])(
    '[BRK-12] a %i while it is read makes it prove nothing, and declare nothing (R-11, B4)',
    async (code) => {
      let armed = true;
      const { broker } = await start((session) => {
        if (armed) session.send(4, 2, -1, code, 'told', '');
        if (armed && code === 1100) session.send(4, 2, -1, 1102, 'told', '');
        armed = false;
      });
      const broken = await broker.snapshot();
      expect(broken.isComplete).toBe(false);
      expect(broker.state().generation).toBeGreaterThan(broken.generation);
      expect(() => broker.declareSynced(broken.generation)).toThrow(/read them again/);
      expect(broker.state().ready).toBe(false);
      const whole = await broker.snapshot();
      expect(whole).toMatchObject({ isComplete: true, generation: broker.state().generation });
      broker.declareSynced(whole.generation);
      expect(broker.state().ready).toBe(true);
    },
  );

  test('[BRK-1] [BRK-12] lists of a connection that was lost declare nothing on the next (B4)', async () => {
    const { broker } = await start(() => undefined);
    const { generation, isComplete } = await broker.snapshot();
    expect(isComplete).toBe(true);
    gateway.sessions[0]?.hangUp();
    await until('the loss', () => broker.state().socket !== 'up');
    expect((await broker.snapshot()).isComplete).toBe(false);
    await until('the handshake', () => broker.state().socket === 'up');
    expect(() => broker.declareSynced(generation)).toThrow(/read them again/);
    expect(broker.state().ready).toBe(false);
  });

  test('[BRK-12] an unreadable message makes it incomplete, and a new one due', async () => {
    let armed = true;
    const { broker, events } = await start((session) => {
      if (armed) session.send(5, 12, 'cut off');
      armed = false;
    });
    const snapshot = await broker.snapshot();
    expect(snapshot.isComplete).toBe(false);
    expect(ofKind(events, 'snapshot_due')[0]?.reason).toContain('OPEN_ORDER');
    expect((await broker.snapshot()).isComplete).toBe(true);
  });

  test('[BRK-12] callers share a reading, unless something was written since it began', async () => {
    const { broker } = await start(() => undefined);
    await Promise.all([broker.snapshot(), broker.snapshot(), broker.snapshot()]);
    expect(gateway.ofKind(ALL_OPEN_ORDERS)).toHaveLength(1);
    const before = broker.snapshot();
    const slot = await broker.openSlot(turn('protect', 1));
    const { writtenAtMs } = slot.write(groupOf({ kind: 'cancel', sessionOrderId: 5 }), PASS);
    const after = [broker.snapshot(), broker.snapshot()];
    expect((await before).startedAtMs).toBeLessThanOrEqual(writtenAtMs);
    for (const { startedAtMs } of await Promise.all(after)) {
      expect(startedAtMs).toBeGreaterThanOrEqual(writtenAtMs);
    }
    expect(gateway.ofKind(ALL_OPEN_ORDERS)).toHaveLength(3);
    const kinds = gateway.received.map(({ fields }) => fields[0]);
    expect(kinds.lastIndexOf(ALL_OPEN_ORDERS)).toBeGreaterThan(kinds.indexOf('4'));
  });

  test('[BRK-12] an order that ends while it is listed is among the completed, not missing', async () => {
    const { broker } = await start((session) => {
      for (const id of [1, 2]) session.send(...status(id, 'Submitted'));
      session.send(...status(1, 'Filled'));
    });
    const { orders, completed } = await broker.snapshot();
    expect(orders.map(({ sessionOrderId }) => sessionOrderId)).toEqual([2]);
    expect(completed).toMatchObject([{ sessionOrderId: 1, status: 'EXECUTED' }]);
  });

  test('[BRK-12] without a connection it proves nothing, and does not fail', async () => {
    gateway = await startScriptedGateway();
    client = clientOf(gateway.port);
    const snapshot = await client.broker.snapshot();
    expect(snapshot).toMatchObject({ isComplete: false, generation: 0, orders: [] });
  });
});
