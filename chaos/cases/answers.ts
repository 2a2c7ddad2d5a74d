/** Cases about what the broker answers, and what of it reaches the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '../judge/engine-books.js';
import type { Case } from './case.js';
import { found, unless } from './findings.js';
import { Scene, waitFor } from './scene.js';

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

const READ_ONLY_MS = 5_000;
const BOOKED_LIMIT_MS = 10_000;

const readOnlyDatabase: Case = {
  name: 'B3-read-only-database',
  story: 'The database takes no writes for five seconds, in which a target fills.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'B3', 'UBER');
    const { id, targetPrice } = await scene.open();
    const { standBy } = await stack.brokers();
    // A take-over would read all executions anew: here the worker that got them must keep them.
    standBy.freeze();
    await stack.books.setReadOnly(true);
    await scene.setPrice((Number(targetPrice) * 1.01).toFixed(2));
    await sleep(READ_ONLY_MS);
    await stack.books.setReadOnly(false);
    const row = await scene.until(id, isSettled, BOOKED_LIMIT_MS);
    standBy.thaw();
    const { position } = await scene.ledger();
    return unless(isSettled, scene, row, 'books', `a settled trade: the broker holds ${position}`);
  },
};

export const ANSWERS: readonly Case[] = [refusedCancel, readOnlyDatabase];
