/** A stop that a hand moved to risk more, and whose put-back came to nothing: it is still to be put back (RSK-3). */
import { expect, test } from '@jest/globals';
import type { Book } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { newWish, type MoveWish } from '../../../domain/trade/moves.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { absent, notWritten, refused } from '../../../domain/trade/outcome.js';
import { withMoves } from '../../../domain/trade/wishes.js';
import { granted, report, sender, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const names = { legId: () => 'leg-9', clientOrderId: (role: string) => `ref-${role}-2` };
const WIDER = '50';

/** A list shows the stop at that price. */
function shownAt(book: Book, stopPrice: string): Book {
  const leg = legOf(book, 'STOP');
  const order = {
    ...{ clientOrderId: leg.clientOrderId, sessionOrderId: 3, account: book.account },
    ...{ instrument: book.instrument, terms: { ...leg.wanted, stopPrice } },
  };
  const fact = { kind: 'order', listed: true, receivedAtMs: T0, report: report(order) } as const;
  return finish(book, applyFact(book, fact), T0).book;
}

/** An open trade whose stop a command concerned once; it stands at 95, as wanted. */
function movedBefore(wish: Partial<MoveWish>): Book {
  return withMoves(openBook(), { stop: { ...newWish(null, '95', 'command'), ...wish } });
}

const OUTCOMES = {
  'was never written': (book: Book, refs: Parameters<typeof absent>[1]) =>
    notWritten(book, refs, 'the link was cut'),
  'is proven not to have come': absent,
  'was refused': (book: Book, refs: Parameters<typeof absent>[1]) =>
    refused(book, refs[0]!, 201, 'not now'),
} as const;

const WISHES: readonly [string, Partial<MoveWish>][] = [
  ['done', { state: 'done' }],
  ['refused', { price: '97', state: 'refused', byBroker: true }],
  ['waiting for a quote', { price: '97' }],
];

const cases = Object.entries(OUTCOMES).flatMap(([how, outcome]) =>
  WISHES.map(([what, wish]) => [how, what, outcome, wish] as const),
);

test.each(cases)(
  '[RSK-3] a put-back that %s, of a stop with a command that is %s, leaves the approved price wanted',
  (_how, _what, outcome, wish) => {
    const widened = shownAt(movedBefore(wish), WIDER);
    const nowMs = T0 + 60_000;
    const { actions } = needsOf(widened, NOTHING_KNOWN, nowMs);
    expect(actions).toMatchObject([{ kind: 'modify', stopPrice: '95' }]);
    const claimed = granted(claimActions(widened, actions, [], sender({ nowMs }), names));
    const sent = finish(widened, { book: claimed.book, events: [] }, nowMs).book;
    const after = finish(sent, outcome(sent, claimed.refs), nowMs).book;
    expect(after.exits.stopPrice).toBe('95');
  },
);

test('[RSK-3] a refused move of a stop that a hand has moved to risk more meanwhile goes back to the approved price', () => {
  const book = movedBefore({ price: '97', state: 'sent' });
  const wanted = { ...book, exits: { ...book.exits, stopPrice: '97' } };
  const { actions } = needsOf(wanted, NOTHING_KNOWN, T0);
  const claimed = granted(claimActions(wanted, actions, [], sender(), names));
  const widened = shownAt(finish(wanted, { book: claimed.book, events: [] }, T0).book, WIDER);
  const after = finish(widened, refused(widened, claimed.refs[0]!, 201, 'not now'), T0).book;
  expect(after.exits.stopPrice).toBe('95');
  expect(after.wishes.moves.stop).toMatchObject({ state: 'refused', byBroker: true });
});
