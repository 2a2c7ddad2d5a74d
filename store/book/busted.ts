/** Executions that the broker takes back (busts): told to people, for they change what is held and what was won. */
import { decimal, text, type DecimalText } from '../../domain/money.js';
import type { Book } from '../../domain/trade/book.js';
import { PART_PREFIX } from '../../domain/trade/closed-outside.js';
import { alert } from '../alerts.js';
import type { Transaction } from '../database.js';
import type { BookKeys } from './keys.js';

export interface Busted {
  readonly fill: Book['fills'][number];
  readonly was: DecimalText;
}

/**
 * Executions that the broker has taken back, wholly or in part, since `before` (TRD-12). What this system only
 * inferred gives way to what is told, or is reckoned anew after a split: nobody has taken that back.
 */
export function bustedSince(before: Book, after: Book): readonly Busted[] {
  if (after.fills === before.fills) return [];
  const known = new Set(before.fills.map(({ executionId }) => executionId));
  return after.fills
    .filter((fill) => !fill.superseded && isOfBroker(fill) && !known.has(fill.executionId))
    .flatMap((fill) => {
      const was = before.fills.find(
        ({ executionKey, superseded }) => !superseded && executionKey === fill.executionKey,
      );
      const isLess = was !== undefined && decimal(fill.quantity).lt(decimal(was.quantity));
      return isLess ? [{ fill, was: was.quantity }] : [];
    });
}

/** Told by the broker, or a part of what it told. */
function isOfBroker({ inferred, executionKey }: Book['fills'][number]): boolean {
  return !inferred || executionKey.startsWith(PART_PREFIX);
}

/** A fill that is no more changes what is held, and what was won: people hear of each. */
export async function tellBusted(
  tx: Transaction,
  { id: tradeId, symbol, legs }: Book,
  { userId }: BookKeys,
  { fill, was }: Busted,
): Promise<void> {
  const { executionId, executionKey, legId, quantity, price } = fill;
  const role = legs.find((leg) => leg.legId === legId)?.role ?? 'order';
  const taken = text(decimal(was).sub(decimal(quantity)));
  await alert(tx, {
    ...{ userId, tradeId, kind: 'execution_busted', dedupeKey: `busted:${tradeId}:${executionId}` },
    summary:
      `${symbol}: the broker took back ${taken} of ${was} at ${price} of the ${role}: ${quantity} are left of it; ` +
      `"ballast trade ${tradeId}" shows what the trade holds now`,
    detail: { execution_id: executionId, execution_key: executionKey, was, quantity },
  });
}
