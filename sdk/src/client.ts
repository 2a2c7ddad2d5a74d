/** The client: signals in, what became of them out. */
import createHttp, { type Client as HttpClient } from 'openapi-fetch';
import { BallastProblem, NotJudgedError } from './errors.js';
import { follow, type FollowOptions, type Followed } from './events.js';
import type { components, operations, paths } from './generated/api.js';
import { pause, retryingFetch, type Fetch, type RetryOptions } from './retry.js';
import { verdictOf, type Verdict } from './verdict.js';

type Schemas = components['schemas'];

/** What is handed in; docs/signals.md has every field. Write decimals as text. */
export type Signal = operations['submitSignal']['requestBody']['content']['application/json'];
export type SignalAnswer = Schemas['SignalAnswer'];
export type Trade = Schemas['Trade'];
/** With its decisions, orders, executions and timeline. */
export type TradeWhole = Schemas['TradeWhole'];
export type Position = Schemas['Position'];
export type CommandTaken = Schemas['CommandTaken'];
export type TradeFilter = Omit<
  NonNullable<operations['listTrades']['parameters']['query']>,
  'cursor' | 'limit'
>;

export interface BallastOptions {
  /** Such as `http://127.0.0.1:8484`. */
  readonly url: string;
  /** What `ballast token --scope read,trade` prints, or what gives one: it is asked before each request. */
  readonly token: string | (() => string | Promise<string>);
  readonly retry?: RetryOptions;
  /** Instead of the global one, for proxies and tests. */
  readonly fetch?: Fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface WaitOptions extends CallOptions {
  /** Default 60,000. */
  readonly timeoutMs?: number;
}

export interface CommandOptions extends CallOptions {
  /** The same key for the same trade is the same command. Made for each call unless it is given. */
  readonly key?: string;
}

/** A signal's judgement, and its trade at that moment. */
export interface Judged {
  readonly verdict: Verdict;
  readonly trade: TradeWhole;
}

const WAIT_MS = 60_000;
/** The server answers within that; the client asks again. */
const SERVER_WAIT_MS = 10_000;
const POLL_MS = 500;
const PAGE_ROWS = 200;

/** A client of one installation. Safe to share; it keeps no connection open by itself. */
export class Ballast {
  /** Every endpoint of the document, typed. What can't do harm twice is asked again, as everywhere. */
  readonly http: HttpClient<paths>;
  readonly #url: string;
  readonly #send: Fetch;
  readonly #authorization: () => Promise<string>;

