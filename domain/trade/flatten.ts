/**
 * Whether shares without a stop must be sold (TRD-3). Repair comes first; a flatten is for what repair
 * can't mend, and only when the picture of it can be relied on.
 */
import { decimal } from '../money.js';
import { isLive, workingQuantity } from '../orders/machine.js';
import { isArmed } from './exposure.js';
import type { TradeLeg } from './leg.js';
import { isRefusedFor } from './protect-held.js';
import { closable, isLost, retryPauseEndsMs, totalFor, type Situation } from './situation.js';
import { FLATTEN_AFTER_MS } from './unarmed.js';

/** True when nothing but a sale protects any more: see the conditions one by one. */
export function mustFlatten(situation: Situation): boolean {
  const { input, held, coverable, armed } = situation;
  const { unarmedSinceMs, link, quote, nowMs } = input;
  if (!held.gt(0) || armed.gte(coverable) || unarmedSinceMs === null) return false;
  if (link === null || link.readySinceMs === null) return false;
  // Nobody knows how much could be sold: a stop protects meanwhile.
  if (input.brokerNet === null) return false;
  const countedSinceMs = Math.max(unarmedSinceMs, link.readySinceMs);
  if (nowMs - countedSinceMs < FLATTEN_AFTER_MS) return false;
  if (link.pictureAtMs <= unarmedSinceMs) return false;
  if (quote === null || quote.kind !== 'live' || quote.halted) return false;
  if (isExitPending(situation) || isStopToGrow(situation)) return false;
  return !isRepairUntried(situation);
}

/**
 * A stop works for as many as could be covered, and now it is more: what counted as others' is the trade's after all.
 * The time without cover was none in which it could be mended, so the stop is made larger first, unless that was tried.
 */
function isStopToGrow({ liveStops, coverable, input }: Situation): boolean {
  return liveStops.some((stop) => {
    if (!isArmed(stop, input.side, input.stopPrice) || stop.differences.length > 0) return false;
    if (!workingQuantity(stop).lt(coverable)) return false;
    if (stop.modificationInFlight) return true;
    const isRefused = stop.modificationRefused && isRefusedFor(stop, coverable);
    const isPaused = (stop.pauseUntilMs ?? 0) > input.nowMs;
    return !isRefused && !isPaused && !isInVain(stop, totalFor(stop, coverable));
  });
}

/** The broker took that total more than once, and nothing came of it. */
function isInVain({ takenInVain = null }: TradeLeg, total: string): boolean {
  return takenInVain !== null && decimal(takenInVain.terms.quantity).eq(decimal(total));
}

/**
 * No exit lives, and none was tried since the shares lost their cover: nobody was there to repair them, or was
 * to. A stop that can go in now comes first, however late.
 */
function isRepairUntried(situation: Situation): boolean {
  const { legs, held, liveStops, liveTargets, liveCloses, input } = situation;
  if (liveStops.length + liveTargets.length + liveCloses.length > 0) return false;
  if (!closable(held, input)?.gt(0)) return false;
  const stops = legs.filter(({ role }) => role === 'STOP');
  const isTried = stops.some(({ lastWriteMs }) => (lastWriteMs ?? 0) >= input.unarmedSinceMs!);
  return !isTried && input.nowMs >= retryPauseEndsMs(stops.filter(isLost), 1);
}

/** An exit of which an answer, or its fate, is still to come may protect in a moment. */
function isExitPending({ legs, input }: Situation): boolean {
  return legs.some((leg) => {
    if (leg.side === input.side || !isLive(leg)) return false;
    if (isArmed(leg, input.side, input.stopPrice)) return false;
    const awaited = leg.status === 'PENDING' || leg.status === 'UNKNOWN';
    return awaited || leg.modificationInFlight || leg.cancelInFlight;
  });
}
