/** An entry that went alone, for its broker knows neither brackets nor groups: what protects it, and when. */
import { describe, expect, test } from '@jest/globals';
import type { OrderEvent } from '../../../domain/orders/leg.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { claimEntry } from '../../../domain/trade/claim.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { ALONE_GRACE_MS } from '../../../domain/trade/protect-alone.js';
import { ENTRY_END_MS } from '../../../domain/trade/protect-entry.js';
import { wireGroupOf } from '../../../domain/trade/wire.js';
import { requestMove, requestTrail } from '../../../domain/trade/request-move.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { stepAsAsked, type TradeLeg } from '../../../domain/trade/leg.js';
import { CLOSE, lost, NOW_MS, plan, short } from './ask.js';
import { ACCOUNT, CONTRACT_ID, granted, PLAN, placedIn, plannedBook, report } from './books.js';
import { sender, T0 } from './books.js';
import { ENTERED, filled, leg } from './legs.js';

const ALONE: Partial<ProtectionInput> = { alone: { endsAtMs: null }, targetPrice: null };
const apart = (change: Partial<TradeLeg> = {}) => leg('STOP', { ocaGroup: null, ...change });
const PART = leg('ENTRY', filled('40', '100', false));
const asked = (legs: readonly TradeLeg[], change: Partial<ProtectionInput> = {}) =>
  short(legs, { ...ALONE, ...change });
const UNARMED = { unarmedSinceMs: NOW_MS };

describe('[BRK-9] [TRD-3] a stop right after the fill', () => {
  test('nothing is done while nothing has filled', () => {
    expect(plan([leg('ENTRY')], ALONE)).toMatchObject({ actions: [], waitsFor: null });
  });

  test('a part that filled gets its stop, and the entry works on', () => {
    expect(asked([PART], { ...UNARMED, brokerNet: '40' })).toStrictEqual(['place 40 95/null new']);
    const standing = plan([PART, apart({ quantity: '40' })], { ...ALONE, brokerNet: '40' });
    expect(standing).toMatchObject({ actions: [], waitsFor: null });
  });

  test('the stop grows with each further fill', () => {
    const more = leg('ENTRY', filled('70', '100', false));
    expect(asked([more, apart({ quantity: '40' })], { ...UNARMED, brokerNet: '70' })).toStrictEqual(
      ['modify STOP-1 70 @95 quantity'],
    );
    expect(asked([ENTERED, apart({ quantity: '70' })], UNARMED)).toStrictEqual([
      'modify STOP-1 100 @95 quantity',
    ]);
  });

  test('what is wanted as a target is never placed beside it', () => {
    const wish = { targetPrice: '110' };
    expect(asked([ENTERED], { ...UNARMED, ...wish })).toStrictEqual(['place 100 95/null new']);
    expect(asked([ENTERED, apart()], wish)).toStrictEqual([]);
  });

  test('a stop that was refused ends what of the entry is unfilled, and is placed again', () => {
    const now = { ...UNARMED, brokerNet: '40' };
    expect(asked([PART, lost('STOP')], now)).toStrictEqual([
      'cancel ENTRY-1 exit_lost_while_entering',
      'place 40 95/null new',
    ]);
  });

  test('shares that stay without a stop end what of the entry is unfilled', () => {
    const waiting = apart({ status: 'PENDING', quantity: '40' });
    const since = (agoMs: number) => ({ brokerNet: '40', unarmedSinceMs: NOW_MS - agoMs });
    expect(asked([PART, waiting], since(ALONE_GRACE_MS - 1))).toStrictEqual([]);
    expect(asked([PART, waiting], since(ALONE_GRACE_MS))).toStrictEqual([
      'cancel ENTRY-1 unarmed_while_entering',
    ]);
  });
});

