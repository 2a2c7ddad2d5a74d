/** What trades keep from others, against what their books ask for (RSK-2). */
import { describe, expect, test } from '@jest/globals';
import { decimal, max, text, ZERO } from '../../../domain/money.js';
import {
  compareReservations,
  leakOf,
  mendReservation,
  UNSENT_MAX_MS,
  UNSETTLED_MAX_MS,
} from '../../../domain/reconcile/reservations.js';
import { entryOf, type Book, type Reservation } from '../../../domain/trade/book.js';
import { claimEntry } from '../../../domain/trade/claim.js';
import { finish } from '../../../domain/trade/finish.js';
import { isOver } from '../../../domain/trade/is-over.js';
import { entryMayFill, wasTaken } from '../../../domain/trade/wishes.js';
import { plannedBook, sender, T0 } from '../trade/books.js';
import { RandomRun } from '../trade/random-run.js';
import { randomFrom } from '../trade/toy-broker.js';

/** More with e.g. `BOOK_SEEDS=5000`. */
const SEEDS = Number(process.env['BOOK_SEEDS'] ?? 50);
const STEPS = 60;

/** As a transaction does it: mended, and what follows from that. */
function mend(book: Book, nowMs: number): Book {
  const change = mendReservation(book, nowMs);
  return change === null ? book : finish(book, change, nowMs).book;
}

/** The newest account values include all that was bought: as the store lets cash go with them. */
function withValues(book: Book): Book {
  const { reservation } = book;
  if (reservation?.phase !== 'CASH' || reservation.filledAtMs === null) return book;
  const { restingCash } = reservation;
  const isSpent = decimal(restingCash).isZero();
  const after: Reservation = isSpent
    ? { ...reservation, phase: 'EXPOSURE' }
    : { ...reservation, cash: restingCash, filledAtMs: null };
  return { ...book, reservation: after };
}

const keptCash = ({ reservation }: Book) =>
  reservation?.phase === 'CASH' ? text(decimal(reservation.cash)) : '0';

/** From orders and plan alone: what the entry may still buy, of 100 shares for 10,000. */
function openCash(book: Book): string {
  const entry = entryOf(book)!;
  if (isOver(book) || !entryMayFill(book) || !wasTaken(book)) return '0';
  return text(max(ZERO, decimal('100').sub(decimal(entry.filledQuantity))).mul(100));
}

/** Nothing was booked of an entry that has ended: it may keep its money until its exits are gone too. */
const mayComeLate = (book: Book) => !isOver(book) && wasTaken(book) && book.fills.length === 0;

