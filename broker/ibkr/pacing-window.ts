/**
 * What still counts against the broker's limit of messages in a second. The broker counts when it reads,
 * not when this system writes: a gateway that was frozen reads in one moment what was written over
 * seconds. So a message counts until a second after it is known to have been read, which a reply to it,
 * or to a later one, proves. Until such a reply it counts for ever; whoever needs room asks for one.
 */

/**
 * The second, and one per cent: the two clocks may run at different rates and round to a millisecond.
 * No margin for late reading is needed, because the count starts only when the reading is proven.
 */
const WINDOW_MS = 1_010;

interface Written {
  /** By what a reply names it; null where none does. */
  readonly mark: string | null;
  readonly writtenAtMs: number;
  readAtMs: number | null;
}

export class PacingWindow {
  /** In the order of the writes; all that were read stand before all that weren't. */
  private readonly messages: Written[] = [];

  constructor(private readonly monotonicMs: () => number) {}

  /** Notes messages that were handed to the socket, each by its mark. */
  wrote(marks: readonly (string | null)[]): void {
    const writtenAtMs = this.monotonicMs();
    for (const mark of marks) this.messages.push({ mark, writtenAtMs, readAtMs: null });
  }

  /** The newest were not written after all. */
  takeBack(count: number): void {
    this.messages.splice(-count, count);
  }

  /** A reply proves that the message of this mark was read, and with it all before; true if it was news. */
  read(mark: string): boolean {
    const index = this.messages.findIndex((message) => message.mark === mark);
    if (index === -1 || this.messages[index]?.readAtMs !== null) return false;
    this.markRead(index + 1);
    return true;
  }

  /** All were read, or never will be: a new session has begun, or the old one is gone. */
  readAll(): void {
    this.markRead(this.messages.length);
  }

  /** When the oldest message was written that isn't known to have been read; null without one. */
  oldestUnreadAtMs(): number | null {
    return this.messages.find(({ readAtMs }) => readAtMs === null)?.writtenAtMs ?? null;
  }

  /** How many count at this moment. */
  used(): number {
    this.forgetOld(this.monotonicMs());
    return this.messages.length;
  }

  /** Milliseconds until so many more fit under the limit; 0 now; null when only a reply can tell. */
  waitMs(messages: number, limit: number): number | null {
    const now = this.monotonicMs();
    this.forgetOld(now);
    const excess = this.messages.length + messages - limit;
    if (excess <= 0) return 0;
    const last = this.messages[excess - 1];
    if (!last || last.readAtMs === null) return null;
    return last.readAtMs + WINDOW_MS - now;
  }

  private markRead(count: number): void {
    const readAtMs = this.monotonicMs();
    for (const message of this.messages.slice(0, count)) message.readAtMs ??= readAtMs;
  }

  private forgetOld(now: number): void {
    const kept = this.messages.findIndex(
      ({ readAtMs }) => readAtMs === null || readAtMs + WINDOW_MS > now,
    );
    this.messages.splice(0, kept === -1 ? this.messages.length : kept);
  }
}
