/** C-49 … C-56: what can not be is refused, by this system or by the broker, and never taken for an order. */
import type { OrderTerms, OrderToSend } from '../../broker/port.js';
import { NotSentError } from '../../broker/port.js';
import { decimal, text } from '../../domain/money.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk, Wanted } from '../desk.js';
import { codes, ending, meanings } from '../words.js';
import { resting } from './changes.js';

/** Longer than any broker keeps of a reference. */
const TOO_LONG = 'x'.repeat(60);

/**
 * Sends what can't be an order, and waits for whoever refuses it.
 * @throws BrokenRule when nobody does, or when it is listed as open afterwards.
 */
async function isRefused(desk: Desk, wanted: Wanted): Promise<void> {
  const ref = desk.ref(wanted.name);
  let order: OrderToSend | null = null;
  const sent = await ending(async () => {
    order = await desk.placeOne(wanted);
  });
  desk.note(`${wanted.name}: sending it`, sent);
  if (order !== null) {
    await desk.until(`a refusal of ${ref}`, () => {
      const isTold = desk.seen.errors(ref).some(({ about }) => about === 'order');
      return isTold || desk.seen.hasBeen(ref, ['REJECTED']);
    });
    await desk.quiet();
    const errors = desk.seen.errors(ref);
    const isRejection = errors.some(({ errorClass, about }) => {
      return errorClass === 'rejection' && about === 'order';
    });
    desk.must('the refusal says that it is one', isRejection, meanings(errors));
    desk.note(`${wanted.name}: codes`, codes(errors));
    desk.note(`${wanted.name}: statuses`, desk.seen.statuses(ref));
  } else {
    const isClear = sent === 'refused, nothing sent: invalid' || sent === REFUSED_BY_GUARD;
    desk.must('what is not sent is refused as such', isClear, sent);
  }
  const { orders } = await desk.picture();
  const alive = orders.filter(({ clientOrderId }) => clientOrderId === ref);
  desk.must('it is not listed as open', alive.length === 0, alive);
}

const REFUSED_BY_GUARD = 'refused, nothing sent: guard';

async function badPrice(desk: Desk): Promise<void> {
  const good = decimal(await desk.market.off('-0.1'));
  const offGrid = text(good.add(decimal('0.00001')));
  await isRefused(desk, { name: 'off the grid', terms: { limitPrice: offGrid } });
  await isRefused(desk, { name: 'below zero', terms: { limitPrice: '-1' } });
}

async function badSize(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  for (const quantity of ['0', '-1']) {
    const wanted = { name: `of ${quantity}`, terms: { limitPrice, quantity } };
    const sent = await ending(desk.place(wanted));
    desk.must(
      `a size of ${quantity} is never sent`,
      sent === 'refused, nothing sent: invalid',
      sent,
    );
  }
  await isRefused(desk, { name: 'too fine', terms: { limitPrice, quantity: '0.0000001' } });
}

async function badContract(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  const instrument = desk.world.unlisted;
  await isRefused(desk, { name: 'unlisted', terms: { limitPrice }, instrument });
}

async function badTerms(desk: Desk): Promise<void> {
  const price = await desk.market.off('-0.1');
  const wrong: Readonly<Record<string, Partial<OrderTerms>>> = {
    'a limit order without its price': {},
    'a market order with a price': { orderType: 'MKT', limitPrice: price },
    'a stop without its price': { orderType: 'STP' },
    'good till a time without one': { limitPrice: price, timeInForce: 'GTD' },
    'a group without its type': { limitPrice: price, ocaGroup: 'group' },
  };
  for (const [what, terms] of Object.entries(wrong)) {
    const sent = await ending(desk.place({ name: 'wrong', terms }));
    desk.must(`${what} is never sent`, sent === 'refused, nothing sent: invalid', sent);
  }
}

async function badText(desk: Desk): Promise<void> {
  const terms = { limitPrice: await desk.market.off('-0.1') };
  for (const name of [TOO_LONG, 'a\u0000b', 'ü']) {
    const sent = await ending(desk.place({ name, terms }));
    const isInvalid = sent === 'refused, nothing sent: invalid';
    desk.must('a reference that would be changed is never sent', isInvalid, sent);
  }
}

async function wrongAccount(desk: Desk): Promise<void> {
  const terms = { limitPrice: await desk.market.off('-0.1') };
  const sent = await ending(desk.place({ name: 'order', terms, account: 'NOBODY' }));
  desk.must('an account that is not reported is never traded', sent === REFUSED_BY_GUARD, sent);
}

async function usedId(desk: Desk): Promise<void> {
  const order = await resting(desk, 'first');
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  await desk.quiet();
  const limitPrice = await desk.market.off('-0.12');
  const again = await desk.placeOne({
    name: 'second',
    terms: { limitPrice },
    sessionOrderId: order.sessionOrderId,
  });
  await desk.quiet();
  const errors = desk.seen.errorsOn(order.sessionOrderId).filter(({ about }) => about !== 'cancel');
  const wrong = errors.filter(({ about, errorClass }) => {
    return about === 'order' && errorClass === 'rejection';
  });
  desk.must('a used id refuses the message, no order', wrong.length === 0, meanings(wrong));
  desk.note('an id that was used is answered', codes(errors));
  const isShown = desk.seen
    .reports(again.clientOrderId)
    .some(({ status }) => status === 'ACCEPTED');
  desk.note('an order comes of it', isShown);
}

async function tooLarge(desk: Desk): Promise<void> {
  const slot = desk.turn(10_000);
  const answered = await ending(slot.then((given) => given.release()));
  const isInvalid = answered === 'refused, nothing sent: invalid';
  desk.must('a group that no second can hold is refused', isInvalid, answered);
  const error = await slot.catch((caught: unknown) => caught);
  const says = error instanceof NotSentError && error.message.length > 0;
  desk.must('and it is said why', says);
}

const LIMIT = { needs: ['LMT'] } as const;

export const REFUSALS: readonly Case[] = [
  caseOf('C-49', 'an order with a price that can not be is refused', ['BRK-4'], badPrice, LIMIT),
  caseOf('C-50', 'an order of a size that can not be is refused', ['BRK-4'], badSize, LIMIT),
  caseOf(
    'C-51',
    'an order of an instrument that nobody lists is refused',
    ['BRK-4'],
    badContract,
    LIMIT,
  ),
  caseOf('C-52', 'terms that contradict themselves are never sent', ['BRK-6'], badTerms),
  caseOf(
    'C-53',
    'a reference that would not come back as it is, is never sent',
    ['BRK-2'],
    badText,
    LIMIT,
  ),
  caseOf('C-54', 'an account that is not reported is never traded', ['BRK-1'], wrongAccount, LIMIT),
  caseOf('C-55', 'an order id that was used refuses the message alone', ['BRK-2'], usedId, LIMIT),
  caseOf('C-56', 'a group too large for one second is refused', ['BRK-7'], tooLarge),
];
