/** C-61 … C-67: the picture, another process, and other people's orders. */
import type { OrderReport, Snapshot } from '../../broker/port.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import { Desk } from '../desk.js';
import { lookUp } from '../look-up.js';
import { shares } from '../seen.js';
import { ending, isDecimal, noteCourse, readBack } from '../words.js';
import { resting } from './changes.js';
import { bought } from './fills.js';

async function wholePicture(desk: Desk): Promise<void> {
  await resting(desk);
  const first = await desk.picture();
  const state = desk.port.state();
  desk.must('a picture is of the present generation', first.generation === state.generation);
  desk.must('it began in it', first.startedAtMs >= first.generationSinceMs, first);
  desk.must('it ends after its beginning', first.endedAtMs >= first.startedAtMs, first);
  const odd = decimalsOf(first).filter((value) => !isDecimal(value));
  desk.must('every amount in it is a plain decimal', odd.length === 0, odd);
  const second = await desk.picture();
  const isLater = second.startedAtMs >= first.endedAtMs;
  desk.must('a later call reads anew', isLater, [first.endedAtMs, second.startedAtMs]);
  desk.must('without a break it is the same generation', second.generation === first.generation);
  const { items, complete } = await desk.port.positions();
  desk.must('the list of positions is whole', complete);
  const told = (list: Snapshot['positions']) =>
    list.map((one) => [one.account, one.brokerContractId, one.quantity].join(' ')).sort();
  desk.must('it says what the picture says', told(items).join() === told(second.positions).join());
}

function decimalsOf({ orders, completed, executions, positions }: Snapshot): unknown[] {
  const ofOrder = ({ filledQuantity, remainingQuantity, averageFillPrice }: OrderReport) => [
    filledQuantity,
    remainingQuantity,
    ...(averageFillPrice === null ? [] : [averageFillPrice]),
  ];
  return [
    ...[...orders, ...completed].flatMap(ofOrder),
    ...executions.flatMap(({ quantity, price }) => [quantity, price]),
    ...positions.flatMap(({ quantity, averageCost }) => [quantity, averageCost]),
  ];
}

async function afterClose(desk: Desk): Promise<void> {
  const waiting = desk.turn(1).then((slot) => slot.release());
  await waiting;
  await desk.port.close();
  const snapshot = await desk.port.snapshot();
  desk.must('a picture without a connection proves nothing', !snapshot.isComplete, snapshot);
  desk.must('and says why', (snapshot.problem ?? '') !== '');
  const positions = await ending(desk.port.positions());
  desk.must('positions are not asked for', positions.startsWith('refused'), positions);
  const soon = { messages: 1, priority: 'protect', deadlineMs: Date.now() + 20 } as const;
  const turn = await ending(desk.port.openSlot(soon));
  desk.must('no turn is given', turn.startsWith('refused'), turn);
  const contract = await ending(desk.port.resolveContract(desk.world.instrument));
  desk.must('no question is answered', contract !== 'answered', contract);
}

async function anotherProcess(desk: Desk): Promise<void> {
  const order = await resting(desk);
  const before = desk.seen.last(order.clientOrderId)!;
  await desk.port.close();
  const next = await new Desk(desk.world, desk.tag).open();
  try {
    const found = await lookUp(next, order.clientOrderId, Date.now());
    desk.must('what an earlier process sent is present', found === 'present', found);
    const { orders } = await next.picture();
    const shown = orders.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    desk.must('once, under its reference', shown.length === 1, shown);
    const [now] = shown;
    desk.must('under its durable id', now!.brokerOrderId === before.brokerOrderId, now);
    desk.must('with its terms', readBack(order.terms, now!.terms) === 'as sent', now!.terms);
    const { sessionOrderId, clientOrderId } = order;
    desk.note('its order id is told', now!.sessionOrderId === sessionOrderId);
    const nextId = next.port.state().nextValidId ?? 0;
    desk.must('its id is not given out again', nextId > sessionOrderId, [nextId, sessionOrderId]);
    next.port.learnOrders([{ sessionOrderId, clientOrderId, isLive: true }]);
    await next.cancel(order);
    await next.status(order, 'CANCELLED');
    noteCourse(next, 'cancelled by the next process', clientOrderId);
    for (const { name, value } of next.notes) desk.note(name, value);
  } finally {
    await next.port.close();
  }
}

