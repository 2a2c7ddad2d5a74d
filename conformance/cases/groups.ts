/** C-47, C-48: orders of which one cancels the others, outside of a bracket. */
import type { OrderToSend } from '../../broker/port.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk } from '../desk.js';
import { noteCourse } from '../words.js';
import { filled } from './fills.js';

const TYPES = [1, 2, 3] as const;

async function oneCancelled(desk: Desk): Promise<void> {
  for (const ocaType of TYPES) {
    const group = { ocaGroup: desk.ref(`group${ocaType}`), ocaType };
    const [one, other] = (await desk.place(
      { name: `one${ocaType}`, terms: { ...group, limitPrice: await desk.market.off('-0.1') } },
      { name: `other${ocaType}`, terms: { ...group, limitPrice: await desk.market.off('-0.12') } },
    )) as [OrderToSend, OrderToSend];
    await desk.rests(one);
    await desk.rests(other);
    await isGrouped(desk, one);
    await desk.cancel(one);
    await desk.status(one, 'CANCELLED');
    await desk.quiet();
    noteCourse(desk, `type ${ocaType}: the other`, other.clientOrderId);
  }
}

/** An order that isn't in the group that it was sent in is one exit too many. */
async function isGrouped(desk: Desk, { clientOrderId, terms }: OrderToSend): Promise<void> {
  const { orders } = await desk.picture();
  const shown = orders.find((one) => one.clientOrderId === clientOrderId);
  const told = [shown?.terms?.ocaGroup, shown?.terms?.ocaType];
  const isSame = told[0] === terms.ocaGroup && told[1] === terms.ocaType;
  desk.must('an order reads back with its group and its type', isSame, told);
}

async function oneFills(desk: Desk): Promise<void> {
  for (const ocaType of TYPES) {
    const group = { ocaGroup: desk.ref(`group${ocaType}`), ocaType };
    const limitPrice = await desk.market.off('-0.1');
    const other = await desk.placeOne({
      name: `other${ocaType}`,
      terms: { ...group, limitPrice },
    });
    await desk.rests(other);
    // It joins a group that lives already.
    const one = await desk.placeOne({
      name: `one${ocaType}`,
      terms: { ...group, limitPrice: await desk.market.off('0.005') },
    });
    await filled(desk, one);
    await desk.status(other, 'CANCELLED');
    await desk.quiet();
    noteCourse(desk, `type ${ocaType}: the other`, other.clientOrderId);
  }
}

export const GROUPS: readonly Case[] = [
  caseOf(
    'C-47',
    'one of a group is cancelled: what the other does, by the group’s type',
    ['BRK-6'],
    oneCancelled,
    {
      needs: ['LMT', 'ocaGroups'],
    },
  ),
  caseOf(
    'C-48',
    'one of a group fills, having joined it later: the other is cancelled',
    ['BRK-6'],
    oneFills,
    {
      needs: ['LMT', 'ocaGroups'],
      abilities: ['fills'],
    },
  ),
];
