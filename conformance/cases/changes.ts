/** C-32 … C-38: modifications and cancels, and what is said of those that come too late. */
import type { OrderToSend } from '../../broker/port.js';
import { decimal, text } from '../../domain/money.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk } from '../desk.js';
import { meanings, noteCourse, readBack } from '../words.js';
import { bought } from './fills.js';

/** An id far above any that a session of the suite gives out. */
const UNUSED_ID_AHEAD = 5_000;

export async function resting(desk: Desk, name = 'order'): Promise<OrderToSend> {
  const order = await desk.placeOne({ name, terms: { limitPrice: await desk.market.off('-0.1') } });
  await desk.rests(order);
  return order;
}

async function modified(desk: Desk): Promise<void> {
  const order = await resting(desk);
  const before = desk.seen.last(order.clientOrderId)!;
  const limitPrice = await desk.market.off('-0.12');
  const quantity = text(decimal(order.terms.quantity).add(1));
  const changed = await desk.modify(order, { limitPrice, quantity });
  const isShown = () =>
    desk.seen
      .reports(order.clientOrderId)
      .some(({ terms }) => terms !== null && readBack(changed.terms, terms) === 'as sent');
  await desk.until('the new terms to be read back', isShown);
  await desk.quiet();
  const { orders } = await desk.picture();
  const shown = orders.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('a modification makes no second order', shown.length === 1, shown);
  const [now] = shown;
  const isSame = now!.sessionOrderId === order.sessionOrderId;
  desk.must('it is the order that was sent', isSame, now);
  desk.must(
    'the picture shows the new terms',
    readBack(changed.terms, now!.terms) === 'as sent',
    now,
  );
  desk.note('its durable id', now!.brokerOrderId === before.brokerOrderId ? 'stays' : 'changes');
  noteCourse(desk, 'order', order.clientOrderId);
}

async function badlyModified(desk: Desk): Promise<void> {
  const order = await resting(desk);
  const offGrid = text(decimal(order.terms.limitPrice!).add(decimal('0.00001')));
  await desk.modify(order, { limitPrice: offGrid });
  await desk.until('a refusal', () => desk.seen.errors(order.clientOrderId).length > 0);
  await desk.quiet();
  const errors = desk.seen.errors(order.clientOrderId);
  const [error] = errors;
  desk.must(
    'what is refused is the modification',
    error!.about === 'modification',
    meanings(errors),
  );
  const { orders } = await desk.picture();
  const now = orders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('the order lives', now !== undefined);
  desk.must('as it was', readBack(order.terms, now.terms) === 'as sent', now.terms);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function cancelled(desk: Desk): Promise<void> {
  const order = await resting(desk);
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  await desk.quiet();
  const refused = desk.seen
    .errors(order.clientOrderId)
    .filter(({ errorClass }) => errorClass === 'rejection');
  desk.must('a cancel that was carried out is no rejection', refused.length === 0, refused);
  const { orders, completed } = await desk.picture();
  const isIt = (one: { readonly clientOrderId: string | null }) =>
    one.clientOrderId === order.clientOrderId;
  desk.must('it is open no more', !orders.some(isIt));
  desk.note(
    'listed as completed',
    completed
      .filter(isIt)
      .map(({ status }) => status)
      .join(', '),
  );
  noteCourse(desk, 'order', order.clientOrderId);
}

async function cancelOfFilled(desk: Desk): Promise<void> {
  const order = await bought(desk);
  await desk.quiet();
  await desk.cancel(order);
  await desk.quiet();
  const errors = desk.seen.errors(order.clientOrderId);
  const wrong = errors.filter(({ about, errorClass }) => {
    return about !== 'cancel' && (errorClass === 'rejection' || errorClass === 'terminal');
  });
  desk.must('a verdict on a cancel is none on the order', wrong.length === 0, meanings(errors));
  const now = desk.seen.last(order.clientOrderId)!;
  desk.must('what is filled stays filled', now.status === 'EXECUTED', now.status);
  desk.note('a message comes', errors.length > 0);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function cancelOfNothing(desk: Desk): Promise<void> {
  const sessionOrderId = (desk.port.state().nextValidId ?? 1) + UNUSED_ID_AHEAD;
  await desk.cancel({ sessionOrderId });
  await desk.quiet();
  const errors = desk.seen.errorsOn(sessionOrderId);
  const wrong = errors.filter(({ about }) => about !== 'cancel');
  desk.must('a verdict on a cancel is about the cancel', wrong.length === 0, meanings(errors));
  const told = desk.seen
    .of('order')
    .filter(({ report }) => report.sessionOrderId === sessionOrderId);
  desk.must('no order comes of it', told.length === 0, told);
  desk.note('it is answered', meanings(errors));
}

async function cancelTwice(desk: Desk): Promise<void> {
  const order = await resting(desk);
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  await desk.quiet();
  await desk.cancel(order);
  await desk.quiet();
  const now = desk.seen.last(order.clientOrderId)!;
  desk.must('what is cancelled stays cancelled', now.status === 'CANCELLED', now.status);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function modifyAfterEnd(desk: Desk): Promise<void> {
  const order = await resting(desk);
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  await desk.quiet();
  await desk.modify(order, { limitPrice: await desk.market.off('-0.12') });
  await desk.quiet();
  const { orders } = await desk.picture();
  const again = orders.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('a modification brings no order back to life', again.length === 0, again);
  noteCourse(desk, 'order', order.clientOrderId);
}

const MODIFY = { needs: ['LMT', 'modifyOrders'] } as const;
const LIMIT = { needs: ['LMT'] } as const;

export const CHANGES: readonly Case[] = [
  caseOf(
    'C-32',
    'a modification changes the same order and reads back',
    ['BRK-6'],
    modified,
    MODIFY,
  ),
  caseOf(
    'C-33',
    'a refused modification leaves the order as it was',
    ['BRK-4'],
    badlyModified,
    MODIFY,
  ),
  caseOf('C-34', 'an open order is cancelled', ['BRK-6'], cancelled, LIMIT),
  caseOf('C-35', 'a cancel of a filled order changes nothing', ['BRK-4'], cancelOfFilled, {
    needs: ['MKT'],
    abilities: ['fills'],
  }),
  caseOf(
    'C-36',
    'a cancel of an order that never was is about the cancel alone',
    ['BRK-4'],
    cancelOfNothing,
  ),
  caseOf('C-37', 'a second cancel changes nothing', ['BRK-4'], cancelTwice, LIMIT),
  caseOf('C-38', 'a modification brings no ended order back', ['BRK-4'], modifyAfterEnd, MODIFY),
];
