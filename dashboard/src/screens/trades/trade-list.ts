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
    try {
      do {
        const query = { ...this.filters, limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const page = await readTrades(query);
        if (this.isOver) return;
        rows.push(...page.items);
        cursor = page.next_cursor ?? undefined;
        this.become({ rows: [...rows], error: null });
      } while (cursor !== undefined && rows.length < ROWS_MAX);
      this.become({ isLoading: false, isCut: cursor !== undefined });
    } catch (error) {
      this.become({ isLoading: false, error });
      this.refreshSoon();
    }
  }

  private refreshSoon(): void {
    if (this.isOver) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, REFRESH_AFTER_MS);
  }

  private async refresh(): Promise<void> {
    if (this.state.rows.length === 0 && !this.state.isLoading) return this.load();
    try {
      const { items } = await readTrades({ ...this.filters, limit: PAGE });
      const byId = new Map(items.map((trade) => [trade.id, trade]));
      const asked = [...this.changed].filter((id) => !byId.has(id)).slice(0, SINGLES_MAX);
      this.changed.clear();
      const known = new Set(this.state.rows.map(({ id }) => id));
      const gone = new Set<string>();
      for (const id of asked.filter((each) => known.has(each))) {
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
      this.refreshSoon();
    }
  }
}

/** The trades that the filters let through. */
export function useTradeList(filters: TradeFilters): ListState {
  const key = JSON.stringify(filters);
  const list = useMemo(() => new TradeList(JSON.parse(key) as TradeFilters), [key]);
  useEffect(() => list.begin(), [list]);
  useEventListener(useCallback((event: TradeEvent) => list.touch(event.trade_id), [list]));
  return useSyncExternalStore(list.watch, list.now);
}
