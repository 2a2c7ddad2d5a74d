/** Cases about what the broker answers, and what of it reaches the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { REPAIR_WINDOW_MS } from '../disturb/disturbance.js';
import { isSettled } from '../judge/engine-books.js';
import type { Case } from './case.js';
import { breachFindings, found, isAtRest, unless } from './findings.js';
import { BARE, Scene, waitFor } from './scene.js';

/** More than any engine may send in the time. */
const REFUSALS = 10_000;
const REPEATS_MAX = 10;
const REPEATING_MS = 8_000;
/** Too far from the market to be filled by its walk, near enough to be sent. */
const RESTING = 0.994;

const refusedCancel: Case = {
  name: 'T10-refused-cancel',
  story: 'Each cancel of a resting entry is answered with "not found", though it lives.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T10', 'NFLX');
    await scene.arm('cancel-10147', { count: REFUSALS });
    const entryPrice = await scene.priceAt(RESTING);
    const id = await scene.submit({ order_type: 'LMT', entry_price: entryPrice });
    await scene.until(id, ({ state }) => state === 'ENTERING', REPEATING_MS);
    await waitFor(REPEATING_MS, async () => (await scene.ledger()).orders.length > 0);
    await stack.frontDoor.command(id, 'cancel_entry');
    await sleep(REPEATING_MS);
    const { orders, messages } = await scene.ledger();
    await stack.gateway.arm({ name: 'cancel-10147', count: 0 });
    const entry = orders.find(({ role }) => role === 'entry');
    if (!entry) throw new Error('the entry never rested at the broker');
    const cancels = messages.filter((m) => m.kind === 'cancel' && m.orderId === entry.orderId);
    if (cancels.length === 0) throw new Error('the entry was never cancelled');
    if (cancels.length <= REPEATS_MAX) return [];
    const detail = `${cancels.length} cancels of one order in ${REPEATING_MS / 1_000} s`;
    return [found(scene, 'pacing', detail)];
  },
};

/** A close that modifies is refused, so that every engine comes to the cancel. */
const OF_STOP = { orderType: 'STP' };
/** What vanished without a word takes two looks 15 s apart; its shares may not be naked so long. */
const DEAD_LIMIT_MS = 45_000;

const deadStop: Case = {
  name: 'T10-dead-stop',
  story: 'The cancel of a stop is answered with "not found", and this time it is true.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T10', 'PYPL');
    const { id } = await scene.open(BARE);
    await scene.arm('modify-110', { ...OF_STOP, count: REFUSALS });
    await scene.arm('cancel-10147', { ...OF_STOP, dead: true });
    await stack.frontDoor.command(id, 'close');
    const row = await scene.untilOrNaked(id, isSettled, DEAD_LIMIT_MS);
    await stack.gateway.arm({ name: 'modify-110', count: 0 });
    return [
      ...breachFindings(scene, await scene.ledger(), 'unprotected', REPAIR_WINDOW_MS),
      ...unless(isSettled, scene, row, 'lost', 'a closed trade'),
    ];
  },
};

/** A part of the ten shares that are wanted: the rest of the entry works on. */
const SHOWN_SIZE = 4;
const PART_PRICE = '100';

const overEntry: Case = {
  name: 'T17-refused-stop-and-cancel',
  story: 'The stop of a part-filled entry is refused, and the cancel of the rest: "over already".',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T17', 'MS');
    // No further quote may fill the rest.
    await stack.gateway.market({ paused: true });
    try {
      await scene.setPrice({ price: PART_PRICE, size: SHOWN_SIZE });
      await scene.arm('child-refused', OF_STOP);
      await scene.arm('cancel-10148', { dead: true });
      const id = await scene.submit(BARE);
      const row = await scene.untilOrNaked(id, isAtRest, DEAD_LIMIT_MS);
      const ledger = await scene.ledger();
      if (ledger.executions.length === 0) throw new Error('the entry did not fill in part');
      return [
        ...breachFindings(scene, ledger, 'unprotected', REPAIR_WINDOW_MS),
        ...unless(isAtRest, scene, row, 'lost', 'a trade that goes on or is settled'),
      ];
    } finally {
      await stack.gateway.market({ paused: false });
    }
  },
};

/** After the fill was booked, and while the database is read-only. */
const CORRECTED_AFTER_S = 5;
const CORRECTED_BY_TICKS = 50;
/** Longer than an engine may try before it gives a fact up. */
const READ_ONLY_AFTER_MS = 4_000;
const BOOKED_LIMIT_MS = 12_000;

const readOnlyDatabase: Case = {
  name: 'B3-read-only-database',
  story: 'The database takes no writes while the fill that closed a trade is corrected.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'B3', 'UBER');
    const { id, targetPrice } = await scene.open();
    const { standBy } = await stack.brokers();
    // A take-over would read all executions anew: here the worker that got the fact must keep it.
    standBy.freeze();
    const corrected = { action: 'SELL', seconds: CORRECTED_AFTER_S, ticks: CORRECTED_BY_TICKS };
    await scene.arm('execution-correction', corrected);
    await scene.setPrice((Number(targetPrice) * 1.01).toFixed(2));
    await scene.until(id, ({ state }) => state === 'CLOSED', CORRECTED_AFTER_S * 1_000);
    const { executions } = await scene.ledger();
    const filledAtMs = executions.find(({ side }) => side.startsWith('S'))?.atMs;
    if (filledAtMs === undefined) throw new Error('the target did not fill');
    await stack.books.setReadOnly(true);
    await sleep(filledAtMs + CORRECTED_AFTER_S * 1_000 + READ_ONLY_AFTER_MS - Date.now());
    await stack.books.setReadOnly(false);
    await waitFor(BOOKED_LIMIT_MS, async () => (await scene.bookFindings(id)).length === 0);
    standBy.thaw();
    return scene.bookFindings(id);
  },
};

export const ANSWERS: readonly Case[] = [readOnlyDatabase, refusedCancel, deadStop, overEntry];
