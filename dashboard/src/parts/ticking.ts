/** The time, for whatever shows an age: one timer for the whole page. */
import { useSyncExternalStore } from 'react';

const EVERY_MS = 1_000;

let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of [...watchers]) each();
  }, EVERY_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the epoch, to the second. */
export function useNowMs(): number {
  return useSyncExternalStore(watch, () => nowMs);
}
