/** C-68 … C-71: a link that breaks, and writes whose outcome nobody told. */
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import { pause } from '../desk.js';
import type { Desk } from '../desk.js';
import { lookUp } from '../look-up.js';
import { ending, noteCourse } from '../words.js';
import { resting } from './changes.js';

/** Until the servers that were lost are to be back, with room for a busy machine. */
const LOOK_MS = 50;

async function serversLost(desk: Desk): Promise<void> {
  const order = await resting(desk);
  const before = desk.port.state().generation;
  await desk.controls.disturb('the servers are lost for a while');
  await desk.until('the loss to be seen', () => !desk.port.state().ready);
  desk.must('a loss ends the generation', desk.port.state().generation > before);
  const soon = { messages: 1, priority: 'protect', deadlineMs: Date.now() + 20 } as const;
  const turn = await ending(desk.port.openSlot(soon));
  desk.must('meanwhile nothing is written', turn === 'refused, nothing sent: not_ready', turn);
  const during = await desk.port.snapshot();
  desk.note('a picture meanwhile is whole', during.isComplete);
  const stale = await ending(() => desk.port.declareSynced(before));
  desk.must('an older generation makes nothing ready', stale.startsWith('refused'), stale);
  await desk.until('the servers to be back', () => desk.port.state().brokerServers);
  desk.must('nothing is ready before a new picture', !desk.port.state().ready);
  const { orders, generation } = await desk.synced();
  desk.must('the return begins a generation', generation > before, [before, generation]);
  const isThere = orders.some(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('the order is still there', isThere);
}

async function linkCut(desk: Desk): Promise<void> {
  const order = await resting(desk);
  const before = desk.port.state().generation;
  const slot = await desk.turn(1);
  await desk.controls.disturb('the link is cut');
  await desk.until('the cut to be seen', () => !desk.port.state().ready);
  const write = await ending(() =>
    slot.write(
      {
        cancelsFirst: [],
        bracket: null,
        messages: [{ kind: 'cancel', sessionOrderId: order.sessionOrderId }],
      },
      () => undefined,
    ),
  );
  desk.must('a turn of the dead session writes nothing', write.startsWith('refused'), write);
  const { orders, generation } = await desk.synced();
  desk.must('it connects again by itself, anew', generation > before, [before, generation]);
  const isThere = orders.some(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  desk.must('a cut cancels nothing', isThere);
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED');
  noteCourse(desk, 'order', order.clientOrderId);
}

async function unanswered(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  await desk.controls.disturb('the link is cut after the next order arrived');
  const ref = desk.ref('order');
  const { generation } = desk.port.state();
  const sent = await ending(desk.placeOne({ name: 'order', terms: { limitPrice } }));
  const isHonest = sent === 'answered' || sent === 'outcome unknown';
  desk.must('what may have been written is not called unsent', isHonest, sent);
  const writtenAtMs = Date.now();
  await desk.until(
    'the cut to be seen',
    () => desk.port.state().generation !== generation || !desk.port.state().ready,
  );
  desk.must('nobody guesses its outcome', desk.seen.reports(ref).length === 0);
  await desk.synced();
  const found = await lookUp(desk, ref, writtenAtMs);
  desk.must('it is found by its reference', found === 'present', found);
  const { orders } = await desk.picture();
  const shown = orders.filter(({ clientOrderId }) => clientOrderId === ref);
  desk.must('once: nothing was sent again by itself', shown.length === 1, shown.length);
}

async function swallowed(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  await desk.controls.disturb('the next order is lost without a word');
  const order = await desk.placeOne({ name: 'order', terms: { limitPrice } });
  const writtenAtMs = Date.now();
  await desk.quiet();
  await pause(LOOK_MS);
  const ref = order.clientOrderId;
  desk.must(
    'nobody guesses its outcome',
    desk.seen.reports(ref).length === 0,
    desk.seen.statuses(ref),
  );
  desk.must('silence is no refusal', desk.seen.errors(ref).length === 0);
  const found = await lookUp(desk, ref, writtenAtMs);
  desk.must('it is not present', found !== 'present', found);
  desk.note('after the time that the broker needs it is', found);
}

const CONTROLLED = { needs: ['LMT'], abilities: ['disturbances'] } as const;

export const OUTAGES: readonly Case[] = [
  caseOf(
    'C-68',
    'servers that are lost and come back end generations; nothing is written meanwhile',
    ['BRK-1', 'BRK-12'],
    serversLost,
    CONTROLLED,
  ),
  caseOf(
    'C-69',
    'a link that is cut comes back by itself; turns of before write nothing',
    ['BRK-1', 'BRK-2'],
    linkCut,
    CONTROLLED,
  ),
  caseOf(
    'C-70',
    'a write without an answer is unknown, and then found by its reference',
    ['BRK-2'],
    unanswered,
    CONTROLLED,
  ),
  caseOf(
    'C-71',
    'an order that was lost without a word is never guessed at',
    ['BRK-2'],
    swallowed,
    CONTROLLED,
  ),
];
