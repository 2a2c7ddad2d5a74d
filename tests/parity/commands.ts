/** Signals, and a person's commands, through every way in that takes them. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Ways } from './stack.js';
import { atBroker, eachOf, entering, opened, priced, recorded, resting } from './support.js';
import { same, sound, withoutActor, type Recorded } from './support.js';
import type { Entered, FullSurface, Said, Surface } from './surface.js';

/** A denial that no other surface could bring about: of what only a whole signal says. */
const DENIED: readonly (readonly [string, object])[] = [
  ['SIGNAL_EXPIRED', { expires_at: '2026-01-01T00:00:00Z' }],
  ['SIGNAL_STALE', { generated_at: '2026-01-01T00:00:00Z' }],
  ['PRICE_DEVIATION', { entry_price: '90' }],
  ['NO_STOP', { stop_loss: undefined }],
];

let count = 0;
const newId = () => `parity-${(count += 1)}`;
const body = (symbol: string, change: object = {}) => {
  const id = newId();
  return { id, strategy_id: id, ...sound(symbol), ...change };
};

/** The same done through each, one after the other: what it says, and what it leaves in the log. */
async function byEach<S extends Surface>(
  ways: Ways,
  surfaces: readonly S[],
  work: (by: S) => Promise<Said>,
  prepare: (by: S) => Promise<unknown> = () => Promise.resolve(),
): Promise<{ readonly said: Said; readonly log: readonly Omit<Recorded, 'by'>[] }> {
  const said: Said[] = [];
  const logs: Omit<Recorded, 'by'>[][] = [];
  for (const by of surfaces) {
    await prepare(by);
    const audit = await recorded(ways, async () => said.push(await work(by)));
    const actors = new Set(audit.map((entry) => entry.by));
    expect([...actors]).toEqual(audit.length === 0 ? [] : [by.name === 'http' ? 'api' : by.name]);
    logs.push(withoutActor(audit));
  }
  for (const log of logs) expect(log).toEqual(logs[0]);
  return { said: same(said), log: logs[0]! };
}

