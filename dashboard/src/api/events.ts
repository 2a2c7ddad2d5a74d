/** What happens to trades, told to the page while it happens; what is shown of them is read anew. */
import { useEffect, useSyncExternalStore } from 'react';
import { queries } from './queries.js';
import { followStream, type Told } from './stream.js';
import type { TradeEvent } from './types.js';

/** The newest are shown; the rest is on the trades' own pages. */
const KEPT_MAX = 60;
/** A burst of events is one look: the first is looked at at once, the rest together. */
const TOGETHER_MS = 120;
export interface Live {
  /** The stream is open. */
  readonly isOpen: boolean;
  /** Newest first. */
  readonly events: readonly TradeEvent[];
}

type Listener = (event: TradeEvent) => void;

let live: Live = { isOpen: false, events: [] };
const watchers = new Set<() => void>();
const listeners = new Set<Listener>();

function become(next: Live): void {
  live = next;
  for (const watch of [...watchers]) watch();
}

function heed(told: Told): void {
  if (told.kind === 'event') return take(told.event);
  const wasOpen = live.isOpen;
  if (told.kind === 'open') become({ ...live, isOpen: told.isOpen });
  // What happened while nobody told of it.
  if (told.kind === 'reset' || (told.isOpen && !wasOpen)) refreshAll();
}

function take(event: TradeEvent): void {
  become({ ...live, events: [event, ...live.events].slice(0, KEPT_MAX) });
  for (const listen of [...listeners]) listen(event);
  stale.add(event.trade_id);
  if (timer === undefined) refresh();
}

const stale = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

function refresh(): void {
  const ids = [...stale];
  stale.clear();
  void queries.invalidateQueries({ queryKey: ['now'] });
  void queries.invalidateQueries({ queryKey: ['approvals'] });
  for (const id of ids) void queries.invalidateQueries({ queryKey: ['trade', id] });
  timer = setTimeout(() => {
    timer = undefined;
    if (stale.size > 0) refresh();
  }, TOGETHER_MS);
}

function refreshAll(): void {
  void queries.invalidateQueries();
}

/** Follows the stream while the page is logged in. */
export function useEventStream(): void {
  useEffect(() => {
    const end = followStream(heed);
    return () => {
      end();
      become({ ...live, isOpen: false });
    };
  }, []);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** What the stream has told since the page was opened. */
export function useLive(): Live {
  return useSyncExternalStore(watch, () => live);
}

/** Called with each event, once. */
export function useEventListener(listen: Listener): void {
  useEffect(() => {
    listeners.add(listen);
    return () => void listeners.delete(listen);
  }, [listen]);
}