function lives(check: (book: Book, nowMs: number, random: (below: number) => number) => void) {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = randomFrom(seed);
    const run = new RandomRun(random);
    try {
      for (let step = 0; step < STEPS; step += 1) {
        run.step();
        if (random(3) === 0) run.book = withValues(run.book);
        check(run.book, run.nowMs, random);
      }
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
}

const PHASES = ['CASH', 'EXPOSURE', 'RELEASED'] as const;

describe('[RSK-2] reservations', () => {
  test('of an undisturbed book are never found, whatever happens to it', () => {
    lives((book, nowMs) => expect(leakOf(book, nowMs)).toBeNull());
  }, 60_000);

  test('that were disturbed are mended once, and nothing else of the book with them', () => {
    let mended = 0;
    lives((book, nowMs, random) => {
      const phase = PHASES[random(3)]!;
      const restingCash = String(random(4) * 5_000);
      const filledAtMs = random(2) === 0 ? null : nowMs;
      const amounts = {
        cash: String(random(4) * 5_000),
        exposure: String(random(3) * 10_000),
        openRisk: String(random(3) * 500),
      };
      const kept = { ...book.reservation!, ...amounts, phase, restingCash, filledAtMs };
      const bad = { ...book, reservation: random(4) === 0 ? null : kept };
      const after = mend(bad, nowMs);
      if (after !== bad) mended += 1;
      expect(leakOf(after, nowMs)).toBeNull();
      expect({ ...after, reservation: null }).toEqual({ ...bad, reservation: null });
      if (after.reservation !== null && after.reservation.phase !== 'RELEASED') {
        expect(after.reservation.exposure).toBe('10000');
        expect(Number(after.reservation.openRisk)).toBeGreaterThanOrEqual(500);
        // Cash counts in that phase alone.
        const counts = after.reservation.phase === 'CASH' ? after.reservation.cash : '0';
        expect(Number(counts)).toBeLessThanOrEqual(10_000);
      }
      if (!isOver(book) && wasTaken(book)) expect(after.reservation?.phase).not.toBe('RELEASED');
    });
    expect(mended).toBeGreaterThan(SEEDS);
  }, 60_000);

  test('at rest are the cash of what entries may still buy, and nothing of what is over', () => {
    lives((book, nowMs) => {
      const later = nowMs + UNSENT_MAX_MS + UNSETTLED_MAX_MS + 1;
      const rested = withValues(mend(withValues(mend(book, later)), later));
      expect(leakOf(rested, later)).toBeNull();
      const late = mayComeLate(rested) && !entryMayFill(rested) ? ['10000'] : [];
      expect([openCash(rested), ...late]).toContain(keptCash(rested));
      if (isOver(rested)) expect(rested.reservation?.phase).toBe('RELEASED');
    });
  }, 60_000);
});

describe('[RSK-2] what is found', () => {
  const claimed = (): Book => {
    const claim = claimEntry(plannedBook(), [1, 2, 3], sender({ nowMs: T0 }));
    if (claim.kind === 'refused') throw new Error(claim.reason);
    return finish(plannedBook(), claim.change, T0).book;
  };

  test('a plan that nobody has sent for hours: its money goes, the trade is planned anew', () => {
    const book = plannedBook();
    expect(compareReservations([book], T0 + UNSENT_MAX_MS)).toEqual([]);
    const [found] = compareReservations([book], T0 + UNSENT_MAX_MS + 1);
    expect(found).toMatchObject({
      ...{ kind: 'reservation_leaked', subject: book.id, step: 'mend_reservation' },
      ...{ symbol: 'AAA', tradeIds: [book.id], broker: 'nothing was sent' },
      summary:
        'BUY AAA keeps cash 10000 (10000 to be spent), exposure 10000 and risk 500 for a plan that was never sent',
    });
    const after = mend(book, T0 + UNSENT_MAX_MS + 1);
    expect(after).toMatchObject({ decided: null, reservation: { phase: 'RELEASED' } });
    // One that is, or may be, at the broker stays, however old it is.
    expect(compareReservations([claimed()], T0 + 100 * UNSENT_MAX_MS)).toEqual([]);
  });

  test('less than the book asks for is told as that', () => {
    const book = claimed();
    const released = { ...book.reservation!, phase: 'RELEASED' as const };
    const [found] = compareReservations([{ ...book, reservation: released }], T0);
    expect(found).toMatchObject({
      kind: 'reservation_short',
      books: 'nothing',
      summary:
        'BUY AAA keeps nothing; its book asks for cash 10000 (10000 to be spent), exposure 10000 and risk 500',
    });
  });

  test('other amounts than the plan’s, in every phase, and a row that is gone', () => {
    const book = claimed();
    const kept = book.reservation!;
    const kindOf = (reservation: Reservation | null) =>
      compareReservations([{ ...book, reservation }], T0).map(({ kind }) => kind);
    for (const phase of ['CASH', 'EXPOSURE'] as const) {
      expect(kindOf({ ...kept, phase, exposure: '60000' })).toHaveLength(1);
      expect(kindOf({ ...kept, phase, exposure: '0' })).toHaveLength(1);
      expect(kindOf({ ...kept, phase, openRisk: '0' })).toEqual(['reservation_short']);
    }
    expect(kindOf({ ...kept, cash: '60000' })).toEqual(['reservation_leaked']);
    expect(kindOf({ ...kept, cash: '0' })).toEqual(['reservation_short']);
    expect(kindOf(null)).toEqual(['reservation_short']);
    // A stop that was moved wider risks more than was planned.
    expect(kindOf({ ...kept, openRisk: '700' })).toEqual([]);
  });

  test('what was converted has no more decimals than its column, and is found no more for it', () => {
    const cash = '9200.0000000049';
    const book = claimed();
    const { plan, reservation } = book;
    const converted = { ...plan!.reservation, cash };
    const kept = { ...reservation!, cash: '9200', restingCash: '9200' };
    const inBase = { ...book, plan: { ...plan!, reservation: converted }, reservation: kept };
    expect(compareReservations([inBase], T0)).toEqual([]);
  });

  test('an adopted position keeps what a person’s adoption made of it, converted', () => {
    const book = claimed();
    // An adoption spends nothing, and its plan is in the contract's currency.
    const adopted = { cash: '0', exposure: '10000', openRisk: '500' };
    const kept = { ...book.reservation!, phase: 'EXPOSURE' as const, cash: '0', restingCash: '0' };
    const reservation = { ...kept, exposure: '9200', openRisk: '460' };
    const [entry, ...exits] = book.legs;
    const filled = { ...entry!, status: 'EXECUTED', filledQuantity: entry!.quantity } as const;
    const plan = { ...book.plan!, reservation: adopted };
    const held = { ...book, plan, reservation, legs: [filled, ...exits] };
    expect(compareReservations([held], T0)).toEqual([]);
    expect(compareReservations([{ ...held, reservation: null }], T0)).toHaveLength(1);
  });

  test('its numbers are the same in two looks while it lasts', () => {
    const book = { ...claimed(), reservation: { ...claimed().reservation!, restingCash: '20000' } };
    const [one] = compareReservations([book], T0);
    const [other] = compareReservations([book], T0 + 10_000);
    expect(other).toEqual(one);
    expect(one?.summary).toContain('(20000 to be spent)');
  });
});
