/** What honest clients and IBKR do, by the order life of its documents: none of it is judged. */
import { expect, test } from '@jest/globals';
import { NOTHING_JUDGED } from '../support/verdicts.js';
import { Desk, alone, bracket } from './ledger-desk.js';
import { HELD, WAITING } from './ledger-facts.js';

type Tell = (desk: Desk) => void;

const HOUR_SECONDS = 3_600;
const CHILD = { status: 'PreSubmitted', whyHeld: 'child,trigger' };

/** The parent fills in part; `children` is what the exchange's rule makes of the exits. */
function partFilled(desk: Desk, size: string, held: boolean) {
  const made = bracket({ id: 1, ref: 'bal-a' });
  desk.sendBracket(made);
  desk.wait(1);
  desk.trade(made.entry, '40', '40');
  const sized = { quantity: size, remaining: size };
  desk.show({ ...made.stop, ...sized, ...(held ? CHILD : WAITING) });
  desk.show({ ...made.target, ...sized, ...(held ? HELD : {}) });
  return made;
}

/** The rest of the parent is cancelled, what it filled is kept or closed by its children. */
function restCancelled(desk: Desk, size: string, parentCancel: 'keeps' | 'kills'): void {
  const made = partFilled(desk, size, false);
  desk.wait(10);
  desk.show({ ...made.entry, status: 'PendingCancel', filled: '40', remaining: '60' });
  desk.show({ ...made.entry, status: 'Cancelled', filled: '40', remaining: '60' });
  if (parentCancel === 'keeps') {
    const sized = { quantity: '40', remaining: '40' };
    for (const order of [made.stop, made.target]) {
      desk.show({ ...order, ...sized, ...(order === made.stop && WAITING) });
    }
  } else {
    desk.cancel(made.stop);
    desk.cancel(made.target);
    const repair = { quantity: '40', remaining: '40', ocaGroup: 'oca-bal-a-2', ocaType: 2 };
    desk.place({ ...alone(made.stop, { ...repair, orderId: 8 }), ...WAITING });
    desk.place(alone(made.target, { ...repair, orderId: 9 }));
  }
  desk.wait(HOUR_SECONDS);
}

