/** A reverse split beside exits that no list has looks like an untold fill (REC-5). */
import { expect, test } from '@jest/globals';
import { judgePicture } from '../../../domain/sending/picture.js';
import type { Book } from '../../../domain/trade/book.js';
import { finish } from '../../../domain/trade/finish.js';
import { viewOf } from '../../../domain/trade/view.js';
import { ACCOUNT, CONTRACT_ID, picture, standpoint, T0 } from './books.js';
import { openBook } from './open-book.js';

const DAY = T0 + 86_400_000;

/** What two pictures make of 100 shares at 100 whose exits are in no list, of the `all` that the books hold of it. */
function judged(all: string, shown: string, averageCost: string): Book {
  return [DAY, DAY + 30_000, DAY + 60_000].reduce((book, at) => {
    const snapshot = picture({
      ...{ startedAtMs: at, endedAtMs: at + 100, generationSinceMs: DAY - 100_000 },
      positions: [
        {
          account: ACCOUNT,
          symbol: 'AAA',
          securityType: 'STK',
          brokerContractId: CONTRACT_ID,
          quantity: shown,
          averageCost,
        },
      ],
    });
    // The books of all holders, as far as this trade's own have changed.
    const quantity = String(Number(all) - 100 + Number(viewOf(book).heldQuantity));
    const expected = {
      account: ACCOUNT,
      brokerContractId: CONTRACT_ID,
      quantity,
      averageCost: '100',
    };
    const from = standpoint({ nowMs: at + 100, expected });
    return finish(book, judgePicture(book, snapshot, from), at + 100).book;
  }, openBook());
}

test('control: half of two trades is gone at the same cost: the stop filled, untold', () => {
  expect(viewOf(judged('200', '100', '100')).heldQuantity).toBe('0');
});

test.each([
  ['1:2, two trades of 100', '200', '100', '200'],
  ['1:10, beside 12 external ones of before', '112', '12', '933.33'],
])(
  '[REC-5] a reverse split, exits gone untold: no fill is made up of it (%s)',
  (_, all, shown, cost) => {
    expect(viewOf(judged(all, shown, cost)).heldQuantity).toBe('100');
  },
);