describe('[BRK-9] [TRD-12] never two exits while the fate of one is unknown', () => {
  test.each([
    ['on its way', apart({ status: 'PENDING' })],
    ['unanswered', apart({ status: 'UNKNOWN' })],
    ['in no list', apart({ isDoubtful: true })],
    ['unanswered, and in no list', apart({ status: 'UNKNOWN', isDoubtful: true })],
  ])('a stop %s is doubled by nothing', (_, stop) => {
    const long = { unarmedSinceMs: NOW_MS - 60_000 };
    const link = { readySinceMs: NOW_MS - 60_000, pictureAtMs: NOW_MS - 1 };
    expect(asked([ENTERED, stop], long)).toStrictEqual([]);
    expect(asked([ENTERED, stop], { ...long, link })).toStrictEqual([]);
    expect(asked([ENTERED, stop], { ...CLOSE, link })).toStrictEqual([]);
    expect(asked([PART, stop], { brokerNet: '40' })).toStrictEqual([]);
  });

  test('beside a stop in no list there is a picture to wait for; one that is cancelled for ever, a person', () => {
    expect(plan([ENTERED, apart({ isDoubtful: true })], ALONE).then).toBe('look_up');
    const stuck = apart({ status: 'CANCEL_PENDING', lastWriteMs: NOW_MS - 60_000 });
    expect(plan([ENTERED, stuck], ALONE).then).toBe('person');
  });

  test('a close of unknown fate is not doubled', () => {
    const close = leg('CLOSE', { side: 'SELL', status: 'UNKNOWN', isDoubtful: true });
    expect(asked([ENTERED, close], CLOSE)).toStrictEqual([]);
  });

  test('a close waits for the end of the stop, and is an order of its own', () => {
    expect(asked([ENTERED, apart()], CLOSE)).toStrictEqual(['cancel STOP-1 close_requested']);
    const going = apart({ status: 'CANCEL_PENDING', cancelInFlight: true });
    expect(asked([ENTERED, going], CLOSE)).toStrictEqual([]);
    const gone = apart({ status: 'CANCELLED' });
    expect(asked([ENTERED, gone], CLOSE)).toStrictEqual(['SELL 100 close_requested']);
  });
});

describe('[BRK-9] the end of an entry that went alone', () => {
  test('this system ends it at its time, where the broker knows no such orders', () => {
    const alone = { endsAtMs: NOW_MS + 1_000 };
    expect(plan([leg('ENTRY')], { ...ALONE, alone })).toMatchObject({
      ...{ actions: [], recheckAtMs: NOW_MS + 1_000, then: 'plan' },
    });
    const due = { alone: { endsAtMs: NOW_MS } };
    expect(asked([leg('ENTRY')], due)).toStrictEqual(['cancel ENTRY-1 cancel_requested']);
  });

  test('a close ends it first; its stop stands until then, and the sale waits no longer than that', () => {
    const part = { ...CLOSE, brokerNet: '40' };
    expect(asked([PART, apart({ quantity: '40' })], part)).toStrictEqual([
      'cancel ENTRY-1 close_requested',
    ]);
    const told = leg('ENTRY', {
      ...filled('40', '100', false),
      ...{ status: 'CANCEL_PENDING', cancelInFlight: true, firstCancelMs: NOW_MS },
    });
    expect(plan([told, apart({ quantity: '40' })], { ...ALONE, ...part })).toMatchObject({
      ...{ actions: [], recheckAtMs: NOW_MS + ENTRY_END_MS, then: 'plan' },
    });
    const long = { ...told, firstCancelMs: NOW_MS - ENTRY_END_MS };
    expect(asked([long, apart({ quantity: '40' })], part)).toStrictEqual([
      'cancel STOP-1 close_requested',
    ]);
  });

  test('an exit that fills while it works ends it', () => {
    const stop = apart({ quantity: '40', ...filled('10', '95', false) });
    expect(asked([PART, stop], { brokerNet: '30' })).toStrictEqual([
      'cancel ENTRY-1 exit_filled_while_entering',
    ]);
  });
});

