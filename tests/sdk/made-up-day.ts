/** A day of quotes that is made so that each way out of a trade is taken once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MADE_UP_DAY = '2024-05-07';
const HEADER = 'time,bid,bid_size,ask,ask_size';
/** Any order is filled at one quote. */
const SIZE = 5_000;
const HALF_SPREAD_CENTS = 1;

/** A symbol's middle price in cents, by the minute from 9:30 to 16:00; straight lines between. */
type Path = readonly (readonly [minute: number, cents: number])[];

/** Ranges of 100 cents in the first half hour; a breakout after it. */
const PATHS: Readonly<Record<string, Path>> = {
  // Breaks out and goes on to its target.
  AAPL: [
    ...([
      [0, 20_000],
      [10, 20_100],
      [20, 20_000],
      [30, 20_050],
      [40, 20_120],
    ] as Path),
    ...([
      [90, 20_500],
      [390, 20_500],
    ] as Path),
  ],
  // Breaks out and falls back through its stop.
  IBM: [
    ...([
      [0, 18_000],
      [10, 18_100],
      [20, 18_000],
      [45, 18_050],
      [55, 18_120],
    ] as Path),
    ...([
      [90, 17_900],
      [390, 17_900],
    ] as Path),
  ],
  // Breaks out and moves no more: closed by time.
  KO: [
    ...([
      [0, 6_000],
      [10, 6_100],
      [20, 6_000],
      [60, 6_050],
      [70, 6_120],
    ] as Path),
    ...([[390, 6_120]] as Path),
  ],
  // Never breaks out.
  F: [
    [0, 1_200],
    [10, 1_250],
    [390, 1_210],
  ],
};
const STEP_S = 10;
const OPEN_S = 34_200;
const MINUTE_S = 60;

/** Writes it into a folder of days: SYMBOL.csv, a quote every ten seconds. */
export function writeMadeUpDay(days: string): void {
  mkdirSync(join(days, MADE_UP_DAY), { recursive: true });
  for (const [symbol, path] of Object.entries(PATHS)) {
    const lines = [HEADER];
    for (let second = 0; second <= 390 * MINUTE_S; second += STEP_S) lines.push(row(path, second));
    writeFileSync(join(days, MADE_UP_DAY, `${symbol}.csv`), `${lines.join('\n')}\n`);
  }
}

/** The same quotes of one symbol as a feed's lines. */
export function madeUpFeed(symbol: string): string {
  const path = PATHS[symbol] ?? [];
  const lines: string[] = [];
  for (let second = 0; second <= 390 * MINUTE_S; second += STEP_S) {
    const [time, bid, , ask] = row(path, second).split(',');
    lines.push(JSON.stringify({ time, symbol, bid, ask }));
  }
  return `${lines.join('\n')}\n`;
}

function row(path: Path, second: number): string {
  const cents = Math.round(centsAt(path, second / MINUTE_S));
  const clock = new Date((OPEN_S + second) * 1_000).toISOString().slice(11, 19);
  const bid = ((cents - HALF_SPREAD_CENTS) / 100).toFixed(2);
  const ask = ((cents + HALF_SPREAD_CENTS) / 100).toFixed(2);
  return `${MADE_UP_DAY}T${clock}-04:00,${bid},${SIZE},${ask},${SIZE}`;
}

function centsAt(path: Path, minute: number): number {
  const next = path.findIndex(([at]) => at >= minute);
  const [toMinute, to] = path[next]!;
  const [fromMinute, from] = path[Math.max(0, next - 1)]!;
  if (toMinute === fromMinute) return to;
  return from + ((to - from) * (minute - fromMinute)) / (toMinute - fromMinute);
}
