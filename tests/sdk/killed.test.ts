/** The API is killed while the TypeScript client waits for it: nothing is done twice, nothing is missed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ballast, type Followed, type Signal } from '../../sdk/src/index.js';
import { token } from '../api/support.js';
import { plan } from '../store/support/planned-trade.js';
import { killableApi, type KillableApi } from './api-process.js';

let world: KillableApi;
let ballast: Ballast;
beforeAll(async () => {
  world = await killableApi();
  // A start on a busy machine takes longer than a minute of attempts would need to.
  const retry = { totalMs: 120_000, attemptsMax: 100, delayMaxMs: 1_000 };
  ballast = new Ballast({ url: world.api.url, token: () => token(), retry });
}, 90_000);
afterAll(async () => world?.stop());

const signal = (id: string): Signal => ({
  ...{ id, strategy_id: 'killed', symbol: 'AAA', stop_loss: '99', quantity: '1' },
  side: 'BUY',
});

async function tradesOf(signalId: string): Promise<string[]> {
  const rows = await world.db.signal.findMany({ where: { signalId }, include: { trade: true } });
  return rows.flatMap(({ trade }) => (trade ? [trade.id] : []));
}

describe('[SDK-1] the server is killed in mid-request', () => {
  test('[SIG-2] the signal is one trade, and its verdict is still waited for', async () => {
    const waiting = ballast.submitAndWait(signal('mid-request'), { timeoutMs: 120_000 });
    let [tradeId] = await tradesOf('mid-request');
    // The server waits for the verdict now, and so does the client for its answer.
    while (tradeId === undefined) [tradeId] = await tradesOf('mid-request');
    await world.api.kill();
    await world.api.start();
    await plan(world.db, world.ready, tradeId);
    const { verdict, trade } = await waiting;
    expect([verdict, trade.id]).toEqual(['approved', tradeId]);
    expect(await tradesOf('mid-request')).toEqual([tradeId]);
  }, 120_000);

  test('a signal that is sent while nobody listens arrives', async () => {
    await world.api.kill();
    const sent = ballast.submit(signal('nobody-there'));
    await world.api.start();
    const { trade_id: tradeId } = await sent;
    expect(await tradesOf('nobody-there')).toEqual([tradeId]);
  }, 120_000);
});

test('[SDK-1] events go on behind the last one, each once', async () => {
  const { trade_id: tradeId } = await ballast.submit(signal('events'));
  const stop = new AbortController();
  const seen: string[] = [];
  const happens = (summary: string) => world.db.$executeRaw`
    INSERT INTO trade_events (user_id, trade_id, kind, summary, detail)
    VALUES (${world.ready.ownerId}::uuid, ${tradeId}::uuid, 'test', ${summary}, '{}')`;
  const until = async (events: AsyncGenerator<Followed>, summary: string): Promise<void> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error('the stream is over');
      if (value.kind !== 'event') continue;
      expect(value.event.trade_id).toBe(tradeId);
      seen.push(value.event.summary);
      if (value.event.summary === summary) return;
    }
  };
  const events = ballast.events({ after: '0', tradeId, signal: stop.signal });
  await happens('before');
  await until(events, 'before');
  await world.api.kill();
  await happens('meanwhile');
  await world.api.start();
  await happens('after');
  await until(events, 'after');
  expect(seen.filter((each) => /before|meanwhile|after/.test(each))).toEqual([
    'before',
    'meanwhile',
    'after',
  ]);
  expect(new Set(seen).size).toBe(seen.length);
  const last = events.next();
  stop.abort();
  expect((await last).done).toBe(true);
}, 120_000);