async function neverSent(desk: Desk): Promise<void> {
  const found = await lookUp(desk, desk.ref('never'), 0);
  desk.note('a reference that was never sent is', found);
  desk.must('it is not present', found !== 'present', found);
}

async function earlierFills(desk: Desk): Promise<void> {
  const order = await bought(desk);
  await desk.port.close();
  const next = await new Desk(desk.world, desk.tag).open();
  try {
    const { executions, completed } = await next.picture();
    const own = executions.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    desk.must(
      'executions of the day keep their reference',
      shares(own) === order.terms.quantity,
      own,
    );
    const told = desk.seen.executions(order.clientOrderId).map(({ executionId }) => executionId);
    const isSame = own.every(({ executionId }) => told.includes(executionId));
    desk.must('and their ids', isSame, own);
    const ended = completed.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    desk.note('completed orders keep their reference', String(ended.length));
    desk.note('completed as', ended.map(({ status }) => status).join(', '));
    desk.note('it is looked up as', await lookUp(next, order.clientOrderId, Date.now()));
    const commissions = next.seen
      .commissions()
      .filter(({ executionId }) => told.includes(executionId));
    desk.note('commissions are told again', commissions.length > 0);
  } finally {
    await next.port.close();
  }
}

async function othersOrders(desk: Desk): Promise<void> {
  const other = await new Desk(desk.world, desk.tag, 'second').open();
  try {
    const theirs = await other.placeOne({
      name: 'theirs',
      terms: { limitPrice: await desk.market.off('-0.1') },
    });
    await other.rests(theirs);
    await desk.quiet();
    const isTold = desk.seen.reports(theirs.clientOrderId).length > 0;
    desk.note("another session's orders are told as they come", isTold);
    const { orders } = await desk.picture();
    const shown = orders.find(({ clientOrderId }) => clientOrderId === theirs.clientOrderId);
    desk.must("a picture shows another session's orders", shown !== undefined);
    const isTheirs = shown.sessionClientId === desk.world.sessionClientId('second');
    desk.must('as its orders', isTheirs, shown.sessionClientId);
    const own = await desk.placeOne({
      name: 'ours',
      terms: { limitPrice: await desk.market.off('-0.12') },
    });
    await desk.rests(own);
    await desk.cancel(own);
    await desk.status(own, 'CANCELLED');
    const after = await desk.picture();
    const lives = after.orders.some(({ clientOrderId }) => clientOrderId === theirs.clientOrderId);
    desk.must("a cancel of one's own leaves theirs alone", lives);
  } finally {
    await other.port.close();
  }
}

async function othersFills(desk: Desk): Promise<void> {
  const other = await new Desk(desk.world, desk.tag, 'second').open();
  try {
    const theirs = await bought(other, 'theirs');
    await desk.quiet();
    const isTold = desk.seen.executions(theirs.clientOrderId).length > 0;
    desk.note("another session's fills are told as they come", isTold);
    const { executions } = await desk.picture();
    const own = executions.filter(({ clientOrderId }) => clientOrderId === theirs.clientOrderId);
    const isWhole = shares(own) === theirs.terms.quantity;
    desk.must("a picture lists another session's fills", isWhole, own);
  } finally {
    await other.port.close();
  }
}

const LIMIT = { needs: ['LMT'] } as const;

export const PICTURES: readonly Case[] = [
  caseOf(
    'C-61',
    'a picture is whole, of one generation, and in decimals',
    ['BRK-12'],
    wholePicture,
    LIMIT,
  ),
  caseOf(
    'C-62',
    'a closed port answers nothing and proves nothing',
    ['BRK-2', 'BRK-12'],
    afterClose,
  ),
  caseOf(
    'C-63',
    'an order of an earlier process is found by its reference, and can be cancelled',
    ['BRK-2', 'BRK-3'],
    anotherProcess,
    LIMIT,
  ),
  caseOf('C-64', 'a reference that was never sent is not present', ['BRK-2'], neverSent),
  caseOf('C-65', 'fills of an earlier process keep their reference', ['BRK-3'], earlierFills, {
    needs: ['MKT'],
    abilities: ['fills'],
  }),
  caseOf(
    'C-66',
    'orders of another session are seen, and left alone',
    ['BRK-2', 'BRK-12'],
    othersOrders,
    {
      needs: ['LMT'],
      abilities: ['second session'],
    },
  ),
  caseOf('C-67', 'fills of another session are seen', ['BRK-12'], othersFills, {
    needs: ['MKT'],
    abilities: ['second session', 'fills'],
  }),
];
