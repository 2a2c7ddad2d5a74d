/** Turns to write: what reaches the gateway, in which order, and what never does. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bracketGroup, bracketOf, clientOf, groupOf, ofKind, orderOf } from './support/harness.js';
import { PASS, pause, ready, turn, until } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway } from './support/scripted-gateway.js';

const PLACE_ORDER = '3';
const CANCEL_ORDER = '4';
const PRICES = { entry: '90', stop: '80', target: '120' };
/** Places of fields in a placeOrder message of server version 193. */
const TRANSMIT = 27;

describe('at a gateway that takes note of every message', () => {
  let gateway: ScriptedGateway;
  let client: Client;

  beforeEach(async () => {
    gateway = await startScriptedGateway();
    client = await ready(clientOf(gateway.port));
  });

  afterEach(async () => {
    await client.broker.close();
    await gateway.close();
  });

  /** Order messages as they came: `place 3 held`, `place 4`, `cancel 1`. */
  const written = (): string[] =>
    gateway.received.flatMap(({ fields }) => {
      if (fields[0] === CANCEL_ORDER) return [`cancel ${fields[1]}`];
      if (fields[0] !== PLACE_ORDER) return [];
      return [`place ${fields[1]}${fields[TRANSMIT] === '1' ? '' : ' held'}`];
    });

  const lose = (code: number): void => gateway.sessions.at(-1)?.send(4, 2, -1, code, 'told', '');

  test('[BRK-2] [TRD-2] older groups are cancelled first, and the stop goes last and transmits', async () => {
    const slot = await client.broker.openSlot(turn('entry', 5));
    slot.write(bracketGroup(bracketOf(7, 'again', PRICES), [3, 4]), PASS);
    await until('the group', () => written().length === 5);
    expect(written()).toEqual(['cancel 3', 'cancel 4', 'place 7 held', 'place 8 held', 'place 9']);
  });

  test('[BRK-7] one slot is open at a time; protection is next, whoever asked first', async () => {
    const { broker } = client;
    const first = await broker.openSlot(turn('entry', 3));
    const order: string[] = [];
    const entry = broker.openSlot(turn('entry', 3)).then((slot) => {
      order.push('entry');
      slot.release();
    });
    const repair = broker.openSlot(turn('protect', 1)).then((slot) => {
      order.push('protect');
      slot.release();
    });
    await pause(50);
    expect(order).toEqual([]);
    first.release();
    await Promise.all([entry, repair]);
    expect(order).toEqual(['protect', 'entry']);
  });

  test.each([1100, 1101, 1102])(
    '[BRK-2] [BRK-12] a slot of the generation before %i writes nothing (R-5)',
    async (code) => {
      const { broker } = client;
      const slot = await broker.openSlot(turn('entry', 3));
      lose(code);
      if (code === 1100) lose(1102);
      await until('the new generation', () => broker.state().generation > slot.generation);
      await until('the servers', () => broker.state().brokerServers);
      broker.declareSynced(broker.state().generation);
      expect(() => slot.write(bracketGroup(bracketOf(1, 'old', PRICES)), PASS)).toThrow(
        expect.objectContaining({ name: 'NotSentError', reason: 'not_ready' }),
      );
      const next = await broker.openSlot(turn('entry', 3));
      expect(next.generation).toBeGreaterThan(slot.generation);
      next.release();
      expect(written()).toEqual([]);
    },
  );

  test('[BRK-2] a slot of a socket that died writes nothing on the next one (R-5)', async () => {
    const { broker } = client;
    const slot = await broker.openSlot(turn('entry', 3));
    gateway.sessions[0]?.hangUp();
    await until('the re-connection', () => gateway.sessions.length === 2);
    await until('the handshake', () => broker.state().socket === 'up');
    broker.declareSynced(broker.state().generation);
    expect(() => slot.write(bracketGroup(bracketOf(1, 'old', PRICES)), PASS)).toThrow(
      expect.objectContaining({ reason: 'not_ready' }),
    );
    await pause(50);
    expect(written()).toEqual([]);
  });

  test('[BRK-2] a slot that is held too long is taken back, and the next one goes on (R-3)', async () => {
    const { broker } = client;
    const slow = await broker.openSlot(turn('entry', 3));
    const next = await broker.openSlot(turn('protect', 1));
    expect(() => slow.write(bracketGroup(bracketOf(1, 'slow', PRICES)), PASS)).toThrow(
      expect.objectContaining({ name: 'NotSentError', reason: 'too_late' }),
    );
    next.write(groupOf({ kind: 'cancel', sessionOrderId: 9 }), PASS);
    await until('the cancel', () => written().length === 1);
    await pause(50);
    expect(written()).toEqual(['cancel 9']);
  });

  test('[BRK-2] [RSK-5] the guard is asked after the slot was given, right before the write (R-6)', async () => {
    const slot = await client.broker.openSlot(turn('entry', 3));
    const halted = (): void => {
      throw new Error('the halt file is there');
    };
    expect(() => slot.write(bracketGroup(bracketOf(1, 'halted', PRICES)), halted)).toThrow(
      expect.objectContaining({
        name: 'NotSentError',
        reason: 'guard',
        message: expect.stringContaining('halt file'),
      }),
    );
    await pause(50);
    expect(written()).toEqual([]);
  });

  test('[BRK-2] a slot writes once, and no more than it was opened for', async () => {
    const { broker } = client;
    const small = await broker.openSlot(turn('entry', 2));
    const group = bracketGroup(bracketOf(1, 'large', PRICES));
    expect(() => small.write(group, PASS)).toThrow(expect.objectContaining({ reason: 'invalid' }));
    const slot = await broker.openSlot(turn('entry', 3));
    slot.write(group, PASS);
    expect(() => slot.write(group, PASS)).toThrow(expect.objectContaining({ reason: 'invalid' }));
    await until('the bracket', () => written().length === 3);
    await expect(broker.openSlot(turn('entry', 49))).rejects.toMatchObject({ reason: 'invalid' });
  });

  test('[BRK-11] what waits for a slot goes on waiting over a re-connection', async () => {
    const { broker } = client;
    await broker.openSlot(turn('entry', 3)); // held when the socket dies, and never released
    const waiting = broker.openSlot(turn('entry', 3));
    waiting.catch(() => undefined); // judged below
    gateway.sessions[0]?.hangUp();
    await until('the loss', () => broker.state().socket !== 'up');
    await until('the handshake', () => broker.state().socket === 'up');
    broker.declareSynced(broker.state().generation);
    const slot = await waiting;
    slot.write(bracketGroup(bracketOf(1, 'patient', PRICES)), PASS);
    await until('the bracket', () => written().length === 3);
  });

  test('[BRK-11] it waits until its deadline and is told why it got none', async () => {
    const { broker } = client;
    const held = await broker.openSlot(turn('entry', 3));
    await expect(broker.openSlot(turn('entry', 3, 100))).rejects.toMatchObject({
      reason: 'too_late',
    });
    held.release();
    lose(1100);
    await until('the loss', () => !broker.state().ready);
    await expect(broker.openSlot(turn('entry', 3, 100))).rejects.toMatchObject({
      reason: 'not_ready',
    });
    const waiting = broker.openSlot(turn('entry', 3));
    const refused = expect(waiting).rejects.toMatchObject({ reason: 'closed' });
    await broker.close();
    await refused;
  });

  test('[BRK-7] queries wait while somebody waits for a slot, lists and signs of life do not', async () => {
    const { broker } = client;
    const held = await broker.openSlot(turn('entry', 3));
    const waiting = broker.openSlot(turn('entry', 3));
    const quote = { symbol: 'SPY', securityType: 'STK', exchange: 'SMART', currency: 'USD' };
    broker.quoteSnapshot(quote).catch(() => undefined);
    void broker.snapshot();
    await until('the lists', () => gateway.ofKind('16').length === 1);
    await broker.brokerTimeMs();
    expect(gateway.ofKind('1')).toEqual([]);
    held.release();
    (await waiting).release();
    await until('the quote', () => gateway.ofKind('1').length === 1);
  });
});

