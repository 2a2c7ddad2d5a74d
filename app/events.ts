/** What happens to trades, told while it happens, in an order that can be taken up again behind any event. */
import type { EventView } from '../contract/views.js';
import type { Database } from '../store/database.js';
import { eventMark, listEvents } from '../store/reads.js';
import type { App } from './app.js';
import { NOTHING_SETTLED, settle, type Settled } from './settled-events.js';

/** An event is told with the second look after it, within a tenth of a second; nothing is looked at while nobody follows. */
const LOOK_MS = 40;
/** Read at a time for one follower. */
const PAGE = 200;

export interface Following {
  /** Goes on behind this event; null: with what happens from now on. */
  readonly after: bigint | null;
  /** Null: all of the user's trades. */
  readonly tradeId: string | null;
  /** A sign of life is given when nothing has happened for so long. */
  readonly beatMs: number;
  readonly signal: AbortSignal;
}

/** What a follower is given. */
export type Followed =
  | { readonly kind: 'events'; readonly events: readonly EventView[] }
  | { readonly kind: 'beat' }
  /** Where it begins that was not told where: what breaks before its first event is taken up behind this. */
  | { readonly kind: 'begin'; readonly after: bigint }
  /** What is gone on behind is not known here: read everything anew. The database was restored. */
  | { readonly kind: 'reset' };

export interface EventFeed {
  /** Ends when its signal is aborted, or the feed is closed. @throws when the database goes away */
  follow(app: App, following: Following): AsyncGenerator<Followed>;
  close(): void;
}

/** One look at the database serves all followers of a process. */
export function openEventFeed(db: Database): EventFeed {
  const looks = new Looks(db);
  return {
    follow: (app, following) => follow(looks, app, following),
    close: () => looks.close(),
  };
}

async function* follow(looks: Looks, app: App, following: Following): AsyncGenerator<Followed> {
  const { after, tradeId, beatMs, signal } = following;
  const leave = looks.join();
  try {
    let cursor: bigint | null = null;
    while (!signal.aborted && !looks.isClosed) {
      const { upTo } = looks;
      if (upTo !== null && cursor === null) {
        const isKnown = after !== null && after <= upTo;
        cursor = isKnown ? after : upTo;
        if (after !== null && !isKnown) yield { kind: 'reset' };
        if (!isKnown) yield { kind: 'begin', after: upTo };
      }
      if (upTo === null || cursor === null || upTo <= cursor) {
        if (!(await looks.changed(beatMs, signal))) yield { kind: 'beat' };
        continue;
      }
      const range = { after: cursor, upTo, tradeId, limit: PAGE };
      const events = await listEvents(app.db, app.userId, range);
      const last = events.at(-1);
      cursor = events.length < PAGE || !last ? upTo : BigInt(last.id);
      if (events.length > 0) yield { kind: 'events', events };
    }
  } finally {
    leave();
  }
}

/** Looks again and again while somebody follows. */
class Looks {
  private followers = 0;
  private settled: Settled = NOTHING_SETTLED;
  private timer: NodeJS.Timeout | undefined;
  /** Grows when looking begins anew: a look of before says nothing then. */
  private round = 0;
  private readonly waiting = new Set<() => void>();
  isClosed = false;

  constructor(private readonly db: Database) {}

  get upTo(): bigint | null {
    return this.settled.upTo;
  }

  /** @returns how to leave */
  join(): () => void {
    this.followers += 1;
    if (this.followers === 1) {
      // What was settled when the last one left may be far behind what another process has told since.
      this.settled = NOTHING_SETTLED;
      this.round += 1;
      this.lookLater(0);
    }
    return () => {
      this.followers -= 1;
      if (this.followers === 0) clearTimeout(this.timer);
    };
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.wake();
  }

  /** @returns false when nothing has changed for so long */
  changed(withinMs: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.isClosed) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (isChanged: boolean) => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve(isChanged);
      };
      const wake = () => end(true);
      const timer = setTimeout(() => end(false), withinMs);
      this.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  private lookLater(ms: number): void {
    this.timer = setTimeout(() => void this.look(), ms);
  }

  private async look(): Promise<void> {
    const { round } = this;
    // A database that is away is found out to be back by a later look; beats go on meanwhile.
    const mark = await eventMark(this.db).catch(() => null);
    if (round !== this.round || this.followers === 0 || this.isClosed) return;
    const before = this.settled.upTo;
    if (mark !== null) this.settled = settle(this.settled, mark, Date.now());
    if (this.settled.upTo !== before) this.wake();
    this.lookLater(LOOK_MS);
  }

  private wake(): void {
    for (const each of [...this.waiting]) each();
  }
}
