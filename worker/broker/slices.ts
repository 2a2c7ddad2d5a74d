/** Long reckonings over all trades, cut into slices: the worker's beats and its lease come in between. */
import { setImmediate } from 'node:timers/promises';

/** Far below what a lease allows, and long against what giving way costs. */
const SLICE_MS = 25;

/** `items.filter(keep)`, giving way to everything else that waits after each slice. */
export async function filterInSlices<Item>(
  items: readonly Item[],
  keep: (item: Item) => boolean,
): Promise<Item[]> {
  const kept: Item[] = [];
  let sinceMs = performance.now();
  for (const item of items) {
    if (performance.now() - sinceMs >= SLICE_MS) {
      await setImmediate();
      sinceMs = performance.now();
    }
    if (keep(item)) kept.push(item);
  }
  return kept;
}