const LIFE: Record<string, Tell> = {
  'a bracket that takes its profit'(desk) {
    const made = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(HOUR_SECONDS);
    desk.takeProfit(made);
  },
  'a short bracket that is stopped out'(desk) {
    const made = desk.open({ id: 1, ref: 'bal-a', side: 'SELL' });
    desk.wait(HOUR_SECONDS);
    desk.stopOut(made);
  },
  'every message doubled, statuses out of order'(desk) {
    const { entry, stop, target } = bracket({ id: 1, ref: 'bal-a' });
    desk.sendBracket({ entry, stop, target });
    desk.show(entry);
    desk.wait(1);
    desk.trade(entry);
    for (let time = 0; time < 2; time += 1) desk.arm({ entry, stop, target });
    desk.show({ ...entry, status: 'Filled', filled: '100', remaining: '0' });
    desk.wait(HOUR_SECONDS);
  },
  'Filled before its executions, all in one instant'(desk) {
    const made = bracket({ id: 1, ref: 'bal-a' });
    desk.sendBracket(made);
    desk.wait(1);
    desk.arm(made);
    desk.show({ ...made.entry, status: 'Filled', filled: '100', remaining: '0' });
    desk.fill(made.entry, '100', '100');
    desk.wait(HOUR_SECONDS);
  },
  'a stop that is moved, then goes on under a second permId'(desk) {
    const { stop } = desk.open({ id: 1, ref: 'bal-a' });
    for (const stopPrice of ['96', '97', '98']) {
      desk.wait(60);
      desk.place({ ...stop, ...WAITING, stopPrice });
    }
    desk.show({ ...stop, ...WAITING, stopPrice: '99', permId: 4711 });
    desk.wait(HOUR_SECONDS);
  },
  'an entry cancelled before it fills: PendingCancel, Cancelled, 202, its children too'(desk) {
    const made = bracket({ id: 1, ref: 'bal-a' });
    desk.sendBracket(made);
    desk.wait(60);
    desk.tell({ kind: 'cancel', clientId: 1, orderId: 1 });
    desk.cancel(made.entry);
    desk.tell({ kind: 'error', clientId: 1, orderId: 1, code: 202, message: 'cancelled' });
    desk.cancel(made.stop);
    desk.cancel(made.target);
    desk.wait(HOUR_SECONDS);
  },
  'an entry refused with 201, its children with 135, sent again'(desk) {
    const { entry } = bracket({ id: 1, ref: 'bal-a' });
    desk.send(entry);
    desk.tell({ kind: 'error', clientId: 1, orderId: 1, code: 201, message: 'margin' });
    desk.show({ ...entry, status: 'Inactive' });
    desk.tell({ kind: 'error', clientId: 1, orderId: 2, code: 135, message: 'no such order' });
    desk.wait(5);
    desk.open({ id: 11, ref: 'bal-a' });
    desk.wait(HOUR_SECONDS);
  },
  'a bracket lost on the wire, sent again under the same references'(desk) {
    const { entry, stop, target } = bracket({ id: 1, ref: 'bal-a' });
    for (const order of [entry, stop, target]) desk.send(order, 'dropped');
    desk.cut(30);
    desk.open({ id: 11, ref: 'bal-a' });
    desk.wait(HOUR_SECONDS);
  },
  'cut before the acknowledgement: looked up, not sent again'(desk) {
    const made = bracket({ id: 1, ref: 'bal-a' });
    for (const order of [made.entry, made.stop]) desk.send({ ...order, transmit: false });
    desk.send(made.target);
    desk.show(made.entry);
    desk.show({ ...made.stop, ...HELD });
    desk.show({ ...made.target, ...HELD });
    desk.cut();
    desk.trade(made.entry);
    desk.arm(made);
    desk.reads(made.entry, made.stop, made.target);
    desk.wait(HOUR_SECONDS);
  },
  'the notice 10349 on an entry: its time in force is set, it lives'(desk) {
    const made = bracket({ id: 1, ref: 'bal-a' });
    desk.sendBracket({ ...made, entry: { ...made.entry, tif: 'GTC' } });
    desk.tell({ kind: 'error', clientId: 1, orderId: 1, code: 10349, message: 'TIF set' });
    desk.show({ ...made.entry, tif: 'DAY' });
    desk.trade(made.entry);
    desk.arm(made);
    desk.wait(HOUR_SECONDS);
  },
  'a stop limit with room, triggered and filled in parts at the market'(desk) {
    const limit = { orderType: 'STP LMT', limitPrice: '94.9' };
    const { stop, target } = desk.open({ id: 1, ref: 'bal-a', stop: limit });
    desk.wait(HOUR_SECONDS);
    desk.market = '95';
    desk.show({ ...stop, status: 'Submitted', whyHeld: '' });
    desk.trade(stop, '60', '60');
    desk.show({ ...target, quantity: '40', remaining: '40' });
    desk.wait(5);
    desk.trade(stop, '40', '100');
    desk.cancel(target);
    desk.wait(60);
  },
  'a trailing stop that follows the market'(desk) {
    const trail = { orderType: 'TRAIL', stopPrice: '98' };
    const { stop } = desk.open({ id: 1, ref: 'bal-a', stop: trail });
    desk.market = '130';
    desk.show({ ...stop, ...WAITING, stopPrice: '128' });
    desk.wait(HOUR_SECONDS);
  },
  'a stop good till a later day, renewed before its last one'(desk) {
    const day = 86_400;
    const stop = { tif: 'GTD', goodTillMs: 2.5 * day * 1_000 };
    const made = desk.open({ id: 1, ref: 'bal-a', stop });
    desk.wait(0.9 * day);
    desk.show({ ...made.stop, ...WAITING, goodTillMs: 9 * day * 1_000 });
    desk.wait(4 * day);
    desk.stopOut(made);
  },
  'a target that fills in parts: its group reduces the stop'(desk) {
    const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
    desk.trade(target, '30', '30');
    desk.show({ ...stop, ...WAITING, quantity: '70', remaining: '70' });
    desk.wait(10);
    desk.trade(target, '70', '100');
    desk.cancel(stop);
    desk.wait(HOUR_SECONDS);
  },
  'a target that is cancelled takes its group along; a pair is placed at once'(desk) {
    const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(10);
    desk.cancel(target);
    desk.cancel(stop);
    const group = { ocaGroup: 'oca-bal-a-2', ocaType: 2 };
    desk.place({ ...alone(stop, { ...group, orderId: 8 }), ...WAITING });
    desk.place(alone(target, { ...group, orderId: 9 }));
    desk.wait(HOUR_SECONDS);
  },
  'a close: the target is repriced to the market'(desk) {
    const made = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(10);
    desk.place({ ...made.target, limitPrice: '99' });
    desk.takeProfit(made);
    desk.wait(HOUR_SECONDS);
  },
  'a close by hand takes the exits along'(desk) {
    const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(10);
    const byHand = { orderId: 0, clientId: 0, permId: 77, quantity: '100', orderRef: '' };
    desk.trade({ ...byHand, action: 'SELL' });
    desk.cancel(stop);
    desk.cancel(target);
    desk.wait(HOUR_SECONDS);
  },
  'an order by hand beside a trade, bought and sold'(desk) {
    desk.open({ id: 1, ref: 'bal-a' });
    const byHand = { orderId: 0, clientId: 0, permId: 77, quantity: '50', orderRef: '' };
    desk.trade({ ...byHand, action: 'BUY' });
    desk.wait(10);
    desk.trade({ ...byHand, action: 'SELL', permId: 78 });
    desk.wait(HOUR_SECONDS);
  },
  'part of two trades is sold by hand, whosever it is: the exits follow'(desk) {
    const first = desk.open({ id: 1, ref: 'bal-a' });
    desk.open({ id: 11, ref: 'bal-b' });
    desk.wait(10);
    const byHand = { orderId: 0, clientId: 0, permId: 77, quantity: '100', orderRef: '' };
    desk.trade({ ...byHand, action: 'SELL' });
    desk.cancel(first.stop);
    desk.cancel(first.target);
    desk.wait(HOUR_SECONDS);
  },
  'a split: every order is cancelled, a person has the exits placed anew'(desk) {
    const { stop, target } = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(10);
    desk.cancel(stop);
    desk.cancel(target);
    desk.state('200');
    desk.market = '50';
    desk.wait(HOUR_SECONDS);
    const rescaled = { quantity: '200', remaining: '200', ocaGroup: 'oca-bal-a-2', ocaType: 2 };
    desk.place({ ...alone(stop, { ...rescaled, orderId: 8, stopPrice: '47.5' }), ...WAITING });
    desk.place(alone(target, { ...rescaled, orderId: 9, limitPrice: '55' }));
    desk.wait(HOUR_SECONDS);
  },
  'the gateway restarts and tells everything again'(desk) {
    const made = desk.open({ id: 1, ref: 'bal-a' });
    desk.wait(10);
    desk.tell({ kind: 'disconnected', clientId: 1, reason: 'restart' });
    desk.wait(100);
    desk.tell({ kind: 'up' });
    desk.show({ ...made.entry, status: 'Filled', filled: '100', remaining: '0' });
    desk.arm(made);
    desk.state('100');
    desk.tell({ kind: 'connected', clientId: 1 });
    desk.wait(HOUR_SECONDS);
    desk.stopOut(made);
  },
};

