/** Trading hours: SnapTrade tells when an exchange opens and closes, and no calendar; New York's is known here. */
import { closeOf, openOf } from '../../domain/exchange-days.js';
import type { Session, TradingHours } from '../../domain/hours.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { instantOf, NEW_YORK, wallTimeAt } from '../../domain/zone.js';
import type { UniversalSymbol } from './schemas.js';

/** Days that are told from today on: a week, as other brokers tell. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** Exchanges whose days are those of the New York Stock Exchange, by their market identifier codes. */
const NEW_YORK_DAYS: ReadonlySet<string> = new Set([
  'XNYS',
  'XNAS',
  'XASE',
  'ARCX',
  'BATS',
  'XNGS',
  'XNCM',
  'XNMS',
]);

/** Hours as data, or why there are none. */
export type ReadHours =
  | { readonly hours: TradingHours; readonly problem: null }
  | { readonly hours: null; readonly problem: string };

export function hoursOf({ exchange }: UniversalSymbol, nowMs: EpochMs): ReadHours {
  const code = exchange?.mic_code ?? exchange?.code ?? 'unknown';
  if (!NEW_YORK_DAYS.has(code) && exchange?.code !== 'NASDAQ' && exchange?.code !== 'NYSE') {
    return { hours: null, problem: `the calendar of the exchange ${code} is not known here` };
  }
  const { year, month, day } = wallTimeAt(nowMs, NEW_YORK);
  const first = Date.UTC(year, month - 1, day);
  const sessions: Session[] = [];
  for (let offset = 0; offset < DAYS; offset += 1) {
    const date = new Date(first + offset * DAY_MS).toISOString().slice(0, 10);
    const closeMs = closeOf(date);
    if (closeMs !== null) sessions.push({ openMs: openOf(date), closeMs, liquid: true });
  }
  const midnight = (offset: number) => {
    const date = new Date(first + offset * DAY_MS);
    const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    return instantOf({ year: y, month: m, day: d, hour: 0, minute: 0 }, NEW_YORK);
  };
  return { hours: { sessions, fromMs: midnight(0), untilMs: midnight(DAYS) }, problem: null };
}
