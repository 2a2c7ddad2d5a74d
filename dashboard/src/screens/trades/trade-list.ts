/**
 * A list of trades as it is read: page by page, until it is whole or as long as a person looks through; what changes in it
 * is read anew and put in its place, so the list never jumps.
 */
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { answer, http, withinMs } from '../../api/client.js';
import { useEventListener } from '../../api/events.js';
import { readTrades } from '../../api/queries.js';
import type { Trade, TradeEvent, TradeFilters } from '../../api/types.js';

/** The most that the API gives at once. */
const PAGE = 200;
/** Beyond that a narrower filter, or the CSV, serves better. */
const ROWS_MAX = 10_000;
/** A burst of events is one look. */
const REFRESH_AFTER_MS = 300;
/** What could not be read is read again. */
const AGAIN_MS = 1_000;
/** What no event tells of is seen by then. */
const REFRESH_EVERY_MS = 15_000;
/** Changed trades that are not on the first page are read one by one, so many at a time. */
const SINGLES_MAX = 10;

export interface ListState {
  /** Newest first, as they were taken in. */
  readonly rows: readonly Trade[];
  readonly isLoading: boolean;
  /** There are more than are shown. */
  readonly isCut: boolean;
  readonly error: unknown;
}

const NOTHING: ListState = { rows: [], isLoading: true, isCut: false, error: null };

class TradeList {
  private state: ListState = NOTHING;
  private readonly watchers = new Set<() => void>();
  private readonly changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;
  /** All pages came: what is shown is all there is, or as much as is shown at most. */
  private isWhole = false;
  private isReading = false;

  constructor(private readonly filters: TradeFilters) {}

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly now = (): ListState => this.state;

  /** Reads all of it. @returns how to end */
  begin(): () => void {
    this.isOver = false;
    void this.load();
    const every = setInterval(() => this.refreshSoon(), REFRESH_EVERY_MS);
    return () => {
      this.isOver = true;
      clearInterval(every);
      clearTimeout(this.timer);
    };
  }

  /** A trade has changed; it may be one of these now. */
  touch(id: string): void {
    this.changed.add(id);
    this.refreshSoon();
  }

  private become(next: Partial<ListState>): void {
    if (this.isOver) return;
    this.state = { ...this.state, ...next };
    for (const each of [...this.watchers]) each();
  }

  private async load(): Promise<void> {
    const rows: Trade[] = [];
    let cursor: string | undefined;
    this.isReading = true;
    try {
      do {
        const query = { ...this.filters, limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const page = await readTrades(query);
        if (this.isOver) return;
        rows.push(...page.items);
        cursor = page.next_cursor ?? undefined;
        this.become({ rows: [...rows], error: null });
      } while (cursor !== undefined && rows.length < ROWS_MAX);
      this.isWhole = true;
      this.become({ isLoading: false, isCut: cursor !== undefined });
    } catch (error) {
      // A part of a list is none: it goes on to say that it is read.
      this.become({ error });
      this.refreshSoon(AGAIN_MS);
    } finally {
      this.isReading = false;
      if (this.changed.size > 0) this.refreshSoon();
    }
  }

  private refreshSoon(afterMs: number = REFRESH_AFTER_MS): void {
    if (this.isOver) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, afterMs);
  }

  private async refresh(): Promise<void> {
    if (this.isReading) return;
    if (!this.isWhole || this.state.rows.length === 0) return this.load();
    try {
      const { items } = await readTrades({ ...this.filters, limit: PAGE });
      const byId = new Map(items.map((trade) => [trade.id, trade]));
      const known = new Set(this.state.rows.map(({ id }) => id));
      const gone = goneFrom(this.state.rows, items);
      const open = [...this.changed].filter(
        (id) => known.has(id) && !byId.has(id) && !gone.has(id),
      );
      const asked = open.slice(0, SINGLES_MAX);
      this.changed.clear();
      for (const id of open.slice(SINGLES_MAX)) this.touch(id);
      for (const id of asked) {
        const params = { path: { id } };
        byId.set(id, await answer(http.GET('/api/v1/trades/{id}', { params, ...withinMs() })));
        // It changed, and is not among those that the filter lets through any more.
        if (this.filters.status !== undefined) gone.add(id);
      }
      const fresh = items.filter(({ id }) => !known.has(id));
      const kept = this.state.rows.filter(({ id }) => !gone.has(id));
      const rows = [...fresh, ...kept.map((trade) => byId.get(trade.id) ?? trade)];
      this.become({ rows, error: null });
    } catch (error) {
      this.become({ error });
      this.refreshSoon(AGAIN_MS);
    }
  }
}

/** Rows as new as those of the first page that are not on it any more: the filter lets them through no longer. */
function goneFrom(rows: readonly Trade[], firstPage: readonly Trade[]): Set<string> {
  const there = new Set(firstPage.map(({ id }) => id));
  const oldest = firstPage.length < PAGE ? undefined : firstPage.at(-1);
  const isOfPage = ({ created_at: at }: Trade) => oldest === undefined || at > oldest.created_at;
  return new Set(rows.filter((row) => isOfPage(row) && !there.has(row.id)).map(({ id }) => id));
}

/** The trades that the filters let through. */
export function useTradeList(filters: TradeFilters): ListState {
  const key = JSON.stringify(filters);
  const list = useMemo(() => new TradeList(JSON.parse(key) as TradeFilters), [key]);
  useEffect(() => list.begin(), [list]);
  useEventListener(useCallback((event: TradeEvent) => list.touch(event.trade_id), [list]));
  return useSyncExternalStore(list.watch, list.now);
}
