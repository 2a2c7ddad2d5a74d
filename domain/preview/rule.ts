/**
 * What becomes of a preview when it is executed (PRV-2), by its age alone: it runs as it was shown, runs if a new one
 * is about the same, or is refused. Its age counts from the quote that it was made with.
 */
import { decimal, text, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';

/** How long previews count, and how far from each other two of the same may be. Fractions: 0.01 = 1 %. */
export interface PreviewLimits {
  readonly asShownMs: number;
  readonly expiresMs: number;
  readonly priceTolerance: DecimalText;
  readonly sizeTolerance: DecimalText;
}

export interface PreviewTimes {
  /** Until then it runs as it is. */
  readonly asShownUntilMs: EpochMs;
  /** From then on it is refused. */
  readonly expiresAtMs: EpochMs;
}

/** The ends of a preview that was made then. */
export function timesOf(madeAtMs: EpochMs, limits: PreviewLimits): PreviewTimes {
  const { asShownMs, expiresMs } = limits;
  return { asShownUntilMs: madeAtMs + asShownMs, expiresAtMs: madeAtMs + expiresMs };
}

/** `run`: as it was shown. `compare`: with a new one. `refuse`: never again. */
export type PreviewStep = 'run' | 'compare' | 'refuse';

/** What becomes of it at that instant; each end belongs to what comes after it. */
export function stepAt({ asShownUntilMs, expiresAtMs }: PreviewTimes, nowMs: EpochMs): PreviewStep {
  if (nowMs >= expiresAtMs) return 'refuse';
  return nowMs < asShownUntilMs ? 'run' : 'compare';
}

/** What two previews are compared by. */
export interface Comparable {
  /** The limit, or the quote that a market order was sized at. */
  readonly referencePrice: DecimalText;
  readonly quantity: DecimalText;
}

/** In what the new one is too far from the one shown, for people; null when it is about the same. */
export function movedText(
  shown: Comparable,
  now: Comparable,
  { priceTolerance, sizeTolerance }: Pick<PreviewLimits, 'priceTolerance' | 'sizeTolerance'>,
): string | null {
  const moved = [
    movedBy('price', shown.referencePrice, now.referencePrice, priceTolerance),
    movedBy('quantity', shown.quantity, now.quantity, sizeTolerance),
  ].filter((told) => told !== null);
  return moved.length === 0 ? null : moved.join('; ');
}

/** Null when the value is less than the tolerance away; one that has not moved at all never is too far. */
function movedBy(
  what: string,
  shown: DecimalText,
  now: DecimalText,
  tolerance: DecimalText,
): string | null {
  const share = shareOf(shown, now);
  if (share.isZero() || share.lt(decimal(tolerance))) return null;
  const by = text(share.toDecimalPlaces(6));
  return `${what} ${now}, shown ${shown} (${by} away, less than ${tolerance} allowed)`;
}

function shareOf(shown: DecimalText, now: DecimalText): Decimal {
  return decimal(now).sub(decimal(shown)).abs().div(decimal(shown));
}
