/**
 * The wall clock of the stack's own processes, set ahead: so that a midnight comes when a case wants it.
 *
 * A process reads how far once, when it starts; PostgreSQL and Temporal keep the machine's time.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';

/** What a process is started with to have its clock set. */
export const CLOCK_FILE = 'JUDGE_CLOCK_FILE';

/** Where a stack keeps how far its clock is ahead. */
export function clockFileOf(folder: string): string {
  return join(folder, 'clock-ahead-ms');
}

export function setAhead(folder: string, aheadMs: number): void {
  writeFileSync(clockFileOf(folder), String(aheadMs));
}

/** How far it is ahead; 0 while nobody has set it. */
export function aheadMsIn(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

/** The start of the next day in New York. */
export function nextMidnightMs(nowMs: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('America/New_York');
  return now.add({ days: 1 }).startOfDay().epochMilliseconds;
}
