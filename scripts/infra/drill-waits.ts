/** What the drills wait for, and what they hold to be wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './drill-stage.js';

/** A difference must last 30 s before entries are paused; busy machines take longer. */
const LIMIT_MS = 120_000;
/** What the broker does takes moments; the books follow by seconds. */
const LOOK_EVERY_MS = 1_000;

/** Positions that have not exactly one stop that would fill. */
export async function nakedIn({ broker }: Stage, when: string): Promise<string[]> {
  const stops = await broker.stops();
  return [...stops]
    .filter(([, count]) => count !== 1)
    .map(([symbol, count]) => `${symbol} has ${count} armed stops ${when}`);
}

/** Entries that the broker has beyond those. */
export async function sentSince({ broker }: Stage, entries: number): Promise<string[]> {
  const more = (await broker.entries()) - entries;
  return more === 0 ? [] : [`${more} entries were sent that nobody asked for`];
}

/**
 * Asks until the answer is one.
 * @throws Error naming what was waited for
 */
export async function until<T>(what: string, look: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${LIMIT_MS / 1_000} s in vain: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
