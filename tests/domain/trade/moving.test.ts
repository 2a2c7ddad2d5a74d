/** Moving the exits of an open trade: what may be asked for, how it is carried out, what the broker's word makes of it. */
import { describe, expect, test } from '@jest/globals';
import type { Book } from '../../../domain/trade/book.js';
import { asCarried } from '../../../domain/trade/carry-moves.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { asWanted, needsOf, NOTHING_KNOWN, type World } from '../../../domain/trade/needs.js';
import { absent, notWritten } from '../../../domain/trade/outcome.js';
import { requestMove, requestTrail, type MoveMarket } from '../../../domain/trade/request-move.js';
import { stepTo, trailOn, TRAIL_INTERVAL_MS } from '../../../domain/trade/trail.js';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';
import type { RiskRoom } from '../../../domain/risk/widen.js';
import { requestClose } from '../../../domain/trade/wishes.js';
import { viewOf } from '../../../domain/trade/view.js';
import type { Quote } from '../../../domain/vocabulary.js';
import { CLIENT, granted, report, sender, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const NOW_MS = T0 + 10_000;
const quoteAt = (bid: string, ask: string, change: Partial<Quote> = {}): Quote => ({
  ...{ bid, ask, bidSize: '1', askSize: '1', atMs: NOW_MS, kind: 'live', halted: false },
  ...change,
});
/** 50,000: one percent is what the plan may lose. */
const ROOM: RiskRoom = {
  account: {
    baseCurrency: 'USD',
    values: {
      ...{ netLiquidation: '50000', settledCash: '0', availableFunds: '0', buyingPower: '0' },
      ...{ excessLiquidity: '50000', atMs: NOW_MS },
    },
    day: null,
  },
  currency: 'USD',
  limits: { ...DEFAULT_LIMITS, riskPct: '0.02' },
  fxRate: null,
  othersOpenRisk: '0',
  switches: {
    ...{ tradingEnabled: true, haltFile: false, accountPaused: false, strategyPaused: false },
    ...{ installationMode: 'ACTIVE', accountMode: 'ACTIVE', strategyMode: 'ACTIVE' },
    dailyLossReached: false,
  },
};
const MARKET: MoveMarket = {
  ...{ quote: quoteAt('99.99', '100.01'), increment: '0.01', room: ROOM, nowMs: NOW_MS },
};
const WORLD: World = { ...NOTHING_KNOWN, quote: MARKET.quote, priceIncrement: '0.01' };

const OPEN = openBook();
const SHORT = openBook({ side: 'SELL', stopPrice: '105', targetPrice: '90' });

const move = (
  book: Book,
  exit: 'stop' | 'target',
  price: string,
  change: Partial<MoveMarket> & { widen?: boolean } = {},
) => requestMove(book, { exit, price, widen: change.widen ?? false }, { ...MARKET, ...change });

/** The wish, accepted and followed by what follows by itself. */
function wished(book: Book, exit: 'stop' | 'target', price: string, widen = false): Book {
  const answer = move(book, exit, price, { widen });
  expect(answer.refusal).toBeNull();
  return finish(book, answer, NOW_MS).book;
}

const names = { legId: () => 'leg-9', clientOrderId: (role: string) => `ref-${role}-2` };

/** What the planner needs, claimed as the store claims it. */
function carriedOut(book: Book, world: World = WORLD, nowMs = NOW_MS) {
  const { actions } = needsOf(book, world, nowMs);
  const wanted = asCarried(book, asWanted(book, world, nowMs), actions);
  const claimed = granted(claimActions(wanted.book, actions, [7, 8], sender({ nowMs }), names));
  const done = finish(book, { book: claimed.book, events: wanted.events }, nowMs);
  return { ...claimed, book: done.book, actions, events: done.events };
}

/** The broker shows the stop at that price. */
function readBack(book: Book, stopPrice: string): Book {
  const leg = legOf(book, 'STOP');
  const order = {
    ...{ clientOrderId: leg.clientOrderId, sessionOrderId: 3, account: book.account },
    ...{ instrument: book.instrument, terms: { ...leg.wanted, stopPrice } },
  };
  const fact = {
    kind: 'order',
    listed: true,
    receivedAtMs: NOW_MS,
    report: report(order),
  } as const;
  return finish(book, applyFact(book, fact), NOW_MS).book;
}

function refusedByBroker(book: Book): Book {
  const leg = legOf(book, 'STOP');
  const error = {
    ...{ code: 110, message: 'the price is off', about: 'modification', errorClass: 'rejection' },
    ...{ sessionOrderId: 3, sessionClientId: CLIENT, clientOrderId: leg.clientOrderId },
    ...{ brokerOrderId: null, symbol: 'AAA', account: book.account, advanced: null },
  } as never;
  return finish(book, applyFact(book, { kind: 'order_error', error, receivedAtMs: NOW_MS }), NOW_MS)
    .book;
}

const stopWish = ({ wishes }: Book) => wishes.moves.stop;

describe('[TRD-5] what a move may ask for', () => {
  test.each<[string, Book, 'stop' | 'target', string, RegExp]>([
    ['a stop at the market', OPEN, 'stop', '99.99', /would trigger at once: the bid is 99.99/],
    ['a stop above it', OPEN, 'stop', '101', /would trigger at once/],
    ['a target below it', OPEN, 'target', '99', /would fill at once: the bid is 99.99/],
    [
      'a wider stop',
      OPEN,
      'stop',
      '94',
      /at 94 risks 600.00 USD instead of 500.00, 1.2 % of net liquidation: say --widen/,
    ],
    ['a price off the tick', OPEN, 'stop', '96.005', /off the tick: prices are multiples of 0.01/],
    ['no price', OPEN, 'stop', 'soon', /a price is a decimal above zero/],
    ['nothing', OPEN, 'stop', '0', /a price is a decimal above zero/],
    ["a short's stop below the market", SHORT, 'stop', '99', /the ask is 100.01/],
    ["a short's wider stop", SHORT, 'stop', '106', /at 106 risks 600.00 USD instead of 500.00/],
    ["a short's target above it", SHORT, 'target', '101', /would fill at once: the ask is 100.01/],
    [
      'a target that there is not',
      openBook({ targetPrice: null }),
      'target',
      '120',
      /has no target/,
    ],
  ])('%s is refused with its numbers', (_name, book, exit, price, reason) => {
    const answer = move(book, exit, price);
    expect(answer.refusal).toMatch(reason);
    expect(answer.book).toBe(book);
  });

  test('a stop beyond the target is refused, also one that is only wanted', () => {
    const none = { quote: null };
    expect(move(OPEN, 'stop', '110', none).refusal).toMatch(/not on its side of the target at 110/);
    const nearer = wished(OPEN, 'target', '102');
    expect(move(nearer, 'stop', '103', none).refusal).toMatch(/side of the target at 102/);
    expect(move(OPEN, 'target', '95', none).refusal).toMatch(/side of the stop at 95/);
  });

  test('before the fill, while closing, after the end, or when it trails by itself', () => {
    expect(move(openBook({}, 'planned'), 'stop', '96').refusal).toMatch(/nothing is held yet/);
    const closing = requestClose(OPEN, 'manual').book;
    expect(move(closing, 'stop', '96').refusal).toMatch(/being closed \(manual\)/);
    const trailing = openBook({ trailing: { amount: '5' } });
    expect(move(trailing, 'stop', '96').refusal).toMatch(/trails from the entry on/);
    expect(move(openBook({}, 'part'), 'stop', '96').refusal).toMatch(/the entry still works/);
  });

  test('a wider stop that is meant, and the price that stands, are accepted', () => {
    expect(move(OPEN, 'stop', '94', { widen: true })).toMatchObject({
      refusal: null,
      note: 'risks 600.00 USD instead of 500.00, 1.2 % of net liquidation',
    });
    const same = move(OPEN, 'stop', '95.00');
    expect(same).toMatchObject({ refusal: null, note: 'the stop is at 95.00: nothing to do' });
    expect(same.book).toBe(OPEN);
  });

  test.each([
    ['none', null],
    ['an old one', quoteAt('99.99', '100.01', { atMs: NOW_MS - 6_000 })],
    ['a delayed one', quoteAt('99.99', '100.01', { kind: 'delayed' })],
  ])('without a live quote (%s) it is taken, and said so', (_name, quote) => {
    const answer = move(OPEN, 'stop', '99.99', { quote });
    expect(answer).toMatchObject({ refusal: null, note: expect.stringContaining('no live quote') });
  });
});

describe('[TRD-5] [TRD-3] carrying a move out', () => {
  test('is one modification of the live order; the old price protects until it is read back', () => {
    const book = wished(OPEN, 'stop', '96');
    expect(viewOf(book)).toMatchObject({ isProtected: true });
    expect(book.exits.stopPrice).toBe('95');
    const claimed = carriedOut(book);
    expect(claimed.actions).toMatchObject([{ kind: 'modify', stopPrice: '96', cause: 'price' }]);
    expect(claimed.book.exits.stopPrice).toBe('96');
    expect(viewOf(claimed.book).isProtected).toBe(true);
    const done = readBack(claimed.book, '96');
    expect(stopWish(done)).toMatchObject({ state: 'done', price: '96' });
    expect(needsOf(done, WORLD, NOW_MS).actions).toEqual([]);
    expect(done.unarmedSinceMs).toBeNull();
  });

  test('its line names the price that the order has, not one that was wanted meanwhile', () => {
    // The average fill asks for 95.30, and nothing of that was written yet.
    const anchored = { ...OPEN, exits: { ...OPEN.exits, stopPrice: '95.3' } };
    const { events } = carriedOut(wished(anchored, 'stop', '96'));
    expect(events.map(({ summary }) => summary)).toContain('stop to 96 (was 95), by command');
  });

  test('both exits go in one group', () => {
    const both = wished(wished(OPEN, 'stop', '96'), 'target', '108');
    const { actions } = carriedOut(both);
    expect(actions.map((action) => action.kind)).toEqual(['modify', 'modify']);
  });

  test('the workflow has work while it is wanted, with or without a quote', () => {
    const { wait } = needsOf(wished(OPEN, 'stop', '96'), NOTHING_KNOWN, NOW_MS);
    expect(wait).toMatchObject({ what: 'a live quote to move an exit by', then: 'plan' });
  });

  test('newer wishes wait for the one in flight, and only the newest is written', () => {
    let book = carriedOut(wished(OPEN, 'stop', '96')).book;
    for (const price of ['96.5', '97', '97.5']) book = wished(book, 'stop', price);
    expect(needsOf(book, WORLD, NOW_MS).actions).toEqual([]);
    expect(viewOf(book).isProtected).toBe(true);
    const next = carriedOut(readBack(book, '96'));
    expect(next.actions).toMatchObject([{ kind: 'modify', stopPrice: '97.5' }]);
    expect(stopWish(readBack(next.book, '97.5'))).toMatchObject({ state: 'done', seq: 4 });
  });

  test('a market that has come to the price refuses it; the old stop stays', () => {
    const book = wished(OPEN, 'stop', '99');
    const world = { ...WORLD, quote: quoteAt('98.9', '98.95') };
    const change = asWanted(book, world, NOW_MS);
    expect(stopWish(change.book)).toMatchObject({ state: 'refused' });
    expect(stopWish(change.book)?.reason).toMatch(/the bid is 98.9/);
    expect(change.book.exits.stopPrice).toBe('95');
    expect(needsOf(book, world, NOW_MS).actions).toEqual([]);
  });

  test('a claim of other actions leaves the wish, and the price, as they were', () => {
    const book = wished(OPEN, 'stop', '96');
    const kept = asCarried(book, asWanted(book, WORLD, NOW_MS), []);
    expect(stopWish(kept.book)).toMatchObject({ state: 'wanted' });
    expect(kept.book.exits.stopPrice).toBe('95');
    expect(kept.events).toEqual([]);
  });
});

describe('[TRD-5] [TRD-3] what the broker makes of it', () => {
  test('refused: the old stop protects, the reason is kept, and nothing is tried again', () => {
    const book = refusedByBroker(carriedOut(wished(OPEN, 'stop', '96')).book);
    expect(stopWish(book)).toMatchObject({ state: 'refused', byBroker: true });
    expect(stopWish(book)?.reason).toBe('the broker refused it: 110 the price is off');
    expect(book.exits.stopPrice).toBe('95');
    expect(viewOf(book).isProtected).toBe(true);
    const later = needsOf(book, WORLD, NOW_MS + 600_000);
    expect(later).toMatchObject({ actions: [], wait: null });
  });

  test('refused, and another price wanted: that one is asked for after the pause', () => {
    const refused = refusedByBroker(carriedOut(wished(OPEN, 'stop', '96')).book);
    const book = wished(refused, 'stop', '97');
    const atMs = NOW_MS + 1_500;
    const world = { ...WORLD, quote: quoteAt('99.99', '100.01', { atMs }) };
    expect(carriedOut(book, world, atMs).actions).toMatchObject([{ stopPrice: '97' }]);
  });

  test('refused, and the same price again: refused where it is asked for, with its words', () => {
    const refused = refusedByBroker(carriedOut(wished(OPEN, 'stop', '96')).book);
    const again = move(refused, 'stop', '96.00');
    expect(again.refusal).toBe(
      'the broker has refused a stop at 96.00 before (the broker refused it: 110 the price is off): give another price',
    );
    expect(again.book).toBe(refused);
    expect(move(refused, 'stop', '95')).toMatchObject({ refusal: null });
    // Another price that is taken makes it a price like any.
    const atMs = NOW_MS + 1_500;
    const world = { ...WORLD, quote: quoteAt('99.99', '100.01', { atMs }) };
    const other = readBack(carriedOut(wished(refused, 'stop', '97'), world, atMs).book, '97');
    expect(move(other, 'stop', '98').refusal).toBeNull();
    expect(move(other, 'stop', '96', { widen: true }).refusal).toBeNull();
  });

  test.each([
    ['never written', notWritten],
    ['proven absent', (book: Book, refs: never[]) => absent(book, refs)],
  ] as const)('%s: the order as it lives protects, and it is planned anew', (_name, verdict) => {
    const { book, refs } = carriedOut(wished(OPEN, 'stop', '96'));
    const change = verdict(book, refs as never[], 'for a test');
    const after = finish(book, change, NOW_MS).book;
    expect(stopWish(after)).toMatchObject({ state: 'wanted' });
    expect(after.exits.stopPrice).toBe('95');
    expect(after.unarmedSinceMs).toBeNull();
    const atMs = NOW_MS + 2_000;
    const world = { ...WORLD, quote: quoteAt('99.99', '100.01', { atMs }) };
    expect(carriedOut(after, world, atMs).actions).toMatchObject([{ stopPrice: '96' }]);
  });

  test('a stop that is gone is placed again at the price it was moved to', () => {
    const moved = readBack(carriedOut(wished(OPEN, 'stop', '96')).book, '96');
    const stop = legOf(moved, 'STOP');
    const legs = moved.legs.map((leg) =>
      leg === stop ? { ...leg, status: 'CANCELLED' as const } : leg,
    );
    const { actions } = needsOf({ ...moved, legs }, { ...WORLD, brokerNet: '100' }, NOW_MS);
    expect(actions).toMatchObject([{ kind: 'place_exits', stopPrice: '96' }]);
  });

  test('[SIZ-6] a stop that was moved is not anchored to the fill any more', () => {
    const due = openBook({ stopLossPct: '0.05' });
    const filledHigher = { ...due, exits: { ...due.exits, reanchored: false } };
    const moved = finish(due, move(filledHigher, 'stop', '96'), NOW_MS).book;
    const { book } = asWanted(moved, WORLD, NOW_MS);
    expect(book.exits).toMatchObject({ stopPrice: '96', reanchored: true });
  });

  test('a close drops what was not done', () => {
    const book = requestClose(wished(OPEN, 'stop', '96'), 'manual').book;
    expect(stopWish(book)).toMatchObject({ state: 'refused', reason: 'a close was asked for' });
    const { actions } = needsOf(book, { ...WORLD, brokerNet: '100' }, NOW_MS);
    expect(actions).toMatchObject([{ cause: 'close_requested' }]);
  });
});

describe('[TRD-5] trailing by steps', () => {
  test.each([
    ['BUY', { amount: '2' }, '100', '95', '98'],
    ['BUY', { amount: '2' }, '97.19', '95', null], // 0.19 is less than a step of 0.20
    ['BUY', { amount: '2' }, '97.2', '95', '95.2'],
    ['BUY', { amount: '2' }, '90', '95', null],
    ['BUY', { fraction: '0.02' }, '100', '95', '98'],
    ['SELL', { amount: '2' }, '100', '105', '102'],
    ['SELL', { amount: '2' }, '110', '105', null],
    ['BUY', { amount: '0.05' }, '100', '99.94', '99.95'],
  ] as const)('%s %j with the best price %s moves a stop at %s to %s', (...row) => {
    const [side, by, best, stopPrice, expected] = row;
    expect(stepTo(side, by, { best, stopPrice, increment: '0.01' })).toBe(expected);
  });

  const trailing = (book: Book = OPEN): Book => requestTrail(book, { amount: '2' }, MARKET).book;
  const at = (bid: string, nowMs: number, change: Partial<Quote> = {}) =>
    quoteAt(bid, bid, { atMs: nowMs, ...change });

  test("a step is a wish like a person's, not before the pause is over, and never back", () => {
    const first = trailOn(trailing(), at('99.99', NOW_MS), '0.01', NOW_MS).book;
    expect(stopWish(first)).toMatchObject({ by: 'trail', price: '97.8', state: 'wanted' });
    const done = readBack(carriedOut(first).book, '97.8');
    const soonMs = NOW_MS + 1_000;
    const remembered = trailOn(done, at('102', soonMs), '0.01', soonMs).book;
    expect(stopWish(remembered)).toEqual(stopWish(done));
    expect(remembered.wishes.moves.trail?.best).toBe('102');
    const dueMs = NOW_MS + TRAIL_INTERVAL_MS;
    const next = trailOn(remembered, at('101', dueMs), '0.01', dueMs).book;
    expect(stopWish(next)).toMatchObject({ price: '100' });
    const lower = trailOn(
      readBack(carriedOut(next, { ...WORLD, quote: at('101', dueMs) }, dueMs).book, '100'),
      at('100.5', dueMs * 2),
      '0.01',
      dueMs * 2,
    );
    expect(stopWish(lower.book)?.price).toBe('100');
  });

  test.each([
    ['stale', at('120', NOW_MS - 6_000)],
    ['delayed', at('120', NOW_MS, { kind: 'delayed' })],
    ['halted', at('120', NOW_MS, { halted: true })],
    ['missing', null],
  ])('a quote that is %s moves nothing', (_name, quote) => {
    const book = trailing();
    expect(trailOn(book, quote, '0.01', NOW_MS).book).toBe(book);
  });

  test('a step that the broker refused is not asked for again at that price', () => {
    const first = trailOn(trailing(), at('99.99', NOW_MS), '0.01', NOW_MS).book;
    const refused = refusedByBroker(carriedOut(first).book);
    const dueMs = NOW_MS + TRAIL_INTERVAL_MS;
    expect(stopWish(trailOn(refused, at('99.99', dueMs), '0.01', dueMs).book)).toMatchObject({
      state: 'refused',
    });
    expect(stopWish(trailOn(refused, at('101', dueMs), '0.01', dueMs).book)?.price).toBe('99');
  });

  test('a stop moved by hand, or a close, ends it; less than a tick, or a native one, is refused', () => {
    expect(wished(trailing(), 'stop', '96').wishes.moves.trail).toBeNull();
    expect(requestClose(trailing(), 'manual').book.wishes.moves.trail).toBeNull();
    expect(requestTrail(OPEN, { amount: '0.001' }, MARKET).refusal).toMatch(/less than one tick/);
    expect(requestTrail(OPEN, { fraction: '1' }, MARKET).refusal).toMatch(/never stops anything/);
    const native = openBook({ trailing: { amount: '5' } });
    expect(requestTrail(native, { amount: '2' }, MARKET).refusal).toMatch(/from the entry on/);
  });
});

describe('[TRD-5] [TRD-16] a target that does not live', () => {
  /** So many targets that the broker refused, none that lives. */
  const refusedTargets = (times: number, from = OPEN): Book => {
    const target = legOf(from, 'TARGET');
    const refused = Array.from({ length: times }, (_, index) => ({
      ...{ ...target, legId: `T${index}`, sequence: index + 1, clientOrderId: `t${index}` },
      status: 'REJECTED' as const,
      incarnations: target.incarnations.map((one) => ({ ...one, state: 'REFUSED' as const })),
    }));
    return { ...from, legs: [...from.legs.filter((leg) => leg !== target), ...refused] };
  };
  const targetWish = (book: Book) => book.wishes.moves.target;

  test('none is placed any more: a move is refused, not taken and forgotten', () => {
    expect(move(refusedTargets(3), 'target', '112').refusal).toMatch(/no target lives/);
    const apart = (leg: Book['legs'][number]) => ({
      ...leg,
      wanted: { ...leg.wanted, ocaGroup: null },
      readBack: leg.readBack && { ...leg.readBack, ocaGroup: null },
    });
    const stopApart = { ...OPEN, legs: OPEN.legs.map(apart) };
    expect(move(refusedTargets(1, stopApart), 'target', '112').refusal).toMatch(/no target lives/);
  });

  test('placed anew, it is placed where it is wanted, and is not sent before', () => {
    const book = wished(refusedTargets(1), 'target', '112');
    const prepared = asCarried(book, asWanted(book, WORLD, NOW_MS), []).book;
    expect(targetWish(prepared)?.state).toBe('wanted');
    expect(prepared.exits.targetPrice).toBe('110');
    const { actions, book: claimed } = carriedOut(prepared);
    expect(actions).toMatchObject([{ kind: 'place_exits', targetPrice: '112' }]);
    expect(targetWish(claimed)?.state).toBe('sent');
  });

  test.each(['wanted', 'sent'] as const)('given up while a move is %s: told', (state) => {
    const book = wished(OPEN, 'target', '112');
    const { moves } = book.wishes;
    const wish = { ...moves.target!, state };
    const before = { ...book, wishes: { ...book.wishes, moves: { ...moves, target: wish } } };
    const gone = refusedTargets(3, before);
    const { book: after, events } = finish(before, { book: gone, events: [] }, NOW_MS);
    expect(targetWish(after)).toMatchObject({ state: 'refused' });
    expect(events.map(({ kind }) => kind)).toContain('move_refused');
    expect(needsOf(after, WORLD, NOW_MS)).toMatchObject({ actions: [], wait: null });
  });
});
