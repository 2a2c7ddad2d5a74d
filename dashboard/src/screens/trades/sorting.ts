/** By what a list of trades is sorted. */
import type { Trade } from '../../api/types.js';
import { place } from '../../format/numbers.js';
import type { Sort, SortKey } from './filters.js';

type Value = number | string | null;

const VALUES: Readonly<Record<SortKey, (trade: Trade) => Value>> = {
  symbol: ({ symbol }) => symbol,
  opened: ({ created_at: at }) => at,
  pnl: ({ realized_pnl: pnl }) => (pnl === null ? null : place(pnl)),
  r: ({ r_multiple: r }) => (r === null ? null : place(r)),
  state: ({ state }) => state,
};

/** A sorted copy; what has no value stands last, whichever way. Without a sort the list as it came. */
export function sorted(rows: readonly Trade[], sort: Sort | undefined): readonly Trade[] {
  if (sort === undefined) return rows;
  const isDown = sort.startsWith('-');
  const valueOf = VALUES[sort.replace(/^-/, '') as SortKey];
  const keyed = rows.map((trade) => ({ trade, value: valueOf(trade) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null)
      return a.value === b.value ? 0 : a.value === null ? 1 : -1;
    const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return isDown ? -order : order;
  });
  return keyed.map(({ trade }) => trade);
}

/** What a click on a column's head makes of it: up, then down, then as it came. */
export function turned(sort: Sort | undefined, key: SortKey): Sort | undefined {
  if (sort === `-${key}`) return key;
  return sort === key ? undefined : `-${key}`;
}
