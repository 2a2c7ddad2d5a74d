/** `GET /api/v1/events`, followed over breaks: each event once, in order. */
import { BallastProblem, GaveUpError, reasonOf } from './errors.js';
import type { operations } from './generated/api.js';
import { delayMs, isWorthRepeating, pause, RETRY_DEFAULTS, type Fetch } from './retry.js';
import { readEvents, type StreamHints } from './sse.js';
import { within } from './within.js';

type Timeline =
  operations['getTimeline']['responses'][200]['content']['application/json']['items'][number];

/** Something that happened to a trade. */
export type TradeEvent = Timeline & { readonly trade_id: string };

/** `reset`: the id to go on from is not known (a restored database): read everything anew. */
export type Followed =
  { readonly kind: 'event'; readonly event: TradeEvent } | { readonly kind: 'reset' };

export interface FollowOptions {
  /** Goes on behind this event; `0`: everything there is. Without it: what happens from now on. */
  readonly after?: string;
  /** Of this trade alone. */
  readonly tradeId?: string;
  /** Ends it: the loop ends without an error. */
  readonly signal?: AbortSignal;
  /** Without a stream for so long, it is given up. Default 600,000 (ten minutes). */
  readonly giveUpMs?: number;
  /** A stream on which nothing comes is dead. Default 45,000: three of the server's beats. */
  readonly silentMs?: number;
}

const GIVE_UP_MS = 600_000;
const SILENT_MS = 45_000;
/** A server that takes longer to begin an answer is not well. */
const OPEN_MS = 30_000;
const PATH = '/api/v1/events';
const NAME = `GET ${PATH}`;

/** Where it asks, and as whom. */
export interface Connection {
  readonly url: string;
  readonly send: Fetch;
  readonly authorization: () => Promise<string>;
}

/**
 * Follows until it is told to stop. A stream that breaks, or ends after its hour, is taken up behind the last
 * event, so none is left out or told twice.
 * @throws BallastProblem when it is refused; GaveUpError after `giveUpMs` without a stream
 */
export async function* follow(
  connection: Connection,
  options: FollowOptions = {},
): AsyncGenerator<Followed> {
  const { signal, giveUpMs = GIVE_UP_MS, silentMs = SILENT_MS } = options;
  const hints: StreamHints = {};
  let after = options.after;
  let failures = 0;
  let aliveAtMs = Date.now();
  for (;;) {
    if (signal?.aborted) return;
    let why = 'the stream ended';
    let answer: Response | null = null;
    try {
      answer = await open(connection, { ...options, ...(after !== undefined && { after }) });
      if (!answer.ok) why = await refusal(answer);
      else if (answer.body) {
        failures = 0;
        try {
          for await (const told of readEvents(answer.body, hints, silentMs, signal)) {
            yield followedOf(told.event, told.data);
          }
        } finally {
          // Until now it was one, however little it had to tell.
          aliveAtMs = Date.now();
          after = hints.lastId ?? after;
        }
      }
    } catch (error) {
      if (error instanceof BallastProblem || error instanceof SyntaxError) throw error;
      why = reasonOf(error);
    }
    if (signal?.aborted) return;
    failures += 1;
    const silentForMs = Date.now() - aliveAtMs;
    if (silentForMs > giveUpMs) throw new GaveUpError(NAME, failures, silentForMs, why);
    const bounds = {
      ...RETRY_DEFAULTS,
      firstDelayMs: hints.retryMs ?? RETRY_DEFAULTS.firstDelayMs,
    };
    await pause(delayMs(bounds, failures, answer), signal).catch(() => undefined);
  }
}

async function open(
  { url, send, authorization }: Connection,
  { after, tradeId, signal }: FollowOptions,
): Promise<Response> {
  const address = new URL(`${url}${PATH}`);
  if (tradeId !== undefined) address.searchParams.set('trade_id', tradeId);
  const headers = {
    accept: 'text/event-stream',
    authorization: await authorization(),
    ...(after !== undefined && { 'last-event-id': after }),
  };
  const asked = send(new Request(address, { headers, ...(signal && { signal }) }));
  return within(asked, { ms: OPEN_MS, late: `no answer within ${OPEN_MS} ms`, signal });
}

/** @returns why, when it is worth asking again. @throws BallastProblem otherwise */
async function refusal(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const problem = new BallastProblem(NAME, answer.status, body);
  if (!isWorthRepeating(answer.status)) throw problem;
  return problem.message;
}

function followedOf(event: string, data: string): Followed {
  if (event === 'reset') return { kind: 'reset' };
  return { kind: 'event', event: JSON.parse(data) as TradeEvent };
}
