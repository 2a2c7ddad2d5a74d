/** Market data lines: one-off snapshots, and streams that outlive a re-connection. */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { Instrument, Quote } from '../../domain/vocabulary.js';
import { codeRow } from './error-codes.js';
import { encodeContract } from './encode.js';
import { instrumentKey } from './contracts.js';
import type { Settings } from './options.js';
import { BID, BID_SIZE, QuoteState } from './quote-state.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

/** Message id of a price tick: version, request id, type, price, size and attributes follow it. */
const TICK_PRICE_MESSAGE = '1';

interface Line {
  readonly state: QuoteState;
  /** Called once after each batch of ticks that changed the quote. */
  readonly onQuote: () => void;
  readonly onEnd: () => void;
  dirty: boolean;
}

interface Stream {
  readonly instrument: Instrument;
  watchers: number;
  requestId: number | null;
  /** Set after a refusal, which may pass: another session that takes the data ends some time. */
  retryTimer: NodeJS.Timeout | null;
}

export class Quotes {
  private readonly lines = new Map<number, Line>();
  private readonly streams = new Map<string, Stream>();
  private flushing = false;

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly requests: RequestTable,
    private readonly emit: (instrument: Instrument, quote: Quote) => void,
  ) {}

  attach(api: IBApi): void {
    const nowMs = this.settings.nowMs;
    const withLine = (id: number, take: (state: QuoteState) => boolean): void => {
      const line = this.lines.get(id);
      if (line && take(line.state)) this.touch(line);
    };
    api.on(EventName.tickPrice, (id: number, type: number, price: number) =>
      withLine(id, (state) => state.takePrice(type, price, nowMs())),
    );
    // The library loses the bid's size: its tick type is 0, which it takes for "none".
    api.on(EventName.received, ([message, , id, type, , size]: string[]) => {
      if (message !== TICK_PRICE_MESSAGE || Number(type) !== BID) return;
      withLine(Number(id), (state) =>
        state.takeSize(BID_SIZE, size === '' ? undefined : Number(size), nowMs()),
      );
    });
    api.on(EventName.tickSize, (id: number, type: number | undefined, size: number | undefined) =>
      withLine(id, (state) => state.takeSize(type ?? -1, size, nowMs())),
    );
    api.on(EventName.tickGeneric, (id: number, type: number, value: number) =>
      withLine(id, (state) => state.takeGeneric(type, value, nowMs())),
    );
    api.on(EventName.marketDataType, (id: number, type: number) =>
      withLine(id, (state) => {
        state.takeKind(type);
        return false;
      }),
    );
    api.on(EventName.tickSnapshotEnd, (id: number) => this.lines.get(id)?.onEnd());
  }

  /**
   * One quote. Ends early once both sides are known, else when the terminal ends the snapshot.
   * @throws UnknownContractError; BrokerRequestError for missing subscriptions; NoAnswerError.
   */
  snapshot(instrument: Instrument): Promise<Quote> {
    const contract = encodeContract(instrument);
    return this.requests.run<Quote>(
      `quote of ${instrument.symbol}`,
      this.settings.limits.snapshotTimeoutMs,
      ({ id, finish, fail, isOpen }) => {
        const state = new QuoteState();
        const done = (): void => finish(state.quote(this.settings.nowMs()));
        const onQuote = (): void => {
          if (state.isWhole) done();
        };
        this.lines.set(id, { state, onQuote, onEnd: done, dirty: false });
        this.wire
          .ask((api) => api.reqMktData(id, contract, '', true, false), { isWanted: isOpen })
          .catch(fail);
        return () => this.lines.delete(id);
      },
    );
  }

  /**
   * Streams an instrument's quotes until released; several watchers share one line.
   * @returns the release, to be called once.
   * @throws RangeError when all market data lines are in use.
   */
  watch(instrument: Instrument): () => void {
    const key = instrumentKey(instrument);
    const { marketDataLines } = this.settings.limits;
    const known = this.streams.get(key);
    if (!known && this.streams.size >= marketDataLines) {
      throw new RangeError(
        `all ${marketDataLines} market data lines are in use: release one first`,
      );
    }
    const stream = known ?? { instrument, watchers: 0, requestId: null, retryTimer: null };
    stream.watchers += 1;
    if (!known) {
      this.streams.set(key, stream);
      this.request(stream);
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      stream.watchers -= 1;
      if (stream.watchers === 0) this.stop(key, stream);
    };
  }

  /** In sync again: streams without a line are asked for, after the lists that mattered more. */
  resubscribe(): void {
    for (const stream of this.streams.values()) {
      if (stream.requestId === null) this.request(stream);
    }
  }

  /** The lines are gone; the streams stay wanted. */
  connectionLost(): void {
    for (const stream of this.streams.values()) this.forget(stream);
  }

  /** An error on a stream's request id; false when the id is no stream's. */
  takeError(id: number, code: number, message: string): boolean {
    const stream = [...this.streams.values()].find((candidate) => candidate.requestId === id);
    if (!stream) return false;
    const { symbol } = stream.instrument;
    this.settings.logger.warn('the broker remarked on a quote stream', { symbol, code, message });
    if (codeRow(code).errorClass === 'rejection') {
      this.lines.delete(id);
      stream.requestId = null;
      stream.retryTimer = setTimeout(
        () => this.request(stream),
        this.settings.limits.streamRetryMs,
      );
    }
    return true;
  }

  private request(stream: Stream): void {
    const { instrument } = stream;
    const contract = encodeContract(instrument);
    const id = this.requests.takeId();
    const state = new QuoteState();
    const onQuote = (): void => {
      if (state.bothSidesTold) this.emit(instrument, state.quote(this.settings.nowMs()));
    };
    this.forget(stream);
    stream.requestId = id;
    this.lines.set(id, { state, onQuote, onEnd: () => undefined, dirty: false });
    const isWanted = (): boolean => stream.requestId === id;
    this.wire
      .ask((api) => api.reqMktData(id, contract, '', false, false), { isWanted })
      .catch(() => {
        if (stream.requestId !== id) return;
        this.forget(stream);
        this.retryLater(stream);
      });
  }

  private stop(key: string, stream: Stream): void {
    const id = stream.requestId;
    this.streams.delete(key);
    this.forget(stream);
    if (id === null) return;
    this.wire.ask((api) => api.cancelMktData(id)).catch(() => undefined);
  }

  /** Never keeps the process alive: a stream is wanted only as long as something else runs. */
  private retryLater(stream: Stream): void {
    const { streamRetryMs } = this.settings.limits;
    stream.retryTimer = setTimeout(() => this.request(stream), streamRetryMs).unref();
  }

  private forget(stream: Stream): void {
    if (stream.requestId !== null) this.lines.delete(stream.requestId);
    if (stream.retryTimer) clearTimeout(stream.retryTimer);
    stream.requestId = null;
    stream.retryTimer = null;
  }

  /** One event per batch: the ticks of one read are all taken before any quote goes out. */
  private touch(line: Line): void {
    line.dirty = true;
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => {
      this.flushing = false;
      for (const candidate of [...this.lines.values()]) {
        if (!candidate.dirty) continue;
        candidate.dirty = false;
        candidate.onQuote();
      }
    });
  }
}
