/** C-57 … C-60: turns to write, guards, and the pace. */
import type { WireGroup } from '../../broker/port.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import { PASS } from '../desk.js';
import type { Desk } from '../desk.js';
import { ending } from '../words.js';

/** More messages than any broker takes within one second. They are cancels of nothing, which open no risk. */
const BURST = 60;
/** What one turn writes of them. */
const AT_ONCE = 4;
/** Real orders before them: some brokers take no more than fifteen that work on one side of a contract. */
const PLACED = 8;
/** An id far above any that a session of the suite gives out. */
const UNUSED_ID_AHEAD = 5_000;

async function placing(desk: Desk, name: string): Promise<(firstId: number) => WireGroup> {
  const limitPrice = await desk.market.off('-0.1');
  return (firstId) => {
    const order = desk.order({ name, terms: { limitPrice } }, firstId);
    return { cancelsFirst: [], bracket: null, messages: [{ kind: 'place', order }] };
  };
}

async function nothingOf(desk: Desk, name: string): Promise<void> {
  await desk.quiet();
  const ref = desk.ref(name);
  const { orders, completed } = await desk.picture();
  const listed = [...orders, ...completed].filter(({ clientOrderId }) => clientOrderId === ref);
  desk.must('what was refused was not sent', listed.length === 0, listed);
}

async function guarded(desk: Desk): Promise<void> {
  const group = await placing(desk, 'guarded');
  const slot = await desk.turn(1);
  const stopped = await ending(() =>
    slot.write(group(desk.take(slot, 1)), () => {
      throw new Error('halted');
    }),
  );
  desk.must('a guard stops the write', stopped === 'refused, nothing sent: guard', stopped);
  const again = await ending(() => slot.write(group(desk.take(slot, 1)), PASS));
  desk.must('the turn is used up then', again === 'refused, nothing sent: invalid', again);
  await nothingOf(desk, 'guarded');
}

async function released(desk: Desk): Promise<void> {
  const group = await placing(desk, 'late');
  const slot = await desk.turn(1);
  slot.release();
  const written = await ending(() => slot.write(group(desk.take(slot, 1)), PASS));
  desk.must('a turn that was given up writes nothing', written.startsWith('refused'), written);
  const other = await desk.turn(1);
  const more = group(desk.take(other, 1));
  const larger = await ending(() => other.write({ ...more, cancelsFirst: [1] }, PASS));
  other.release();
  const isInvalid = larger === 'refused, nothing sent: invalid';
  desk.must('a group larger than its turn is not written', isInvalid, larger);
  await nothingOf(desk, 'late');
}

async function oneAtATime(desk: Desk): Promise<void> {
  const held = await desk.turn(1);
  const order: string[] = [];
  const note = (name: string) => (slot: { release(): void }) => {
    order.push(name);
    slot.release();
  };
  const entry = desk.turn(1, 'entry').then(note('entry'));
  const protection = desk.turn(1, 'protect').then(note('protect'));
  const soon = { messages: 1, priority: 'protect', deadlineMs: Date.now() + 50 } as const;
  const late = await ending(desk.port.openSlot(soon));
  desk.must('who waits too long is told so', late === 'refused, nothing sent: too_late', late);
  desk.must('one turn is held at a time', order.length === 0, order);
  held.release();
  await Promise.all([entry, protection]);
  desk.must('protection goes before entries', order.join() === 'protect,entry', order);
}

async function burst(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  const wanted = Array.from({ length: PLACED }, (_, n) => ({
    name: `n${n}`,
    terms: { limitPrice },
  }));
  const sent = await desk.place(...wanted);
  const unusedId = (desk.port.state().nextValidId ?? 1) + UNUSED_ID_AHEAD;
  const nothing = Array.from({ length: BURST }, (_, n) => ({ sessionOrderId: unusedId + n }));
  for (let from = 0; from < BURST; from += AT_ONCE) {
    await desk.cancel(...nothing.slice(from, from + AT_ONCE));
  }
  await desk.cancel(...sent);
  for (const order of sent) await desk.status(order, 'CANCELLED');
  await desk.quiet();
  const errors = [...sent, ...nothing].flatMap(({ sessionOrderId }) => {
    return desk.seen.errorsOn(sessionOrderId);
  });
  const refused = errors.filter(({ errorClass }) => errorClass === 'unknown');
  desk.must('none of them is refused for its pace', refused.length === 0, refused);
  const notices = desk.seen.of('notice').filter(({ errorClass }) => errorClass === 'unknown');
  desk.must('nobody complains of the pace', notices.length === 0, notices);
  desk.must('the connection stands', desk.port.state().ready, desk.port.state().reason);
  const answered = nothing.filter(({ sessionOrderId }) => {
    return desk.seen.errorsOn(sessionOrderId).length > 0;
  });
  desk.note('of as many cancels of nothing are answered', String(answered.length));
}

export const TURNS: readonly Case[] = [
  caseOf('C-57', 'a guard that says no stops the write', ['BRK-2'], guarded, { needs: ['LMT'] }),
  caseOf(
    'C-58',
    'a turn writes once, what it was opened for, and not after its end',
    ['BRK-2'],
    released,
    {
      needs: ['LMT'],
    },
  ),
  caseOf('C-59', 'one turn is held at a time, and protection comes first', ['BRK-7'], oneAtATime),
  caseOf(
    'C-60',
    'a burst beyond a second’s messages is paced, and all of it arrives',
    ['BRK-7'],
    burst,
    {
      needs: ['LMT'],
    },
  ),
];
