/**
 * What a broker's pictures prove of one reference: present, absent, or nothing. Absent takes two whole
 * pictures of one generation, as far from the write and from one another as the broker's own rule says.
 */
import type { Snapshot } from '../broker/port.js';
import { isInReset } from '../domain/broker/day.js';
import { pause } from './desk.js';
import type { Desk } from './desk.js';

export type Found = 'present' | 'absent' | 'unknown';

/** Looks until something is proven, or the broker's own rule can't be met. */
export async function lookUp(desk: Desk, ref: string, writtenUntilMs: number): Promise<Found> {
  const first = await desk.port.snapshot();
  if (isListed(first, ref)) return 'present';
  if (!first.isComplete) return 'unknown';
  const { absence, day } = desk.port.capabilities;
  const ripeAtMs = Math.max(writtenUntilMs, first.generationSinceMs) + absence.settleMs;
  await pause(Math.max(0, ripeAtMs - Date.now()));
  const settled = await desk.port.snapshot();
  await pause(absence.betweenReadsMs);
  const again = await desk.port.snapshot();
  if (isListed(settled, ref) || isListed(again, ref)) return 'present';
  const isOne = settled.generation === again.generation;
  const isWhole = settled.isComplete && again.isComplete;
  return isOne && isWhole && !isInReset(day, Date.now()) ? 'absent' : 'unknown';
}

function isListed({ orders, completed, executions }: Snapshot, ref: string): boolean {
  return [...orders, ...completed, ...executions].some((one) => one.clientOrderId === ref);
}