  constructor({ url, token, retry, fetch: own }: BallastOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#send = own ?? ((request) => fetch(request));
    this.#authorization = async () => `Bearer ${typeof token === 'string' ? token : await token()}`;
    this.http = createHttp<paths>({
      baseUrl: this.#url,
      fetch: retryingFetch(this.#send, retry),
    });
    this.http.use({
      onRequest: async ({ request }) => {
        request.headers.set('authorization', await this.#authorization());
        return request;
      },
    });
  }

  /**
   * Hands in a signal, once for ever by its id: however often it is sent, also by another process, it is one trade.
   * @returns as soon as it is kept; what becomes of it: `verdict`
   * @throws BallastProblem when it is refused; GaveUpError when nobody answers: the same call does it only once
   */
  async submit(signal: Signal, options: CallOptions = {}): Promise<SignalAnswer> {
    return this.#submit(signal, {}, options);
  }

  /** The same, and waits until it is judged. @throws NotJudgedError as well, when that takes too long */
  async submitAndWait(signal: Signal, options: WaitOptions = {}): Promise<Judged> {
    const timeoutMs = options.timeoutMs ?? WAIT_MS;
    const deadlineMs = Date.now() + timeoutMs;
    const query = { wait: 'verdict', wait_ms: Math.min(timeoutMs, SERVER_WAIT_MS) } as const;
    const { trade_id: tradeId, trade } = await this.#submit(signal, query, options);
    const verdict = trade && verdictOf(trade);
    if (verdict) return { verdict, trade };
    return this.#verdict(tradeId, { ...options, timeoutMs }, deadlineMs);
  }

  /** Waits until a trade's signal is judged: approved, denied, waiting for a person, or over. @throws NotJudgedError */
  async verdict(tradeId: string, options: WaitOptions = {}): Promise<Judged> {
    return this.#verdict(tradeId, options, Date.now() + (options.timeoutMs ?? WAIT_MS));
  }

  /** One trade, whole. @throws BallastProblem with NOT_FOUND */
  async trade(id: string, options: CallOptions = {}): Promise<TradeWhole> {
    const params = { path: { id } };
    return given(
      'GET /api/v1/trades/{id}',
      await this.http.GET('/api/v1/trades/{id}', { params, ...options }),
    );
  }

  /** Trades that the filter lets through, newest first, page by page as they are read. */
  async *trades(filter: TradeFilter = {}, options: CallOptions = {}): AsyncGenerator<Trade> {
    let cursor: string | null = null;
    do {
      const query = { ...filter, limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const page: { items: Trade[]; next_cursor: string | null } = given(
        'GET /api/v1/trades',
        await this.http.GET('/api/v1/trades', { params: { query }, ...options }),
      );
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /** What is held, and the stops that protect it. */
  async positions(options: CallOptions = {}): Promise<Position[]> {
    return given('GET /api/v1/positions', await this.http.GET('/api/v1/positions', { ...options }))
      .items;
  }

  /** Has a trade closed: what is unfilled is cancelled, what is held is sold. @throws BallastProblem with REFUSED */
  async close(tradeId: string, options: CommandOptions = {}): Promise<CommandTaken> {
    const answer = await this.http.POST('/api/v1/trades/{id}/close', command(tradeId, options));
    return given('POST /api/v1/trades/{id}/close', answer);
  }

  /** Takes back what of a trade's entry has not filled. @throws BallastProblem with REFUSED */
  async cancel(tradeId: string, options: CommandOptions = {}): Promise<CommandTaken> {
    const answer = await this.http.POST('/api/v1/trades/{id}/cancel', command(tradeId, options));
    return given('POST /api/v1/trades/{id}/cancel', answer);
  }

  /**
   * What happens to trades, while it happens; a stream that breaks is taken up where it was.
   * @throws BallastProblem when it is refused; GaveUpError after `giveUpMs` without a stream
   */
  events(options: FollowOptions = {}): AsyncGenerator<Followed> {
    const connection = {
      ...{ url: this.#url, send: this.#send, authorization: this.#authorization },
    };
    return follow(connection, options);
  }

  async #submit(
    signal: Signal,
    query: { readonly wait?: 'verdict'; readonly wait_ms?: number },
    { signal: abort }: CallOptions,
  ): Promise<SignalAnswer> {
    const params = { query, header: { 'idempotency-key': signal.id } };
    const options = { params, body: signal, ...(abort && { signal: abort }) };
    return given('POST /api/v1/signals', await this.http.POST('/api/v1/signals', options));
  }

  async #verdict(tradeId: string, options: WaitOptions, deadlineMs: number): Promise<Judged> {
    const { timeoutMs = WAIT_MS, ...call } = options;
    for (;;) {
      const trade = await this.trade(tradeId, call);
      const verdict = verdictOf(trade);
      if (verdict) return { verdict, trade };
      if (Date.now() >= deadlineMs) throw new NotJudgedError(tradeId, timeoutMs);
      await pause(POLL_MS, call.signal);
    }
  }
}

function command(id: string, { key = crypto.randomUUID(), signal }: CommandOptions) {
  const params = { path: { id }, header: { 'idempotency-key': key } };
  return { params, ...(signal && { signal }) };
}

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of what was done. @throws BallastProblem for anything else */
function given<T>(request: string, { data, error, response }: Answered<T>): T {
  if (response.ok && data !== undefined) return data;
  throw new BallastProblem(request, response.status, error);
}
