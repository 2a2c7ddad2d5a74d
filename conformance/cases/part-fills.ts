/** C-28 … C-31: part fills, of a lone order, of an entry under its exits, and in a group. */
import type { OrderToSend } from '../../broker/port.js';
import { decimal, text } from '../../domain/money.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk } from '../desk.js';
import { shares } from '../seen.js';
import { noteCourse } from '../words.js';
import { bracketAround } from './brackets.js';

/** Of the ten shares (`World.quantity`) that are asked for. */
const OFFERED = 4;

/** Offers some shares at a price that the order takes, and waits until they were bought. */
async function fillSome(desk: Desk, order: OrderToSend, price: string): Promise<void> {
  desk.must('the world asks for more than it offers', Number(desk.world.quantity) > OFFERED);
  await desk.controls.setPrice(price, OFFERED);
  await desk.status(order, 'PARTIAL');
  await desk.quiet();
  const done = shares(desk.seen.executions(order.clientOrderId));
  desk.must('no more is filled than was offered', done === String(OFFERED), done);
}

async function lone(desk: Desk): Promise<void> {
  const order = await desk.placeOne({
    name: 'buy',
    terms: { limitPrice: await desk.market.off('-0.1') },
  });
  await desk.rests(order);
  await fillSome(desk, order, await desk.market.off('-0.12'));
  const told = desk.seen.last(order.clientOrderId)!;
  desk.must('its status tells what is filled', told.filledQuantity === String(OFFERED), told);
  const rest = decimal(order.terms.quantity).sub(OFFERED);
  desk.must('and what is open', told.remainingQuantity === text(rest), told);
  desk.must('and at what price', decimal(told.averageFillPrice ?? '0').gt(0), told);
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  await desk.quiet();
  const { completed, executions } = await desk.picture();
  const own = executions.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('what was filled stays filled', shares(own) === String(OFFERED), own);
  const ended = completed.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.note('completed as', ended === undefined ? 'not listed' : ended.status);
  desk.note('completed with what was filled', ended?.filledQuantity === String(OFFERED));
  noteCourse(desk, 'order', order.clientOrderId);
}

/** `ACCEPTED for 4`: how a leg stands in the present picture. */
async function standing(desk: Desk, order: OrderToSend): Promise<string> {
  const { orders, completed } = await desk.picture();
  const isIt = (one: { readonly clientOrderId: string | null }) =>
    one.clientOrderId === order.clientOrderId;
  const open = orders.find(isIt);
  if (open) return `${open.status} for ${open.terms?.quantity ?? open.remainingQuantity}`;
  return completed.find(isIt)?.status ?? 'not listed';
}

async function entryInPart(desk: Desk): Promise<void> {
  const { entry, target, stop } = await bracketAround(desk, '-0.1');
  await desk.rests(entry);
  await fillSome(desk, entry, await desk.market.off('-0.12'));
  desk.note('entry filled in part: the stop is', await standing(desk, stop));
  desk.note('entry filled in part: the target is', await standing(desk, target));
  await desk.cancel(entry);
  await desk.status(entry, 'CANCELLED');
  await desk.quiet();
  desk.note('its rest cancelled: the stop is', await standing(desk, stop));
  desk.note('its rest cancelled: the target is', await standing(desk, target));
  noteCourse(desk, 'entry', entry.clientOrderId);
  noteCourse(desk, 'stop', stop.clientOrderId);
}

async function exitInPart(desk: Desk): Promise<void> {
  const { entry, target, stop } = await bracketAround(desk, '0.005');
  await desk.status(entry, 'EXECUTED');
  await desk.rests(target);
  await fillSome(desk, target, await desk.market.off('0.25'));
  desk.note('target filled in part: the stop is', await standing(desk, stop));
  desk.note('target filled in part: the target is', await standing(desk, target));
  await desk.controls.setPrice(await desk.market.off('0.26'));
  await desk.status(target, 'EXECUTED');
  await desk.status(stop, 'CANCELLED');
  noteCourse(desk, 'stop', stop.clientOrderId);
}

async function groupInPart(desk: Desk): Promise<void> {
  for (const ocaType of [1, 2, 3] as const) {
    const group = { ocaGroup: desk.ref(`group${ocaType}`), ocaType };
    const near = await desk.market.off('-0.1');
    const [first, other] = (await desk.place(
      { name: `near${ocaType}`, terms: { ...group, limitPrice: near } },
      { name: `far${ocaType}`, terms: { ...group, limitPrice: await desk.market.off('-0.3') } },
    )) as [OrderToSend, OrderToSend];
    await desk.rests(first);
    await desk.rests(other);
    await fillSome(desk, first, await desk.market.off('-0.12'));
    desk.note(`type ${ocaType}: the other is`, await standing(desk, other));
    desk.note(`type ${ocaType}: the one itself is`, await standing(desk, first));
    await desk.cancel(first);
    await desk.quiet();
    desk.note(`type ${ocaType}: its rest cancelled, the other is`, await standing(desk, other));
    await desk.controls.calm();
  }
}

export const PART_FILLS: readonly Case[] = [
  caseOf(
    'C-28',
    'a part fill tells what is filled and what is open; a cancel keeps it',
    ['BRK-3', 'BRK-4'],
    lone,
    {
      needs: ['LMT'],
      abilities: ['prices'],
    },
  ),
  caseOf('C-29', 'an entry that fills in part: what its exits do', ['BRK-6'], entryInPart, {
    needs: ['nativeBrackets', 'ocaGroups'],
    abilities: ['prices'],
  }),
  caseOf('C-30', 'a target that fills in part: what the stop does', ['BRK-6'], exitInPart, {
    needs: ['nativeBrackets', 'ocaGroups'],
    abilities: ['prices'],
  }),
  caseOf(
    'C-31',
    'one of a group fills in part: what the others do, by the group’s type',
    ['BRK-6'],
    groupInPart,
    {
      needs: ['LMT', 'ocaGroups'],
      abilities: ['prices'],
    },
  ),
];