describe('[BRK-9] the book of a trade whose entry went alone', () => {
  const planned = plannedBook({ targetPrice: null, entry: { ...PLAN.entry, goesAlone: true } });

  function entered() {
    const { book, group } = granted(claimEntry(planned, [1], sender()));
    const [order] = placedIn(group);
    const told = report(order!, { status: 'EXECUTED', filledQuantity: '100' });
    const execution = {
      ...{ executionId: 'x.01', executionKey: 'x', correction: 1 },
      ...{ clientOrderId: order!.clientOrderId, brokerOrderId: 'perm-1', sessionOrderId: 1 },
      ...{ sessionClientId: 17, account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
      ...{ side: 'BUY' as const, quantity: '100', price: '100', executedAtMs: T0 },
    };
    const nowMs = T0 + 500;
    const filledBook = applyFact(book, {
      ...{ kind: 'execution', report: execution, receivedAtMs: nowMs },
    }).book;
    return {
      group,
      book: applyFact(filledBook, {
        ...{ kind: 'order', report: told, receivedAtMs: nowMs, listed: false },
      }).book,
    };
  }

  test('the group is the entry, with nothing beside it, as it was approved', () => {
    const { book, group } = granted(claimEntry(planned, [1], sender()));
    const { bracket } = wireGroupOf(book, group);
    expect([bracket!.entry.terms.ocaGroup, bracket!.exits]).toStrictEqual([null, []]);
  });

  test('its stop is claimed outside of any group, and its close too', () => {
    const { book } = entered();
    const needs = needsOf(book, NOTHING_KNOWN, T0 + 600);
    expect(needs.actions).toMatchObject([{ kind: 'place_exits', quantity: '100' }]);
    const names = { legId: () => 'stop', clientOrderId: () => 'ref-stop' };
    const exits = granted(claimActions(book, needs.actions, [2], sender(), names));
    expect(placedIn(exits.group).map(({ terms }) => terms)).toMatchObject([
      { orderType: 'STP', stopPrice: '95', timeInForce: 'GTC', ocaGroup: null, ocaType: null },
    ]);
    const close = { kind: 'market_close', side: 'SELL', quantity: '100', ocaGroup: null } as const;
    const closing = [{ ...close, cause: 'close_requested' } as const];
    const sold = granted(claimActions(book, closing, [2], sender(), names));
    expect(placedIn(sold.group).map(({ terms }) => terms)).toMatchObject([
      { orderType: 'MKT', timeInForce: 'DAY', ocaGroup: null, ocaType: null },
    ]);
  });

  test('a target can be asked for by no command', () => {
    const market = { quote: null, increment: '0.01', room: null, nowMs: T0 };
    const wished = requestMove(
      entered().book,
      { exit: 'target', price: '110', widen: false },
      market,
    );
    expect(wished.refusal).toMatch(/no groups of orders/);
    expect(requestTrail(entered().book, { fraction: '0.02' }, market).refusal).toMatch(/no quotes/);
  });
});

describe('[BRK-9] [TRD-12] a stop that is being replaced by a larger one', () => {
  const growing = apart({ quantity: '40', modificationInFlight: true });
  const fill = (quantity: string): OrderEvent => ({
    kind: 'executed',
    ...{ executionId: 'x.01', executionKey: 'x', correction: 1, quantity, price: '95' },
  });

  test('has not ended when more than its old size is filled, before anybody told its new one', () => {
    const more = stepAsAsked(growing, fill('60'), '100');
    expect(more).toMatchObject({ status: 'PARTIAL', quantity: '40', filledQuantity: '60' });
    const read = stepAsAsked(more, { kind: 'quantityRead', quantity: '40' }, '100');
    expect(read).toMatchObject({ status: 'PARTIAL', quantity: '40' });
    const told = stepAsAsked(more, { kind: 'quantityRead', quantity: '100' }, '100');
    expect(told).toMatchObject({ status: 'PARTIAL', quantity: '100' });
  });

  test('has ended when all that was asked for is filled, or the broker says so', () => {
    expect(stepAsAsked(growing, fill('100'), '100').status).toBe('EXECUTED');
    const done = { kind: 'statusReported', status: 'EXECUTED', whyHeld: '' } as const;
    const old = stepAsAsked(growing, fill('40'), '100');
    const said = stepAsAsked(old, { ...done, filled: '40', remaining: '0' }, '100');
    expect(said.status).toBe('EXECUTED');
    expect(stepAsAsked(growing, fill('40'), null).status).toBe('EXECUTED');
  });
});
