/** C-39 … C-46: an entry with its exits, sent as one group: staged, armed, and who goes with whom. */
import type { OrderToSend } from '../../broker/port.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk, Wanted } from '../desk.js';
import { broken, ending, noteCourse, readBack } from '../words.js';

export interface Legs {
  readonly entry: OrderToSend;
  readonly target: OrderToSend;
  readonly stop: OrderToSend;
}

/** The wishes of a bracket whose entry is a limit order off the market by a part of it. */
async function wishes(desk: Desk, entryOff: string): Promise<[Wanted, Wanted, Wanted]> {
  const exit = {
    side: 'SELL',
    timeInForce: 'GTC',
    ocaGroup: desk.ref('exits'),
    ocaType: 2,
  } as const;
  return [
    { name: 'entry', terms: { limitPrice: await desk.market.off(entryOff) } },
    { name: 'target', terms: { ...exit, limitPrice: await desk.market.off('0.2') } },
    {
      name: 'stop',
      terms: { ...exit, orderType: 'STP', stopPrice: await desk.market.off('-0.2') },
    },
  ];
}

/** Sends an entry with target and stop. */
export async function bracketAround(desk: Desk, entryOff: string): Promise<Legs> {
  const [entry, target, stop] = await wishes(desk, entryOff);
  const sent = await desk.bracket(entry, target, stop);
  return { entry: sent.entry, target: sent.exits[0]!, stop: sent.exits[1]! };
}

/** One whose entry is filled and whose exits work. */
async function armed(desk: Desk): Promise<Legs> {
  const legs = await bracketAround(desk, '0.005');
  await desk.status(legs.entry, 'EXECUTED');
  await desk.status(legs.stop, 'ACCEPTED');
  await desk.status(legs.target, 'ACCEPTED');
  return legs;
}

function noteLegs(desk: Desk, legs: Legs): void {
  for (const [name, leg] of Object.entries(legs) as [string, OrderToSend][]) {
    noteCourse(desk, name, leg.clientOrderId);
  }
}

async function rests(desk: Desk): Promise<void> {
  const legs = await bracketAround(desk, '-0.1');
  await desk.rests(legs.entry);
  const { target, stop } = legs;
  for (const exit of [target, stop]) await desk.status(exit, 'HELD');
  await desk.quiet();
  const { orders } = await desk.picture();
  for (const [name, leg] of Object.entries(legs) as [string, OrderToSend][]) {
    const listed = orders.filter(({ clientOrderId }) => clientOrderId === leg.clientOrderId);
    desk.must(`the ${name} is listed once`, listed.length === 1, listed.length);
    const { terms, parentSessionOrderId } = listed[0]!;
    desk.must(`the ${name}'s terms are read back`, terms !== null);
    const lost = broken(leg.terms, terms);
    desk.must(`the ${name} is read back as sent`, lost.length === 0, lost);
    desk.note(`${name} read back`, readBack(leg.terms, terms));
    if (name === 'entry') continue;
    const isChild = parentSessionOrderId === legs.entry.sessionOrderId;
    desk.must(`the ${name} is the entry's child`, isChild, parentSessionOrderId);
  }
  desk.note('the stop is held by', desk.seen.last(stop.clientOrderId)!.whyHeld);
  noteLegs(desk, legs);
}

async function withoutStop(desk: Desk): Promise<void> {
  const [entry, target, stop] = await wishes(desk, '-0.1');
  const bare = await ending(desk.bracket(entry));
  desk.must('an entry without exits is refused', bare === 'refused, nothing sent: invalid', bare);
  const unstopped = await ending(desk.bracket(entry, target));
  desk.must('one without a stop, too', unstopped === 'refused, nothing sent: invalid', unstopped);
  const early = await ending(desk.bracket(entry, stop, target));
  desk.must('a stop that is not last, too', early === 'refused, nothing sent: invalid', early);
  await desk.quiet();
  const { orders } = await desk.picture();
  const own = orders.filter(({ clientOrderId }) => clientOrderId?.startsWith(desk.ref('')));
  desk.must('nothing of them was sent', own.length === 0, own);
}

async function entryCancelled(desk: Desk): Promise<void> {
  const legs = await bracketAround(desk, '-0.1');
  await desk.rests(legs.entry);
  for (const exit of [legs.target, legs.stop]) await desk.status(exit, 'HELD');
  await desk.cancel(legs.entry);
  for (const leg of Object.values(legs) as OrderToSend[]) await desk.status(leg, 'CANCELLED');
  await desk.quiet();
  noteLegs(desk, legs);
}