const PARTS: Record<string, Tell> = {
  'a parent filled in part, children scaled': (desk) => wholeLater(desk, '40', false),
  'a parent filled in part, children of full size': (desk) => wholeLater(desk, '100', false),
  'scaled children, the rest is cancelled, they keep': (desk) => restCancelled(desk, '40', 'keeps'),
  'scaled children, the rest is cancelled, they die with it': (desk) =>
    restCancelled(desk, '40', 'kills'),
  'full children, the rest is cancelled, they keep': (desk) => restCancelled(desk, '100', 'keeps'),
  'full children, the rest is cancelled, they die with it': (desk) =>
    restCancelled(desk, '100', 'kills'),
};

/** The parent fills whole ten seconds later. */
function wholeLater(desk: Desk, size: string, held: boolean): void {
  const made = partFilled(desk, size, held);
  desk.wait(10);
  desk.trade(made.entry, '60', '100');
  desk.arm(made);
  desk.wait(HOUR_SECONDS);
}

const SEVERAL: Record<string, Tell> = {
  'three strategies in one symbol, each with its exits, closed in any order'(desk) {
    const first = desk.open({ id: 1, ref: 'bal-a' });
    const second = desk.open({ id: 11, ref: 'bal-b', shares: '60' });
    const third = desk.open({ id: 21, ref: 'bal-c', shares: '60' });
    desk.wait(60);
    desk.stopOut(second);
    desk.wait(60);
    desk.takeProfit(first);
    desk.wait(60);
    desk.stopOut(third);
  },
  'two trades alike of which the older one is repaired by a pair alone'(desk) {
    const first = desk.open({ id: 1, ref: 'bal-4f0d' });
    desk.open({ id: 11, ref: 'bal-77aa' });
    desk.wait(10);
    desk.cancel(first.stop);
    desk.cancel(first.target);
    const group = { ocaGroup: 'oca-new', ocaType: 2 };
    desk.place({ ...alone(first.stop, { ...group, orderId: 8, orderRef: 'bal-1c' }), ...WAITING });
    desk.place(alone(first.target, { ...group, orderId: 9, orderRef: 'bal-2d' }));
    desk.wait(HOUR_SECONDS);
  },
  'two trades alike of which the older one is closed by an order alone, its exits cancelled first'(
    desk,
  ) {
    const first = desk.open({ id: 1, ref: 'bal-4f0d' });
    const second = desk.open({ id: 11, ref: 'bal-77aa' });
    desk.wait(10);
    desk.cancel(first.target);
    desk.cancel(first.stop);
    const close = alone(first.target, { orderId: 8, orderRef: 'bal-9e', orderType: 'MKT' });
    desk.place(close);
    desk.trade(close);
    desk.wait(HOUR_SECONDS);
    desk.stopOut(second);
  },
  'three hundred entries in one symbol, then a stop alone for each, named after none of them'(
    desk,
  ) {
    const ids = Array.from({ length: 300 }, (_, index) => index + 1);
    const entries = ids.map((id) => bracket({ id, ref: `e${id}-x`, shares: '1' }));
    for (const { entry } of entries) desk.place(entry);
    for (const { entry } of entries) desk.trade(entry);
    for (const { entry, stop } of entries) {
      const order = { orderId: 1_000 + entry.orderId, orderRef: `s${entry.orderId}` };
      desk.place({ ...alone(stop, order), ...WAITING });
    }
    desk.wait(HOUR_SECONDS);
  },
  'stops that are gone are sent again alone, under their own references'(desk) {
    const first = desk.open({ id: 1, ref: 'bal-4f0d', stop: { orderRef: 'bal-1c' } });
    const second = desk.open({ id: 11, ref: 'bal-77aa', stop: { orderRef: 'bal-2d' } });
    desk.wait(10);
    for (const { stop, target } of [first, second]) {
      desk.cancel(stop);
      desk.cancel(target);
    }
    const again = alone(first.stop, { orderId: 31 });
    desk.place({ ...again, ...WAITING });
    desk.place({ ...alone(second.stop, { orderId: 32 }), ...WAITING });
    desk.wait(10);
    desk.trade(again);
    desk.wait(HOUR_SECONDS);
  },
};

