/**
 * Lists with an end marker. Most of them carry no request id, so one of a kind runs at a time, and an
 * end marker that comes late from an unanswered earlier request must not complete this one.
 */
import type { Listing } from '../port.js';
import type { EpochMs } from '../../domain/vocabulary.js';

export interface ListingOptions {
  readonly nowMs: () => EpochMs;
  readonly timeoutMs: number;
  /** Writes the request; rejects with NotSentError when it could not be written. */
  readonly request: (isWanted: () => boolean) => Promise<unknown>;
}

interface Running<T> {
  readonly items: Map<string, T>;
  readonly end: (complete: boolean, failure?: Error) => void;
  endMarkersToCome: number;
}

export class ListingKind<T> {
  private running: Running<T> | null = null;
  /** The list asked for last, until it begins; whoever asks meanwhile gets the same. */
  private next: Promise<Listing<T>> | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  /** Requests on this connection whose end marker has not come. */
  private owedEndMarkers = 0;

  constructor(private readonly options: ListingOptions) {}

  /**
   * A list that begins after this call. One that runs began before it and may lack what the caller knows, so
   * all who ask meanwhile share the one after it: at most one runs and one waits.
   * @returns the items; `complete` is false when the deadline or a lost connection came first.
   * Rejects with NotSentError when the request never left.
   */
  fetch(): Promise<Listing<T>> {
    if (this.next !== null) return this.next;
    const result = this.tail.then(() => {
      this.next = null;
      return this.fetchNow();
    });
    this.next = result;
    this.tail = result.catch(() => undefined);
    return result;
  }

  /**
   * One item of the running list; a later item of the same key replaces or completes the former.
   * False when no list runs.
   */
  take(key: string, merge: (former: T | undefined) => T): boolean {
    const items = this.running?.items;
    return items?.set(key, merge(items.get(key))) !== undefined;
  }

  takeEnd(): void {
    if (this.owedEndMarkers > 0) this.owedEndMarkers -= 1;
    const { running } = this;
    if (!running) return;
    running.endMarkersToCome -= 1;
    if (running.endMarkersToCome === 0) running.end(true);
    else running.items.clear(); // they answered the earlier request
  }

  /** The connection is gone: nothing more comes, and nothing is owed on the next one. */
  abort(): void {
    this.running?.end(false);
    this.owedEndMarkers = 0;
  }

  private fetchNow(): Promise<Listing<T>> {
    const { nowMs, timeoutMs, request } = this.options;
    const startedAtMs = nowMs();
    return new Promise((resolve, reject) => {
      const items = new Map<string, T>();
      const endMarkersToCome = this.owedEndMarkers + 1;
      const timer = setTimeout(() => running.end(false), timeoutMs);
      const running: Running<T> = {
        items,
        endMarkersToCome,
        end: (complete, failure) => {
          clearTimeout(timer);
          this.running = null;
          // Some marker came but not enough of them: the earlier one is lost for good.
          const someCame = running.endMarkersToCome < endMarkersToCome;
          if (!complete && someCame) this.owedEndMarkers = 0;
          if (failure) reject(failure);
          else resolve({ items: [...items.values()], complete, startedAtMs, endedAtMs: nowMs() });
        },
      };
      this.running = running;
      this.owedEndMarkers += 1;
      request(() => this.running === running).catch((error: unknown) => {
        this.owedEndMarkers = Math.max(0, this.owedEndMarkers - 1); // it never left
        if (this.running !== running) return;
        running.end(false, error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
}