async function exitCancelled(desk: Desk): Promise<void> {
  const legs = await bracketAround(desk, '-0.1');
  await desk.rests(legs.entry);
  for (const exit of [legs.target, legs.stop]) await desk.status(exit, 'HELD');
  await desk.cancel(legs.target);
  await desk.status(legs.target, 'CANCELLED');
  await desk.quiet();
  desk.note('with the target goes the stop', hasEnded(desk, legs.stop));
  desk.note('with the target goes the entry', hasEnded(desk, legs.entry));
  noteLegs(desk, legs);
}

function hasEnded(desk: Desk, order: OrderToSend): boolean {
  return desk.seen.hasBeen(order.clientOrderId, ['CANCELLED', 'REJECTED']);
}

async function childModified(desk: Desk): Promise<void> {
  const { entry, stop } = await bracketAround(desk, '-0.1');
  await desk.rests(entry);
  await desk.status(stop, 'HELD');
  const stopPrice = await desk.market.off('-0.15');
  const moved = await desk.modify(stop, { stopPrice });
  await desk.until('the new stop price to be read back', () =>
    desk.seen.reports(stop.clientOrderId).some(({ terms }) => terms?.stopPrice === stopPrice),
  );
  await desk.quiet();
  const { orders } = await desk.picture();
  const shown = orders.find(({ clientOrderId }) => clientOrderId === stop.clientOrderId);
  desk.must('the stop is listed', shown !== undefined);
  const isChild = shown.parentSessionOrderId === entry.sessionOrderId;
  desk.must('a child that is modified stays a child', isChild, shown.parentSessionOrderId);
  desk.must('it stays held', shown.status === 'HELD', shown.status);
  desk.note('read back', readBack(moved.terms, shown.terms));
  noteCourse(desk, 'stop', stop.clientOrderId);
}

async function arms(desk: Desk): Promise<void> {
  const legs = await armed(desk);
  await desk.quiet();
  const ref = legs.entry.clientOrderId;
  const index = (fits: (status: string) => boolean, of: string) =>
    desk.seen.firstIndex(
      (e) => e.kind === 'order' && e.report.clientOrderId === of && fits(e.report.status),
    );
  const filledAt = index((status) => status === 'EXECUTED', ref);
  const armedAt = index((status) => status === 'ACCEPTED', legs.stop.clientOrderId);
  desk.note('the stop works', armedAt < filledAt ? 'before the fill is told' : 'after it is told');
  const held = desk.seen.last(legs.stop.clientOrderId)!.whyHeld;
  desk.note('the stop that works waits for', held);
  await desk.cancel(legs.stop);
  await desk.status(legs.stop, 'CANCELLED');
  await desk.quiet();
  desk.note('with the stop goes the target', hasEnded(desk, legs.target));
  noteLegs(desk, legs);
}

async function exitFills(desk: Desk, role: 'target' | 'stop', off: string): Promise<void> {
  const legs = await armed(desk);
  await desk.controls.setPrice(await desk.market.off(off));
  await desk.status(legs[role], 'EXECUTED');
  await desk.status(legs[role === 'stop' ? 'target' : 'stop'], 'CANCELLED');
  await desk.quiet();
  noteLegs(desk, legs);
}

const BRACKET = { needs: ['nativeBrackets', 'ocaGroups'] } as const;
const PRICED = { ...BRACKET, abilities: ['prices'] } as const;

export const BRACKETS: readonly Case[] = [
  caseOf(
    'C-39',
    'a bracket rests: its exits are held by the entry, and read back as sent',
    ['BRK-6'],
    rests,
    BRACKET,
  ),
  caseOf(
    'C-40',
    'an entry goes out with its stop as the last leg, or not at all',
    ['BRK-2'],
    withoutStop,
    BRACKET,
  ),
  caseOf('C-41', 'cancelling the entry takes its exits along', ['BRK-6'], entryCancelled, BRACKET),
  caseOf('C-42', 'cancelling a held exit: who goes with it', ['BRK-6'], exitCancelled, BRACKET),
  caseOf('C-43', 'a child that is modified stays a child', ['BRK-6'], childModified, {
    needs: ['nativeBrackets', 'ocaGroups', 'modifyOrders'],
  }),
  caseOf(
    'C-44',
    'the entry’s fill arms its exits; cancelling one: who goes with it',
    ['BRK-6'],
    arms,
    {
      ...BRACKET,
      abilities: ['fills'],
    },
  ),
  caseOf(
    'C-45',
    'the target fills, and takes the stop along',
    ['BRK-6'],
    (desk) => exitFills(desk, 'target', '0.25'),
    PRICED,
  ),
  caseOf(
    'C-46',
    'the stop fills, and takes the target along',
    ['BRK-6'],
    (desk) => exitFills(desk, 'stop', '-0.25'),
    PRICED,
  ),
];