const LISTED: Record<string, Tell> = {
  'two listed signals alike, sent blindly one after the other'(desk) {
    desk.list('bal-a', '100');
    desk.list('bal-b', '100');
    desk.place(bracket({ id: 1, ref: 'bal-a' }).entry);
    desk.cut();
    desk.place(bracket({ id: 11, ref: 'bal-b' }).entry);
  },
  'a listed signal that is smaller than another one in force'(desk) {
    desk.list('bal-a', '133');
    desk.list('bal-b', '132');
    desk.open({ id: 1, ref: 'bal-a', shares: '133' });
    desk.open({ id: 11, ref: 'bal-b', shares: '132' });
    desk.wait(HOUR_SECONDS);
  },
  'references are listed after their order has come'(desk) {
    desk.list('bal-a', '100');
    desk.open({ id: 1, ref: 'bal-a' });
    desk.open({ id: 11, ref: 'bal-b' });
    desk.wait(1);
    desk.list('bal-b', '100');
    desk.wait(HOUR_SECONDS);
  },
  'a signal without a quantity: what its entry has counts'(desk) {
    desk.list('bal-a');
    desk.open({ id: 1, ref: 'bal-a' });
    desk.list('bal-a', '100');
    desk.wait(HOUR_SECONDS);
  },
  'the only entry of a listed signal came under another reference'(desk) {
    desk.list('bal-a', '100');
    desk.send(bracket({ id: 1, ref: 'bal-a' }).entry, 'dropped');
    desk.cut(30);
    desk.open({ id: 11, ref: 'other' });
    desk.wait(HOUR_SECONDS);
  },
  'a long and a short signal of one symbol, one after the other'(desk) {
    desk.list('bal-a', '100');
    desk.list('bal-b', '100', { side: 'SELL' });
    desk.stopOut(desk.open({ id: 1, ref: 'bal-a' }));
    desk.wait(60);
    desk.stopOut(desk.open({ id: 11, ref: 'bal-b', side: 'SELL' }));
  },
  'references one by one, repaired by a stop that only its reference names'(desk) {
    for (const ref of ['a', 'b']) {
      const orderRefs = [`x-${ref}1`, `x-${ref}2`, `x-${ref}3`, `x-${ref}4`];
      desk.tell({
        kind: 'signals',
        signals: [{ signal: ref, symbol: 'IBM', side: 'BUY', quantity: '100', orderRefs }],
      });
    }
    const made = ['a', 'b'].map((ref, index) => {
      const { entry, stop, target } = bracket({ id: 1 + 10 * index, ref: `x-${ref}1` });
      const named = {
        entry,
        stop: { ...stop, orderRef: `x-${ref}2` },
        target: { ...target, orderRef: `x-${ref}3` },
      };
      desk.sendBracket(named);
      desk.trade(entry);
      desk.arm(named);
      return named;
    });
    desk.wait(10);
    // Both lose their stops at once; by its look alone the first repair would be the latest one's.
    for (const { stop, target } of made) {
      desk.cancel(stop);
      desk.cancel(target);
    }
    const repairs = made.map(({ stop }, index) =>
      alone(stop, { orderId: 30 + index, orderRef: index === 0 ? 'x-a4' : 'x-b4' }),
    );
    for (const repair of repairs) desk.place({ ...repair, ...WAITING });
    desk.wait(10);
    desk.trade(repairs[0]!);
    desk.wait(HOUR_SECONDS);
  },
  'an entry that came before the list began'(desk) {
    const stranger = desk.open({ id: 1, ref: 'stranger' });
    desk.stopOut(stranger);
    desk.wait(1);
    desk.list('bal-a', '100');
    desk.open({ id: 11, ref: 'bal-a' });
    desk.wait(HOUR_SECONDS);
  },
};

const ALL = Object.entries({ ...LIFE, ...PARTS, ...SEVERAL, ...LISTED });

test.each(ALL)('[GWY-7] judges nothing: %s', (_, tell) => {
  const desk = new Desk();
  tell(desk);
  desk.wait(60);
  const report = desk.report();
  expect(report.verdicts).toEqual(NOTHING_JUDGED);
  expect([report.findings, report.breaches]).toEqual([[], []]);
});
