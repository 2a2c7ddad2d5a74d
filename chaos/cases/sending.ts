/** Cases about entries on their way to the broker: dropped, queued, overtaken, halted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '../judge/engine-books.js';
import type { LedgerOrder } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { found, unless } from './findings.js';
import { holds, Scene, waitFor } from './scene.js';

/** A bracket is three messages. */
const WHOLE_GROUP = 3;
/** Two looks 15 s apart, and every step around them. */
const RESOLVED_LIMIT_MS = 45_000;

const overtakenResend: Case = {
  name: 'B2-overtaken-resend',
  story: 'The broker never gets a bracket; before that is proven, another trade is sent.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'B2', 'TSLA');
    const dropped = async () => scene.hits('order-dropped');
    const all = (await dropped()) + WHOLE_GROUP;
    await scene.arm('order-dropped', { count: WHOLE_GROUP });
    const id = await scene.submit();
    await waitFor(RESOLVED_LIMIT_MS, async () => (await dropped()) === all);
    await new Scene(stack, 'B2', 'AVGO').open();
    const row = await scene.until(id, (r) => holds(r) || isSettled(r), RESOLVED_LIMIT_MS);
    return unless(holds, scene, row, 'unfilled', 'the shares that the second send buys');
  },
};

/** Reconnecting, two looks 15 s apart, and the rest of the group. */
const COMPLETED_LIMIT_MS = 60_000;

const cutBracket: Case = {
  name: 'T18-cut-bracket',
  story:
    'The socket is cut in the middle of a bracket; before it is resolved, another trade is sent.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T18', 'BAC');
    const before = await scene.hits('cut-before-ack');
    await scene.arm('cut-before-ack', { leg: 'child' });
    const id = await scene.submit();
    await waitFor(RESOLVED_LIMIT_MS, async () => (await scene.hits('cut-before-ack')) > before);
    await new Scene(stack, 'T18', 'WFC').open();
    const isDone = async () => (await scene.ledger()).staged === 0;
    const row = await scene.until(id, (r) => holds(r) || isSettled(r), COMPLETED_LIMIT_MS);
    await waitFor(LEFT_BEHIND_MS, isDone);
    const { staged } = await scene.ledger();
    return [
      ...(staged === 0 ? [] : [found(scene, 'staged', `${staged} orders still wait for the rest`)]),
      ...unless(holds, scene, row, 'unfilled', 'the shares that the whole group buys'),
    ];
  },
};

/** Whoever knows that his group is half-sent needs no longer to clear it away. */
const LEFT_BEHIND_MS = 3_000;

/**
 * So few messages a second that a burst of fifteen brackets waits for four seconds, on a machine of any
 * speed; and a lease that a slow machine keeps through it.
 */
const SLOW_LINE = { MAX_MESSAGES_PER_SECOND: '10', LEASE_TTL_MS: '30000' };
const BURST_SYMBOLS = ['AMD', 'INTC', 'CSCO'];
const HALT_SYMBOLS = ['QCOM', 'TXN', 'MU'];
const PER_SYMBOL = 5;
/** More than the account could ever buy: denied, and the quote is warm. */
const TOO_MANY = { quantity: '900000000' };
const WARM_LIMIT_MS = 15_000;

/** Quotes that are warm leave the line to the orders. */
async function warm(scenes: readonly Scene[]): Promise<void> {
  await Promise.all(
    scenes.map(async (scene) =>
      scene.until(await scene.submit(TOO_MANY), isSettled, WARM_LIMIT_MS),
    ),
  );
}

/** Some of the burst is claimed by then, and most of it still waits for the line. */
const INTO_BURST_MS = 1_000;

/** Submits a burst and waits until the line is busy with it. @throws Error when nothing gets through */
async function busyLine(scenes: readonly Scene[]): Promise<string[]> {
  await warm(scenes);
  const all = scenes.flatMap((scene) => Array<Scene>(PER_SYMBOL).fill(scene));
  const ids = await Promise.all(all.map((scene) => scene.submit()));
  const isUnderWay = async () => (await entriesOf(scenes)).length > 0;
  if (!(await waitFor(WARM_LIMIT_MS, isUnderWay))) throw new Error('no entry reached the gateway');
  await sleep(INTO_BURST_MS);
  return ids;
}

/** The entries of these contracts that the gateway has seen. */
async function entriesOf(scenes: readonly Scene[]): Promise<LedgerOrder[]> {
  const ledgers = await Promise.all(scenes.map((scene) => scene.ledger()));
  return ledgers.flatMap(({ orders }) => orders).filter(({ role }) => role === 'entry');
}

/** Four seconds of line, as much again for exits, and a slow machine. */
const BURST_LIMIT_MS = 20_000;

const overtakenQueue: Case = {
  name: 'B1-overtaken-queue',
  story: 'While fifteen entries wait for the line, a target that was refused is placed anew.',
  env: SLOW_LINE,
  reusable: true,
  play: async (stack) => {
    const scenes = BURST_SYMBOLS.map((symbol) => new Scene(stack, 'B1', symbol));
    await Promise.all(scenes.map((scene) => scene.arm('child-refused', { orderType: 'LMT' })));
    const ids = await busyLine(scenes);
    const isDone = await endOf(stack, ids, BURST_LIMIT_MS);
    const rows = [...(await stack.books.trades(ids)).values()];
    const unfilled = rows.filter((row) => Number(row.filledQuantity) === 0);
    if (isDone && unfilled.length === 0) return [];
    const { messages } = await stack.gateway.ledger();
    const overtaken = messages.orders.filter(({ outcome }) => outcome === 'error 103').length;
    const detail = `${unfilled.length} of ${ids.length} entries, ${overtaken} orders got 103`;
    return [found(scenes[0]!, 'unfilled', detail)];
  },
};

/** Waits until each trade holds shares or is over. */
function endOf(stack: ChaosStack, ids: readonly string[], limitMs: number): Promise<boolean> {
  return waitFor(limitMs, async () => {
    const rows = [...(await stack.books.trades(ids)).values()];
    return rows.length === ids.length && rows.every((row) => holds(row) || isSettled(row));
  });
}

/** What was on the socket when the file appeared is at the gateway by then. */
const HALT_GRACE_MS = 500;
/** The line has carried the whole burst by then. */
const LINE_EMPTY_MS = 7_000;

const haltedQueue: Case = {
  name: 'T7-halted-queue',
  story: 'The halt file appears while fifteen entries wait for the line.',
  env: SLOW_LINE,
  reusable: false,
  play: async (stack) => {
    const scenes = HALT_SYMBOLS.map((symbol) => new Scene(stack, 'T7', symbol));
    await busyLine(scenes);
    stack.halt();
    const haltedAtMs = Date.now();
    await sleep(LINE_EMPTY_MS);
    const late = (await entriesOf(scenes)).filter(
      (order) => order.firstAtMs > haltedAtMs + HALT_GRACE_MS,
    );
    const lastMs = Math.max(...late.map(({ firstAtMs }) => firstAtMs)) - haltedAtMs;
    const detail = `${late.length} entries were written up to ${lastMs} ms after the halt file`;
    return late.length === 0 ? [] : [found(scenes[0]!, 'after-halt', detail)];
  },
};

export const SENDING: readonly Case[] = [overtakenResend, cutBracket];
export const SENDING_SLOWLY: readonly Case[] = [overtakenQueue, haltedQueue];
