/**
 * Whether shares without a stop must be sold (TRD-3). Repair comes first; a flatten is for what repair
 * can't mend, and only when the picture of it can be relied on.
 */
import { isLive } from '../orders/machine.js';
import { isArmed } from './exposure.js';
import { closable, isLost, retryPauseEndsMs, type Situation } from './situation.js';

/** No armed stop for that long, while the link was READY all along. */
export const FLATTEN_AFTER_MS = 10_000;

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
  return !isExitPending(situation) && !isRepairUntried(situation);
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
