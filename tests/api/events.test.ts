/** `GET /events`: in the order of ids, none left out, taken up again behind any of them. A real PostgreSQL. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventView } from '../../contract/views.js';
import type { Database } from '../../store/database.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { call, testApi, token, type TestApi } from './support.js';

let api: TestApi;
let tradeId = '';
const open: AbortController[] = [];

beforeAll(async () => {
  api = await testApi({ API_STREAMS_MAX: '5' });
  tradeId = await plannedTrade(api.db, api.ready);
}, 60_000);
afterEach(() => {
  for (const each of open.splice(0)) each.abort();
});
afterAll(async () => api?.close());

type Writer = Pick<Database, '$queryRaw'>;

/** Writes one event. @returns its id */
async function happens(db: Writer, summary: string): Promise<string> {
  const [row] = await db.$queryRaw<{ id: bigint }[]>`
    INSERT INTO trade_events (user_id, trade_id, kind, summary, detail)
    VALUES (${api.ready.ownerId}::uuid, ${tradeId}::uuid, 'test', ${summary}, '{}') RETURNING id`;
  return String(row!.id);
}

interface Stream {
  readonly status: number;
  /** The next event, however long it takes. */
  next(): Promise<EventView>;
  close(): void;
}

async function follow(after: string | null, bearer?: string): Promise<Stream> {
  const stop = new AbortController();
  open.push(stop);
  const answer = await fetch(`${api.url}/api/v1/events`, {
    headers: {
      authorization: `Bearer ${bearer ?? (await token())}`,
      ...(after !== null && { 'last-event-id': after }),
    },
    signal: stop.signal,
  });
  const events = eventsOf(answer.body!);
  return {
    status: answer.status,
    next: async () => (await events.next()).value as EventView,
    close: () => stop.abort(),
  };
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<EventView> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const id = /^id: (\d+)$/m.exec(block)?.[1];
      if (data === undefined || id === undefined) continue;
      const event = JSON.parse(data) as EventView;
      expect(event.id).toBe(id);
      yield event;
    }
  }
}

/** The id that a stream tells before any event. */
async function beginOf(bearer: string): Promise<string> {
  const stop = new AbortController();
  open.push(stop);
  const headers = { authorization: `Bearer ${bearer}` };
  const { body } = await fetch(`${api.url}/api/v1/events`, { headers, signal: stop.signal });
  let text = '';
  for await (const chunk of body!.pipeThrough(new TextDecoderStream()) as AsyncIterable<string>) {
    text += chunk;
    const id = /^id: (\d+)\n\n/m.exec(text)?.[1];
    if (id !== undefined) return id;
  }
  throw new Error(`the stream ended: ${text}`);
}

describe('[API-1] GET /events', () => {
  test('tells what happens, and goes on behind the last id after a break', async () => {
    const first = await happens(api.db, 'first');
    const stream = await follow(String(BigInt(first) - 1n));
    expect((await stream.next()).summary).toBe('first');
    await happens(api.db, 'second');
    const second = await stream.next();
    expect([second.summary, second.trade_id]).toEqual(['second', tradeId]);
    stream.close();
    await happens(api.db, 'while nobody followed');
    await happens(api.db, 'and again');
    const again = await follow(second.id);
    expect((await again.next()).summary).toBe('while nobody followed');
    expect((await again.next()).summary).toBe('and again');
  });

  test('that breaks before its first event is taken up where it began', async () => {
    const began = await beginOf(await token());
    await happens(api.db, 'before anybody came again');
    const again = await follow(began);
    expect((await again.next()).summary).toBe('before anybody came again');
  });

  test('an event that is committed late is told before those that had a higher id', async () => {
    const before = await happens(api.db, 'before');
    const stream = await follow(before);
    let low = '';
    let high = '';
    await api.db.$transaction(
      async (slow) => {
        low = await happens(slow, 'low, but late');
        high = await happens(api.db, 'high, and early');
        // Many looks of the feed: it must not go on behind the higher one.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      },
      { timeout: 10_000 },
    );
    expect(BigInt(low) < BigInt(high)).toBe(true);
    expect((await stream.next()).summary).toBe('low, but late');
    expect((await stream.next()).summary).toBe('high, and early');
  });

  test('[API-2] another user is told nothing of it; a stream ends with its token', async () => {
    const first = await happens(api.db, 'of the owner');
    const other = await token({ user: 'other', expiresInS: 2 });
    const stream = await follow(String(BigInt(first) - 1n), other);
    await happens(api.db, 'of the owner too');
    expect(await stream.next()).toBeUndefined();
  });

  test('no more streams are open than API_STREAMS_MAX says', async () => {
    await Promise.all(Array.from({ length: 5 }, () => follow(null)));
    const { status, body } = await call(api, '/api/v1/events');
    expect([status, body.code]).toEqual([429, 'TOO_MANY_STREAMS']);
  });
});
