/** When the client asks again, when it doesn't, and how long it waits. No server: what is sent is counted. */
import { describe, expect, test } from '@jest/globals';
import { GaveUpError, OutcomeUnknownError } from '../../sdk/src/errors.js';
import { follow } from '../../sdk/src/events.js';
import { delayMs, RETRY_DEFAULTS, retryAfterMs, retryingFetch } from '../../sdk/src/retry.js';
import { createParser, type StreamHints } from '../../sdk/src/sse.js';
import { verdictOf } from '../../sdk/src/verdict.js';
import { within } from '../../sdk/src/within.js';
import { hasEnded, TRADE_STATES } from '../../contract/views.js';

const ADDRESS = 'http://127.0.0.1:1/api/v1/signals?wait=verdict';
const keyed = () =>
  new Request(ADDRESS, {
    method: 'POST',
    headers: { 'idempotency-key': 's-1' },
    body: '{"id":"s-1"}',
  });
const unkeyed = () => new Request(ADDRESS, { method: 'POST', body: '{}' });
const QUICK = { firstDelayMs: 1, delayMaxMs: 5 };

type Scripted = Error | { status: number; headers?: Record<string, string>; body?: string };

/** Answers in this order, the last one for ever; keeps what was sent, and when. */
function scripted(...answers: Scripted[]) {
  const bodies: string[] = [];
  const sentAtMs: number[] = [];
  const send = async (request: Request): Promise<Response> => {
    sentAtMs.push(performance.now());
    bodies.push(await request.text());
    const next = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (next instanceof Error) throw next;
    return new Response(next.body ?? '{}', { status: next.status, headers: next.headers ?? {} });
  };
  return { send, bodies, sentAtMs };
}

const cut = () => new TypeError('fetch failed', { cause: new Error('socket hang up') });
const problem = (status: number, code: string, headers = {}): Scripted => {
  return { status, headers, body: JSON.stringify({ code, detail: 'told so' }) };
};

describe('[SDK-1] asks again', () => {
  test.each([
    ['no answer', cut()],
    ['a 503', problem(503, 'UNKNOWN_OUTCOME')],
    ['a 500', problem(500, 'INTERNAL')],
    ['a 429', problem(429, 'RATE_LIMITED')],
  ])('after %s, with the same body', async (_, first) => {
    const { send, bodies } = scripted(first, first, { status: 202 });
    const answer = await retryingFetch(send, QUICK)(keyed());
    expect([answer.status, bodies]).toEqual([202, Array(3).fill('{"id":"s-1"}')]);
  });

  test('after an answer whose body breaks off', async () => {
    let count = 0;
    const send = async (): Promise<Response> => {
      count += 1;
      if (count > 1) return new Response('{"whole": true}');
      const broken = new ReadableStream({ pull: (controller) => controller.error(cut()) });
      return new Response(broken);
    };
    const answer = await retryingFetch(send, QUICK)(keyed());
    expect(await answer.json()).toEqual({ whole: true });
  });

  test('not before what Retry-After asks for', async () => {
    const { send, sentAtMs } = scripted(problem(429, 'RATE_LIMITED', { 'retry-after': '1' }), {
      status: 202,
    });
    await retryingFetch(send, QUICK)(keyed());
    // Timers may fire a millisecond early.
    expect(sentAtMs[1]! - sentAtMs[0]!).toBeGreaterThanOrEqual(990);
  });
});

describe('[SDK-1] does not ask again', () => {
  test.each([400, 401, 403, 404, 408, 409, 413, 422])('after a %i', async (status) => {
    const { send, bodies } = scripted({ status });
    expect((await retryingFetch(send, QUICK)(keyed())).status).toBe(status);
    expect(bodies).toHaveLength(1);
  });

  test('what has no key: nobody knows whether it was done', async () => {
    const { send, bodies } = scripted(cut());
    const asked = retryingFetch(send, QUICK)(unkeyed());
    await expect(asked).rejects.toThrow(OutcomeUnknownError);
    await expect(asked).rejects.toThrow(/POST \/api\/v1\/signals: no answer .*socket hang up/);
    expect(bodies).toHaveLength(1);
    const refused = scripted({ status: 503 });
    expect((await retryingFetch(refused.send, QUICK)(unkeyed())).status).toBe(503);
    expect(refused.bodies).toHaveLength(1);
  });

  test('what the caller gave up', async () => {
    const stop = new AbortController();
    const { send, bodies } = scripted(cut());
    const request = new Request(keyed(), { signal: stop.signal });
    const asked = retryingFetch(send, { firstDelayMs: 60_000 })(request);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    expect(bodies.length).toBeLessThan(2);
  });
});