export function commandCases(ways: () => Ways): void {
  describe('a signal', () => {
    test('[SIG-2] is taken once, whichever way it comes; another body is named by field', async () => {
      await priced(ways(), 'AMD');
      const [cli, http] = ways().both;
      for (const [first, second] of [
        [cli!, http!],
        [http!, cli!],
      ]) {
        const signal = body('AMD');
        const taken = await first!.signal(signal);
        expect(taken).toMatchObject({ outcome: 'done', isNew: true });
        const known = await second!.signal(signal);
        expect(known).toMatchObject({ outcome: 'done', isNew: false, tradeId: taken.tradeId });
        const other = await eachOf(ways().both, (by) => by.signal({ ...signal, quantity: '11' }));
        expect(same(other)).toMatchObject({ code: 'SIGNAL_CONFLICT', paths: ['quantity'] });
        expect(other.map(({ tradeId }) => tradeId)).toEqual([taken.tradeId, taken.tradeId]);
      }
    });

    test('[SIG-1] that is wrong is refused by the same fields, and nothing is stored', async () => {
      const before = await ways().stack.db.signal.count();
      const wrong = { ...body('AMD'), side: 'HOLD', quantity: '-1', nope: 1 };
      const said = same(await eachOf(ways().both, (by) => by.signal(wrong)));
      expect([said.code, [...said.paths].sort()]).toEqual([
        ...['INVALID_SIGNAL', ['nope', 'quantity', 'side']],
      ]);
      expect(await ways().stack.db.signal.count()).toBe(before);
    });

    test.each(DENIED)('[RSK-1] %s', async (code, change) => {
      await priced(ways(), 'AMD');
      const taken = await eachOf(ways().both, (by) => by.signal(body('AMD', change)));
      const denied = await Promise.all(
        taken.map(({ tradeId }) =>
          ways().stack.waitFor(tradeId!, ({ state }) => state === 'DENIED'),
        ),
      );
      const codes = denied.map(({ denialCodes }) => denialCodes);
      expect(codes).toEqual([[code], [code]]);
    });
  });

  describe('a command', () => {
    test('[TRD-5] cancel: taken by each, refused alike once it is over', async () => {
      await priced(ways(), 'INTC');
      const trades = new Map<Surface, Entered>();
      for (const by of ways().all) {
        trades.set(by, await entering(ways(), 'INTC', `cancel-${by.name}`));
      }
      const given = await byEach(ways(), ways().all, (by) => by.cancel(trades.get(by)!));
      expect(given.said.outcome).toBe('done');
      expect(given.log).toMatchObject([{ action: 'cancel_entry', body: { verdict: 'accepted' } }]);
      for (const { tradeId } of trades.values()) {
        await ways().stack.waitFor(tradeId, ({ state }) => state === 'CANCELLED');
      }
      const again = await byEach(ways(), ways().all, (by) => by.cancel(trades.get(by)!));
      expect(again.said).toMatchObject({ outcome: 'refused', code: 'REFUSED' });
      expect(again.log).toMatchObject([{ action: 'cancel_entry', body: { verdict: 'refused' } }]);
    }, 120_000);

    test('[MCP-1] an exit is cancelled by none alone', async () => {
      await priced(ways(), 'CSCO');
      const { tradeId } = await opened(ways(), 'CSCO', 'exit-alone');
      const where = { tradeId, role: 'STOP' };
      const { id: orderId } = await ways().stack.db.order.findFirstOrThrow({ where });
      const byHttp = await ways().http.ask(`/api/v1/orders/${orderId}/cancel`, { method: 'POST' });
      const byMcp = await ways().mcp.cancel({ tradeId, orderId });
      expect([byHttp.code, byMcp.code]).toEqual(['EXIT_PROTECTS', 'EXIT_PROTECTS']);
    }, 120_000);

    test('[TRD-5] close and move: by each alike; one key is one command, whoever repeats it', async () => {
      await priced(ways(), 'ADBE');
      const { both } = ways();
      const trades = new Map<Surface, string>();
      for (const by of both) {
        trades.set(by, (await opened(ways(), 'ADBE', `close-${by.name}`)).tradeId);
      }
      const wrong = await byEach(ways(), both, (by) => by.moveStop(trades.get(by)!, '120'));
      expect(wrong.said).toMatchObject({ outcome: 'refused', code: 'REFUSED' });
      expect(wrong.log).toHaveLength(1);
      const moved = await byEach(ways(), both, (by) => by.moveStop(trades.get(by)!, '96'));
      expect(moved.said.outcome).toBe('done');
      const closed = await byEach(ways(), both, (by) => by.close(trades.get(by)!, 'once'));
      expect(closed.said.outcome).toBe('done');
      expect(closed.log).toMatchObject([{ action: 'close', body: { verdict: 'accepted' } }]);
      const swapped = new Map([...both].map((by, at) => [by, trades.get(both[1 - at]!)!]));
      const repeated = await byEach(ways(), both, (by) => by.close(swapped.get(by)!, 'once'));
      expect([repeated.said.outcome, repeated.log]).toEqual(['done', []]);
      for (const tradeId of trades.values()) {
        await ways().stack.waitFor(tradeId, ({ state }) => state === 'CLOSED');
      }
    }, 120_000);
  });

  describe('a person’s word', () => {
    test('[SIG-3] approve and reject: by each alike, the first word counts', async () => {
      await priced(ways(), 'QCOM');
      const { both } = ways();
      const strategies = new Map(both.map((by) => [by, `word-${by.name}`]));
      for (const by of both) {
        const strategy_id = strategies.get(by)!;
        await by.signal({ ...body('QCOM'), strategy_id, stop_loss: undefined });
      }
      const asked = await byEach(ways(), both, (by) => by.requireApproval(strategies.get(by)!));
      expect(asked.log.map(({ action }) => action)).toEqual(['approval_policy']);
      for (const word of ['reject', 'approve'] as const) {
        const waiting = new Map<Surface, { tradeId: string; signalId: string }>();
        for (const by of both) {
          const strategy_id = strategies.get(by)!;
          const signal = { ...resting('QCOM'), id: newId(), strategy_id };
          const { tradeId } = await by.signal(signal);
          await ways().stack.waitFor(tradeId!, ({ state }) => state === 'AWAITING_APPROVAL');
          waiting.set(by, { tradeId: tradeId!, signalId: signal.id });
        }
        const given = await byEach(ways(), both, (by) => by[word](waiting.get(by)!));
        expect(given.said.outcome).toBe('done');
        expect(given.log.map(({ action }) => action)).toEqual([word]);
        const other = word === 'approve' ? 'reject' : 'approve';
        const late = await eachOf(both, (by) => by[other](waiting.get(by)!));
        expect(late.map(({ code }) => code)).toEqual(['REFUSED', 'REFUSED']);
        if (word === 'reject') continue;
        for (const { tradeId } of waiting.values()) {
          const entered = await atBroker(ways(), tradeId);
          await ways().http.cancel(entered);
        }
      }
    }, 180_000);
  });

  describe('what holds back', () => {
    test('[RSK-5] a pause of a strategy, and its end', async () => {
      const paused = await byEach(ways(), ways().both, async (by) => {
        const said = await by.pause('mcp');
        const shown = await eachOf(ways().all, (each) => each.preview(sound('ORCL')));
        expect(same(shown).failed).toEqual(['TRADING_HALTED']);
        await ways().stack.db.strategy.updateMany({ data: { mode: 'ACTIVE' } });
        return said;
      });
      expect(paused.log.map(({ action, subject }) => [action, subject])).toEqual([
        ...[['mode', 'strategy mcp']],
      ]);
      const resumed = await byEach(
        ways(),
        ways().both,
        async (by) => {
          return by.resumeStrategy('mcp');
        },
        async () => {
          await ways().stack.db.strategy.updateMany({ data: { mode: 'HALTED' } });
        },
      );
      expect(resumed.log).toMatchObject([{ action: 'mode', body: { mode: 'ACTIVE' } }]);
      await ways().stack.db.strategy.updateMany({ data: { mode: 'ACTIVE' } });
    }, 120_000);

    test('[RSK-5] the mode of an account', async () => {
      const { brokerAccountId } = await ways().stack.db.account.findFirstOrThrow();
      const set = async (mode: string) => {
        const of = await byEach(ways(), ways().both, async (by) => {
          const said = await by.setMode(brokerAccountId, mode);
          await ways().stack.db.account.updateMany({ data: { mode: 'ACTIVE' } });
          return said;
        });
        return of.log;
      };
      const log = await set('HALTED');
      expect(log).toMatchObject([{ action: 'mode', body: { before: 'ACTIVE', mode: 'HALTED' } }]);
      await set('REDUCING');
    }, 60_000);

    test('[RSK-5] a halt, seen by all, and its end', async () => {
      const seen = await byEach(ways(), ways().both, async (by) => {
        const said = await by.halt('too wild');
        expect(existsSync(ways().haltFile)).toBe(true);
        await ways().stack.waitFor(await deniedNow(ways()), ({ denialCodes }) =>
          denialCodes.includes('TRADING_HALTED'),
        );
        await by.resume();
        expect(existsSync(ways().haltFile)).toBe(false);
        return said;
      });
      const log = seen.log.map(({ action, subject }) => [action, subject]);
      expect(log).toEqual([
        ['halt', 'installation'],
        ['resume', 'installation'],
      ]);
    }, 120_000);

    test('[RSK-5] flatten: by each alike, and what was given once is given once', async () => {
      const { both, stack } = ways();
      await priced(ways(), 'TXN');
      const trades = new Map<Surface, string>();
      const prepare = async (by: FullSurface) => {
        await stack.db.account.updateMany({ data: { mode: 'ACTIVE' } });
        await quiet(ways());
        trades.set(by, (await opened(ways(), 'TXN', `flat-${by.name}`)).tradeId);
      };
      const flattened = await byEach(ways(), both, (by) => by.flatten(), prepare);
      for (const tradeId of trades.values()) {
        await stack.waitFor(tradeId, ({ state }) => state === 'CLOSED');
      }
      expect(flattened.said.outcome).toBe('done');
      expect(new Set(flattened.log.map(({ action }) => action))).toEqual(
        new Set(['mode', 'close', 'flatten']),
      );
    }, 180_000);
  });
}

/** A signal that is denied for what holds back now. @returns its trade */
async function deniedNow({ stack }: Ways): Promise<string> {
  const { tradeId } = await stack.submit(body('AMD'));
  await stack.waitFor(tradeId, ({ state }) => state === 'DENIED');
  return tradeId;
}

/** Nothing is open any more: what is flattened next is the test's own. */
async function quiet({ stack, http }: Ways): Promise<void> {
  const open = await stack.db.trade.findMany({ where: { closedAt: null } });
  for (const { id, state } of open) {
    if (state === 'ENTERING') await http.cancel({ tradeId: id, orderId: '' });
    else await http.close(id);
  }
  for (const { id } of open) await stack.waitFor(id, ({ closedAt }) => closedAt !== null);
}
