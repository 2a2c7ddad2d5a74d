/** `GET /events`: what happens to trades, while it happens (server-sent events), taken up again by id. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { openEventFeed, type EventFeed, type Followed, type Following } from '../../app/events.js';
import type { App } from '../../app/app.js';
import type { SessionGate } from '../../app/sessions.js';
import { Problem } from '../problems.js';
import { addEndpoint, type Asked } from '../route.js';
import type { RouteDeps } from '../routes.js';

/** Proxies close what is silent for a minute. */
const BEAT_MS = 15_000;
/** A stream that ends is taken up again by id: none stays open for ever, on whatever terms it began. */
const STREAM_MAX_MS = 3_600_000;
/** As long may a stream go on that another process has called back. */
const LIVE_EVERY_MS = 5_000;
/** How long a client waits before it comes again. */
const RETRY_MS = 2_000;

const eventId = z.string().regex(/^\d{1,18}$/, { error: 'expected the id of an event' });

const query = z.strictObject({
  trade_id: z.uuid().optional().meta({ description: 'Only of this trade.' }),
  last_event_id: eventId
    .optional()
    .meta({ description: 'As the header Last-Event-ID; 0: everything there is.' }),
});

const headers = z.looseObject({
  'last-event-id': eventId
    .optional()
    .meta({ description: 'Goes on behind this event; without it with what happens from now on.' }),
});

const DESCRIPTION = `Each \`data\` is an event as in a trade's timeline, with \`id\`, \`trade_id\`, \`at\`, \`kind\`,
\`summary\` and \`detail\`. Ids grow, and none is left out: a stream that broke is taken up behind its last id. One that
begins now tells its first id before any event, with no \`data\`. The event \`reset\` says that this id is not known here
(a restored database): read everything anew. A stream ends with its token (within seconds when it is called back), and after
an hour at the most.`;

/** Adds it. */
export function addEvents(server: FastifyInstance, { shared, gate }: RouteDeps): void {
  const feed = openEventFeed(shared.db);
  const streams = new Set<AbortController>();
  // Before the server waits for its connections to end.
  server.addHook('preClose', (done) => {
    feed.close();
    for (const each of streams) each.abort();
    done();
  });
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/events', id: 'followEvents', tag: 'trades', scope: 'read' },
    ...{ summary: 'What happens to trades, while it happens', description: DESCRIPTION },
    ...{ query, headers },
    answers: { 200: { description: 'A stream.', schema: z.string(), type: 'text/event-stream' } },
    problems: ['TOO_MANY_STREAMS'],
    handle: (asked) => {
      if (streams.size >= shared.config.apiStreamsMax) {
        const detail = 'API_STREAMS_MAX streams are open: close one, or wait';
        throw new Problem('TOO_MANY_STREAMS', detail, { headers: { 'retry-after': '5' } });
      }
      return Promise.resolve(streamOf({ feed, streams, gate }, asked));
    },
  });
}

interface StreamDeps {
  readonly feed: EventFeed;
  readonly streams: Set<AbortController>;
  readonly gate: SessionGate;
}

function streamOf(
  { feed, streams, gate }: StreamDeps,
  {
    app,
    query: given,
    headers: head,
    request,
    reply,
  }: Asked<unknown, z.output<typeof query>, unknown>,
): Readable {
  const stop = new AbortController();
  streams.add(stop);
  const leftMs = (request.caller?.expiresAtMs ?? 0) - Date.now();
  const timer = setTimeout(() => stop.abort(), Math.max(0, Math.min(leftMs, STREAM_MAX_MS)));
  const looks = setInterval(() => void endUnlessLive(gate, request, stop), LIVE_EVERY_MS);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    clearInterval(looks);
    streams.delete(stop);
    stop.abort();
  });
  void reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
  const last = head['last-event-id'] ?? given.last_event_id;
  const following: Following = {
    after: typeof last === 'string' ? BigInt(last) : null,
    tradeId: given.trade_id ?? null,
    ...{ beatMs: BEAT_MS, signal: stop.signal },
  };
  return Readable.from(linesOf(feed, app, following), { objectMode: false });
}

/** Whose token is called back hears no more of it. */
async function endUnlessLive(
  gate: SessionGate,
  { caller, ip, headers }: FastifyRequest,
  stop: AbortController,
): Promise<void> {
  if (!caller?.session) return;
  const use = { from: ip, by: headers['user-agent'] ?? null };
  // While the database can't say, it tells no events either.
  const isLive = await gate.isLive(caller.session, use).catch(() => true);
  if (!isLive) stop.abort();
}

async function* linesOf(feed: EventFeed, app: App, following: Following): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  try {
    for await (const told of feed.follow(app, following)) yield textOf(told);
  } catch {
    // The database went away: the stream ends, and whoever follows comes again behind the last id.
  }
}

/** As the HTML standard has it: JSON has no line breaks of its own. */
function textOf(told: Followed): string {
  if (told.kind === 'beat') return ': \n\n';
  // An id without data is no event: whoever follows keeps it as the last one.
  if (told.kind === 'begin') return `id: ${told.after}\n\n`;
  if (told.kind === 'reset') return 'event: reset\ndata: {}\n\n';
  return told.events.map((event) => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