describe('[SDK-1] gives up, and says how the last attempt ended', () => {
  test('after so many attempts', async () => {
    const { send, bodies } = scripted(problem(503, 'UNAVAILABLE'));
    const asked = retryingFetch(send, { ...QUICK, attemptsMax: 4 })(keyed());
    await expect(asked).rejects.toThrow(GaveUpError);
    await expect(asked).rejects.toThrow(/after 4 attempts .* 503 UNAVAILABLE told so/);
    expect(bodies).toHaveLength(4);
  });

  test('at once, when it would have to wait beyond its time', async () => {
    const { send, bodies } = scripted(problem(429, 'RATE_LIMITED', { 'retry-after': '3600' }));
    await expect(retryingFetch(send, QUICK)(keyed())).rejects.toThrow(/after 1 attempt /);
    expect(bodies).toHaveLength(1);
  });

  test('on a server that never answers', async () => {
    const send = (request: Request) =>
      new Promise<Response>((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
      });
    const asked = retryingFetch(send, { ...QUICK, attemptMs: 20, attemptsMax: 2 })(keyed());
    await expect(asked).rejects.toThrow(/after 2 attempts .*no answer within 20 ms/);
  });
});

test('[SDK-1] waits grow to their bound, and differ', () => {
  const waits = (attempts: number) =>
    Array.from({ length: 200 }, () => delayMs(RETRY_DEFAULTS, attempts, null));
  for (const [attempts, wholeMs] of [
    [1, 200],
    [2, 400],
    [6, 6_400],
    [7, 10_000],
    [60, 10_000],
  ] as const) {
    const seen = waits(attempts);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(wholeMs / 2);
    expect(Math.max(...seen)).toBeLessThanOrEqual(wholeMs);
    expect(new Set(seen).size).toBeGreaterThan(100);
  }
});

test('[SDK-1] Retry-After is read as seconds and as a date', () => {
  const nowMs = Date.parse('2026-11-23T10:00:00Z');
  expect(retryAfterMs('7', nowMs)).toBe(7_000);
  expect(retryAfterMs('Mon, 23 Nov 2026 10:00:09 GMT', nowMs)).toBe(9_000);
  expect(retryAfterMs('Mon, 23 Nov 2026 09:00:00 GMT', nowMs)).toBe(0);
  expect([retryAfterMs('soon', nowMs), retryAfterMs(null, nowMs)]).toEqual([null, null]);
});

describe('server-sent events', () => {
  const STREAM =
    'retry: 70\n\n: beat\n\nid: 5\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: reset\ndata: {}\n\ndata\n\nid: 6\ndata: half';

  test.each([1, 2, 7, 1_000])('are read from pieces of %i characters', (size) => {
    const hints: StreamHints = {};
    const parse = createParser(hints);
    const seen = [];
    for (let at = 0; at < STREAM.length; at += size)
      seen.push(...parse(STREAM.slice(at, at + size)));
    expect(seen).toEqual([
      { id: '5', event: 'message', data: '{"a":\n1}' },
      { id: '5', event: 'reset', data: '{}' },
      { id: '5', event: 'message', data: '' },
    ]);
    expect(hints.retryMs).toBe(70);
  });
});

test('following ends when it is told to, also when nobody below heeds that', async () => {
  const stop = new AbortController();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('id: 1\ndata: {}\n\n')),
  });
  const authorization = () => Promise.resolve('Bearer t');
  const connection = {
    url: 'http://127.0.0.1:1',
    authorization,
    send: async () => new Response(body),
  };
  const events = follow(connection, { signal: stop.signal });
  expect((await events.next()).value).toEqual({ kind: 'event', event: {} });
  const next = events.next();
  // It waits for the stream by then.
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect((await next).done).toBe(true);
});

test('a wait that is given up before it begins leaves no failure behind', async () => {
  const work = Promise.reject(cut());
  const gone = AbortSignal.abort(new Error('enough'));
  await expect(within(work, { ms: 1_000, late: 'late', signal: gone })).rejects.toThrow('enough');
  // A rejection that nobody has taken would end the process about now.
  await new Promise((resolve) => setImmediate(resolve));
});

test('a stream that had nothing to tell for long is no failure when it breaks', async () => {
  const GIVE_UP_MS = 20;
  let opened = 0;
  const send = async (): Promise<Response> => {
    opened += 1;
    const text = opened === 1 ? ': \n\n' : 'retry: 1\n\nid: 7\ndata: {}\n\n';
    const start = (controller: ReadableStreamDefaultController): void => {
      controller.enqueue(new TextEncoder().encode(text));
      if (opened === 1) setTimeout(() => controller.error(cut()), 2 * GIVE_UP_MS);
    };
    return new Response(new ReadableStream({ start }));
  };
  const authorization = () => Promise.resolve('Bearer t');
  const events = follow(
    { url: 'http://127.0.0.1:1', authorization, send },
    { giveUpMs: GIVE_UP_MS },
  );
  expect((await events.next()).value).toEqual({ kind: 'event', event: {} });
  expect(opened).toBe(2);
  await events.return(undefined);
});

test('a state that nothing follows is a verdict, as the server has it', () => {
  for (const state of TRADE_STATES) {
    const isOver = hasEnded(state) || state === 'AWAITING_APPROVAL';
    expect([state, verdictOf({ state, decisions: [] } as never) !== null]).toEqual([state, isOver]);
  }
});
