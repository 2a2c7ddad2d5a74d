/** An order that the broker is cancelling without end: nothing waits for it without end. */
import { describe, expect, test } from '@jest/globals';
import type { OrderError } from '../../../domain/broker/fact.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { legOf } from '../../../domain/trade/book.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { tradeLeg, type TradeLeg } from '../../../domain/trade/leg.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { CANCEL_MAX_MS } from '../../../domain/trade/situation.js';
import { CLOSE, NOW_MS, plan, short } from './ask.js';
import { claimedBook, granted, placedIn, report, sender, T0 } from './books.js';
import { ENTERED, filled, leg } from './legs.js';

const LONG_AGO_MS = NOW_MS - CANCEL_MAX_MS;
const PENDING = { status: 'CANCEL_PENDING', lastWriteMs: LONG_AGO_MS } as const;
const STUCK_STOP = leg('STOP', PENDING);
const STUCK_TARGET = leg('TARGET', PENDING);
const TARGET = leg('TARGET');
const UNARMED = { unarmedSinceMs: LONG_AGO_MS };

describe('[TRD-3] [TRD-16] an order that is being cancelled for too long', () => {
  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    ['a stop: doubled in its group', [ENTERED, STUCK_STOP], UNARMED, ['place 100 95/null oca']],
    ['a stop beside its target', [ENTERED, STUCK_STOP, TARGET], UNARMED, ['place 100 95/null oca']],
    [
      'a stop and its target, both stuck',
      [ENTERED, STUCK_STOP, STUCK_TARGET],
      UNARMED,
      ['place 100 95/null oca'],
    ],
    [
      'a stop whose double works',
      [ENTERED, STUCK_STOP, leg('STOP', { sequence: 2 }), TARGET],
      {},
      [],
    ],
    ['not yet long enough', [ENTERED, STUCK_STOP], { unarmedSinceMs: LONG_AGO_MS + 1 }, []],
    [
      'a cancel of ours is open',
      [ENTERED, leg('STOP', { ...PENDING, cancelInFlight: true })],
      UNARMED,
      [],
    ],
    [
      'closing: sold in its group',
      [ENTERED, STUCK_STOP],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'closing with a target that is stuck: the stop is moved',
      [ENTERED, leg('STOP'), STUCK_TARGET],
      CLOSE,
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'closing, both stuck in one group',
      [ENTERED, STUCK_STOP, STUCK_TARGET],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'nothing held: cancelled again',
      [ENTERED, leg('STOP', filled('100', '95')), STUCK_TARGET],
      {},
      ['cancel TARGET-1 nothing_held'],
    ],
    [
      'an entry that must go: cancelled again',
      [leg('ENTRY', PENDING), leg('STOP', { status: 'HELD', whyHeld: 'child' })],
      { cancelEntryRequested: true },
      ['cancel ENTRY-1 cancel_requested'],
    ],
    [
      'the same during the pause after it',
      [leg('ENTRY', { ...PENDING, pauseUntilMs: NOW_MS + 1 }), leg('STOP')],
      { cancelEntryRequested: true },
      [],
    ],
  ])('%s', (_name, legs, change, expected) => {
    expect(short(legs, change)).toStrictEqual(expected);
  });

  test('two stops of that kind are for a person', () => {
    const stops = [STUCK_STOP, { ...STUCK_STOP, legId: 'STOP-2', sequence: 2 }];
    expect(plan([ENTERED, ...stops], UNARMED)).toMatchObject({ actions: [], then: 'person' });
  });

  test('a cancel that was refused is settled by a list that shows the order as being cancelled', () => {
    const { book, group } = claimedBook();
    const stop = placedIn(group)[2]!;
    const shown = (status: 'ACCEPTED' | 'CANCEL_PENDING') =>
      ({
        kind: 'order',
        report: report(stop, { status }),
        receivedAtMs: T0,
        listed: true,
      }) as const;
    const live = applyFact(book, shown('ACCEPTED')).book;
    const action = { kind: 'cancel', legId: 'STOP', cause: 'not_wanted' } as const;
    const names = { legId: () => 'x', clientOrderId: () => 'x' };
    const { book: asked } = granted(claimActions(live, [action], [], sender(), names));
    const error: OrderError = {
      ...{ clientOrderId: 'ref-STOP', sessionOrderId: 3, code: 10148, message: 'no' },
      errorClass: 'rejection',
      about: 'cancel',
    };
    const refused = applyFact(asked, { kind: 'order_error', error, receivedAtMs: T0 }).book;
    const listed = tradeLeg(legOf(applyFact(refused, shown('CANCEL_PENDING')).book, 'STOP'));
    expect([listed.status, listed.cancelInFlight]).toEqual(['CANCEL_PENDING', false]);
    expect(listed.pauseUntilMs).toBe(T0 + 1_000);
  });
});