describe('at the paper gateway', () => {
  let paper: Paper;
  let client: Client;

  beforeEach(async () => {
    paper = await startPaper();
    await paper.setPrice('SPY', '100');
    client = await ready(clientOf(paper.port));
  });

  afterEach(async () => {
    await client.broker.close();
    await paper.stop();
  });

  /** Gives out ids as a database does: in a transaction of some milliseconds, always the next ones. */
  function sequence(): (count: number) => Promise<number> {
    let next = 1;
    return async (count) => {
      await pause(2 + (next % 5));
      next += count;
      return next - count;
    };
  }

  test('[BRK-2] [BRK-7] 90 entries wait, protection overtakes them, and no id is refused (B1)', async () => {
    const { broker, events } = client;
    const ids = sequence();
    const writes: string[] = [];
    const enter = async (index: number): Promise<void> => {
      const slot = await broker.openSlot(turn('entry', 3));
      const firstId = await ids(3);
      slot.write(bracketGroup(bracketOf(firstId, `e${index}`, PRICES)), PASS);
      writes.push(`entry ${index}`);
    };
    const protect = async (index: number): Promise<number> => {
      const waiting = writes.length;
      const slot = await broker.openSlot(turn('protect', 1));
      const order = orderOf(await ids(1), `p${index}`, { side: 'SELL', limitPrice: '150' });
      slot.write(groupOf({ kind: 'place', order }), PASS);
      writes.push(`protect ${index}`);
      return writes.length - 1 - waiting;
    };
    const entries = Array.from({ length: 90 }, (_, index) => enter(index));
    const overtaken: Promise<number>[] = [];
    for (let index = 0; index < 10; index += 1) {
      await pause(300);
      overtaken.push(protect(index));
    }
    await Promise.all(entries);
    // At most the entry that holds the slot, and one that took it in the same moment.
    expect(Math.max(...(await Promise.all(overtaken)))).toBeLessThanOrEqual(2);
    const { orders, isComplete } = await broker.snapshot();
    expect(isComplete).toBe(true);
    expect(orders).toHaveLength(90 * 3 + 10);
    expect(ofKind(events, 'order_error')).toEqual([]);
    expect(await paper.verdicts()).toMatchObject({ pacingViolations: 0, duplicateEntries: 0 });
  });

  test('[BRK-7] 100 brackets go out within 1.25 times the time of the limit, without a violation', async () => {
    const { broker } = client;
    const ids = sequence();
    await pause(1_100);
    const beganAtMs = performance.now();
    const sends = Array.from({ length: 100 }, async (_, index) => {
      const slot = await broker.openSlot(turn('entry', 3));
      const firstId = await ids(3);
      slot.write(bracketGroup(bracketOf(firstId, `b${index}`, PRICES)), PASS);
    });
    await Promise.all(sends);
    const tookMs = performance.now() - beganAtMs;
    const limitMs = (300 / 50) * 1_000;
    expect(tookMs).toBeLessThan(1.25 * limitMs);
    const { orders } = await broker.snapshot();
    expect(orders).toHaveLength(300);
    expect(await paper.verdicts()).toMatchObject({ pacingViolations: 0 });
  });

  test('[BRK-7] a gateway that was frozen finds no more than the limit to read', async () => {
    const { broker } = client;
    const ids = sequence();
    paper.signal('SIGSTOP');
    const sends = Array.from({ length: 40 }, async (_, index) => {
      const slot = await broker.openSlot(turn('entry', 3));
      const firstId = await ids(3);
      slot.write(bracketGroup(bracketOf(firstId, `f${index}`, PRICES)), PASS);
    });
    await pause(3_500);
    paper.signal('SIGCONT');
    await Promise.all(sends);
    expect((await broker.snapshot()).orders).toHaveLength(120);
    expect(await paper.verdicts()).toMatchObject({ pacingViolations: 0 });
  });
});
