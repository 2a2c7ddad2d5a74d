/** The TypeScript client against the real API: what it reads, what it is refused, what it must not do twice. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ballast, BallastProblem, NotJudgedError, type Signal } from '../../sdk/src/index.js';
import { testApi, token, type TestApi } from '../api/support.js';
import { plan, plannedTrade } from '../store/support/planned-trade.js';
import { relayTo, type Relay } from './relay.js';

/** More than a page of the client's. */
const MANY = 205;

let api: TestApi;
let relay: Relay;
let ballast: Ballast;
beforeAll(async () => {
  api = await testApi({ API_REQUESTS_PER_MINUTE: '100000' });
  relay = await relayTo(Number(new URL(api.url).port));
  ballast = new Ballast({ url: `${relay.url}/`, token: () => token() });
}, 60_000);
afterAll(async () => {
  await relay?.close();
  await api?.close();
});

const signal = (id: string, change: Partial<Signal> = {}): Signal => ({
  ...{ id, strategy_id: 'sdk', symbol: 'BBB', side: 'BUY', stop_loss: '99', quantity: '10' },
  ...change,
});

describe('[SDK-1] submit', () => {
  test('is taken, and is the same trade when it comes again', async () => {
    const first = await ballast.submit(signal('sdk-1'));
    const again = await ballast.submit(signal('sdk-1'));
    expect([first.is_new, again.is_new]).toEqual([true, false]);
    expect(again.trade_id).toBe(first.trade_id);
    expect((await ballast.trade(first.trade_id)).signal_id).toBe('sdk-1');
  });

  test('[SIG-2] whose answers are lost is one trade', async () => {
    relay.loseAnswers(3);
    const before = relay.connections();
    const { is_new: isNew, trade_id: tradeId } = await ballast.submit(signal('sdk-lost'));
    expect(relay.connections() - before).toBeGreaterThanOrEqual(3);
    expect(isNew).toBe(false);
    const rows = await api.db.signal.findMany({
      where: { signalId: 'sdk-lost' },
      include: { trade: true },
    });
    expect(rows.map(({ trade }) => trade?.id)).toEqual([tradeId]);
  });

  test('that is refused says why, and is not sent again', async () => {
    let sent = 0;
    const counting = new Ballast({
      ...{ url: api.url, token: await token() },
      fetch: (request) => {
        sent += 1;
        return fetch(request);
      },
    });
    const refused = await counting
      .submit(signal('sdk-bad', { stop_loss: '-1' }))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BallastProblem);
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_SIGNAL' });
    expect((refused as BallastProblem).errors.map(({ path }) => path)).toEqual(['stop_loss']);
    expect((refused as Error).message).toMatch(/^POST \/api\/v1\/signals: 400 .*; stop_loss: /);
    expect(sent).toBe(1);
  });

  test('under a known id with another body names that trade', async () => {
    const { trade_id: tradeId } = await ballast.submit(signal('sdk-2'));
    const other = ballast.submit(signal('sdk-2', { quantity: '11' }));
    await expect(other).rejects.toMatchObject({ code: 'SIGNAL_CONFLICT', tradeId });
  });

  test('without a token that is taken, or a scope, is refused', async () => {
    const as = (given: string) => new Ballast({ url: api.url, token: given });
    const refusals = [as('none'), as(await token({ scopes: ['read'] }))].map((each) =>
      each.submit(signal('sdk-3')).catch(({ code }: BallastProblem) => code),
    );
    expect(await Promise.all(refusals)).toEqual(['UNAUTHENTICATED', 'SCOPE_MISSING']);
  });
});

describe('[SDK-1] verdicts', () => {
  test('are waited for', async () => {
    const waiting = ballast.submitAndWait(signal('sdk-judged'));
    const row = await untilTaken('sdk-judged');
    await plan(api.db, api.ready, row);
    const { verdict, trade } = await waiting;
    expect([verdict, trade.id, trade.planned_quantity]).toEqual(['approved', row, '10']);
    expect((await ballast.verdict(row)).verdict).toBe('approved');
  });

  test('of one that nobody judges are waited for no longer than is asked', async () => {
    const waiting = ballast.submitAndWait(signal('sdk-unjudged'), { timeoutMs: 300 });
    await expect(waiting).rejects.toThrow(NotJudgedError);
  });
});

describe('[SDK-1] reads and commands', () => {
  test('trades come page by page, each once, and filtered', async () => {
    const ids = Array.from({ length: MANY }, (_, index) => `sdk-page-${index}`);
    for (let at = 0; at < ids.length; at += 20) {
      const some = ids.slice(at, at + 20).map((id) => signal(id, { strategy_id: 'pages' }));
      await Promise.all(some.map((each) => ballast.submit(each)));
    }
    const seen: string[] = [];
    for await (const trade of ballast.trades({ strategy_id: 'pages' })) seen.push(trade.signal_id);
    expect([...seen].sort()).toEqual([...ids].sort());
  }, 60_000);

  test('positions and every other endpoint are typed', async () => {
    expect(await ballast.positions()).toEqual([]);
    const { data } = await ballast.http.GET('/api/v1/accounts');
    expect(data?.items.map(({ account_id: id }) => id)).toEqual(['DU1000001']);
  });

  test('[TRD-5] a command whose answer is lost is given once', async () => {
    const id = await plannedTrade(api.db, api.ready, { symbol: 'CCC' });
    relay.loseAnswers(1);
    expect(await ballast.cancel(id)).toMatchObject({ trade_id: id, verdict: 'accepted' });
    expect(await api.db.command.count({ where: { tradeId: id } })).toBe(1);
    const none = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
    await expect(ballast.close(none)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

/** @returns the trade's id, once the signal is kept */
describe('[SDK-1] events', () => {
  test('of a stream that breaks before its first one are told when it is taken up', async () => {
    let streams = 0;
    const following = new Ballast({
      ...{ url: api.url, token: () => token(), retry: { firstDelayMs: 1 } },
      fetch: async (request) => {
        const answer = await fetch(request);
        streams += 1;
        if (streams > 1) return answer;
        return new Response(untilBegun(answer.body!), { headers: answer.headers });
      },
    });
    const events = following.events();
    const { value } = await events.next();
    expect(value).toMatchObject({ kind: 'event', event: { kind: 'signal' } });
    expect(streams).toBe(2);
    await events.return(undefined);
  });

  /** A stream as far as it says where it begins; something happens before it ends. */
  function untilBegun(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    let text = '';
    const begin = new TransformStream<Uint8Array, Uint8Array>({
      transform: async (chunk, controller) => {
        controller.enqueue(chunk);
        text += new TextDecoder().decode(chunk);
        if (!/^id: \d+\n\n/m.test(text)) return;
        await ballast.submit(signal('sdk-between'));
        controller.terminate();
      },
    });
    return body.pipeThrough(begin);
  }
});

async function untilTaken(signalId: string): Promise<string> {
  for (;;) {
    const row = await api.db.signal.findFirst({ where: { signalId }, include: { trade: true } });
    if (row?.trade) return row.trade.id;
  }
}
