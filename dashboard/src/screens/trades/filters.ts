/** What a list of trades is narrowed to, as the address keeps it: a link shows the same to whoever opens it. */
import type { TradeFilters } from '../../api/types.js';

/** As people pick them; each is also a status of the API. */
export const STATUSES = [
  'live',
  'ended',
  ...(['AWAITING_APPROVAL', 'PARKED', 'ENTERING', 'ENTRY_UNKNOWN', 'OPEN', 'CLOSING'] as const),
  ...(['OVERFILLED', 'CLOSED', 'DENIED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'FAILED'] as const),
] as const;

export interface Filters {
  readonly status?: (typeof STATUSES)[number];
  readonly symbol?: string;
  readonly strategy?: string;
  readonly side?: 'BUY' | 'SELL';
  /** Days, `2026-11-23`, in New York. */
  readonly from?: string;
  readonly until?: string;
  readonly sort?: Sort;
}

/** By what a list is sorted; a minus before it turns it. */
export type Sort = `${'' | '-'}${SortKey}`;
export type SortKey = 'symbol' | 'opened' | 'pnl' | 'r' | 'state';

const SORTS: readonly string[] = ['symbol', 'opened', 'pnl', 'r', 'state'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NAME = /^[A-Za-z0-9 ._/-]{1,64}$/;

/** What of an address is a filter; the rest is left out. */
export function filtersIn(search: Record<string, unknown>): Filters {
  const { status, symbol, strategy, side, from, until, sort } = search;
  const isStatus = (STATUSES as readonly unknown[]).includes(status);
  const isSort = typeof sort === 'string' && SORTS.includes(sort.replace(/^-/, ''));
  return {
    ...(isStatus && { status: status as NonNullable<Filters['status']> }),
    ...(isName(symbol) && { symbol: String(symbol).toUpperCase() }),
    ...(isName(strategy) && { strategy: String(strategy) }),
    ...((side === 'BUY' || side === 'SELL') && { side }),
    ...(isDay(from) && { from: String(from) }),
    ...(isDay(until) && { until: String(until) }),
    ...(isSort && { sort: sort as Sort }),
  };
}

/** The router reads what looks like a number as one. */
function isName(value: unknown): boolean {
  const isText = typeof value === 'string' || typeof value === 'number';
  return isText && NAME.test(String(value));
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

/** The same as the API has it; days begin and end at New York's midnight. */
export function queryOf(filters: Filters, account: string | null): TradeFilters {
  const { status, symbol, strategy, side, from, until } = filters;
  return {
    ...(status && { status }),
    ...(symbol && { symbol }),
    ...(strategy && { strategy_id: strategy }),
    ...(side && { side }),
    ...(account !== null && { account_id: account }),
    ...(from && { from: midnight(from) }),
    ...(until && { until: midnight(dayAfter(until)) }),
  };
}

const DAY_MS = 86_400_000;

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

const hourInNewYork = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: 'America/New_York', hourCycle: 'h23', hour: '2-digit' },
});

/** The instant at which a day begins in New York: four or five hours after it does in UTC. */
export function midnight(day: string): string {
  const at = ['04', '05'].map((hour) => `${day}T${hour}:00:00.000Z`);
  return at.find((instant) => Number(hourInNewYork.format(new Date(instant))) % 24 === 0) ?? at[1]!;
}

/** The same filters as a query of an address, for the CSV. */
export function searchOf(query: TradeFilters): string {
  const entries = Object.entries(query).map(([key, value]) => [key, String(value)] as const);
  const text = new URLSearchParams(Object.fromEntries(entries)).toString();
  return text === '' ? '' : `?${text}`;
}
