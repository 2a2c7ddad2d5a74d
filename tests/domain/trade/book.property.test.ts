/** Any sequence of claims, verdicts, facts and wishes keeps the invariants in the header of book.ts. */
import { expect, test } from '@jest/globals';
import { decimal, sum, text } from '../../../domain/money.js';
import { isLive } from '../../../domain/orders/machine.js';
import { entryOf, type Book } from '../../../domain/trade/book.js';
import { changesSincePlacing, isOpen, placing } from '../../../domain/trade/incarnation.js';
import { isOver } from '../../../domain/trade/is-over.js';
import { heldQuantity } from '../../../domain/trade/exposure.js';
import { RandomRun } from './random-run.js';
import { randomFrom } from './toy-broker.js';

function checkMove(before: Book, after: Book): void {
  for (const leg of before.legs) {
    const now = after.legs.find(({ legId }) => legId === leg.legId)!;
    // Invariant 1.
    const isOrphan = leg.role !== 'ENTRY' && leg.status === 'REJECTED';
    if (leg.intent === 'SENT' && !isOrphan) expect(now.intent).toBe('SENT');
  }
}

function checkBook(book: Book): void {
  for (const leg of book.legs) {
    const own = book.fills.filter(({ legId, superseded }) => legId === leg.legId && !superseded);
    // Invariant 2.
    expect(leg.filledQuantity).toBe(text(sum(own.map(({ quantity }) => decimal(quantity)))));
    // Invariant 3.
    const place = placing(leg);
    const present = place ? [place, ...changesSincePlacing(leg)] : [];
    const open = present.filter(isOpen);
    expect(open.length).toBeLessThanOrEqual(1);
    if (leg.intent === 'NEW') expect(open).toEqual([]);
  }
  const entry = entryOf(book)!;
  const mayOpen = placing(entry) !== undefined && isOpen(placing(entry)!);
  // Invariant 4.
  if (mayOpen || (entry.intent === 'SENT' && !isOver(book))) {
    expect(book.reservation?.phase).not.toBe('RELEASED');
  }
  // Invariant 7.
  if (isOver(book)) {
    expect(book.legs.filter(isLive)).toEqual([]);
    expect(text(heldQuantity(book.legs, book.side))).toBe('0');
    expect(book.legs.flatMap(({ incarnations }) => incarnations.filter(isOpen))).toEqual([]);
  }
}

/** More with e.g. `BOOK_SEEDS=5000`. */
const SEEDS = Number(process.env['BOOK_SEEDS'] ?? 150);
const STEPS = 60;

test('[BRK-2] [TRD-15] any sequence of claims, verdicts, facts and wishes keeps the invariants', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const run = new RandomRun(randomFrom(seed));
    try {
      for (let step = 0; step < STEPS; step += 1) {
        checkMove(run.step(), run.book);
        checkBook(run.book);
      }
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
}, 60_000);
