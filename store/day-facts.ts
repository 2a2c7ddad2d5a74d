/** What a day's loss is measured from (RSK-8), as plans and the newest values of an account read it. */
import { tradingDay, type DateText } from '../domain/calendar.js';
import { holidaysAround } from '../domain/exchange-days.js';
import type { DecimalText } from '../domain/money.js';
import type { DayResult } from '../domain/risk/context.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { Prisma } from './database.js';

/** The trading day that an instant counts to: it goes on until the next one's open. */
export function dayAt(nowMs: number): DateText {
  return tradingDay(nowMs, holidaysAround(nowMs));
}

/** An equity that a loss can be measured from. */
export interface EquityFacts {
  readonly equity: DecimalText;
  /** When the broker gave it; null: nobody has noted that. */
  readonly atMs: EpochMs | null;
  /** Deposits less withdrawals since then. */
  readonly netFlows: DecimalText;
}

/** The newest row of an account that a loss can be measured from: today's once it has begun, else one before it. */
export interface DayFacts {
  /** `2026-11-24` */
  readonly day: DateText;
  readonly start: EquityFacts | null;
  readonly close: EquityFacts | null;
  readonly lossReached: boolean;
}

/**
 * What the day's loss is measured from at an instant; null when no day was ever written down. When the
 * day's own row is missing (nobody was there to begin it), the newest close before it counts on: a reset
 * that is late must wipe no loss.
 */
export function dayResultOf(newest: DayFacts | null, nowMs: number): DayResult | null {
  if (newest === null) return null;
  const isToday = hasBegun(newest, nowMs);
  const from = isToday ? newest.start : (newest.close ?? newest.start);
  if (from === null) return null;
  const { equity: previousCloseEquity, atMs: sinceMs, netFlows } = from;
  return { previousCloseEquity, sinceMs, netFlows, latched: isToday && newest.lossReached };
}

/** Whether the trading day of an instant has said what it is measured from. */
export function hasBegun(newest: DayFacts | null, nowMs: number): boolean {
  return newest !== null && newest.day >= dayAt(nowMs);
}

/** Those facts of the account row `a`, as a JSON document or NULL. */
export function newestDay(nowMs: number): Prisma.Sql {
  const today = dayAt(nowMs);
  const now = new Date(nowMs);
  const facts = (equity: Prisma.Sql, at: Prisma.Sql) => Prisma.sql`
    CASE WHEN ${equity} IS NOT NULL THEN jsonb_build_object(
      'equity', trim_scale(${equity})::text, 'atMs', (extract(epoch FROM ${at}) * 1000)::bigint,
      'netFlows', (SELECT trim_scale(coalesce(sum(m.amount), 0))::text FROM cash_movements m
        WHERE m.account_id = d.account_id AND m.kind IN ('deposit', 'withdrawal')
          AND m.same_as_id IS NULL AND m.at > ${at} AND m.at <= ${now})) END`;
  return Prisma.sql`(SELECT jsonb_build_object('day', d.day,
        'start', ${facts(Prisma.sql`d.start_equity`, Prisma.sql`d.start_values_at`)},
        'close', ${facts(Prisma.sql`d.close_equity`, Prisma.sql`d.close_values_at`)},
        'lossReached', d.loss_reached_at IS NOT NULL)
      FROM account_days d WHERE d.account_id = a.id
       AND (d.start_equity IS NOT NULL OR (d.close_equity IS NOT NULL AND d.day < ${today}::date))
     ORDER BY d.day DESC LIMIT 1)`;
}
