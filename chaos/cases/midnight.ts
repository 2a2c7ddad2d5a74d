/** A case over the broker's midnight, when its lists are cut: what they lack proves nothing any more. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { nextMidnightMs } from '../stack/clock.js';
import { confirmed } from '../stack/confirmed.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { found, isAtRest, unless } from './findings.js';
import { Scene, stateOf, waitFor } from './scene.js';

/** From the processes' start to the moment of the send: they take 10 to 20 s on two busy cores. */
const START_MS = 45_000;
/** The proof of absence takes two looks 15 s apart: it can't be had in what is left of the day. */
const SENT_BEFORE_MIDNIGHT_MS = 14_000;
/** Acceptance is waited for 2 s here; then the order's fate is unknown. */
const UNKNOWN_LIMIT_MS = 10_000;
/** After midnight: three times what a proof takes within a day. */
const WATCHED_MS = 60_000;
const ENDS_LIMIT_MS = 30_000;

const WHOLE_GROUP = 3;
const SYMBOL = 'KO';

const midnight: Case = {
  name: 'P-midnight',
  story:
    "An order is dropped at 23:59 New York: after midnight its absence can't be proven, and a person decides.",
  clock: true,
  reusable: false,
  // Some two minutes: played when asked for, not with every change.
  onlyByName: true,
  play: async (stack, tell) => {
    const startsAtMs = Date.now();
    const midnightMs = nextMidnightMs(startsAtMs);
    const aheadMs = midnightMs - SENT_BEFORE_MIDNIGHT_MS - START_MS - startsAtMs;
    await stack.setClockAhead(aheadMs);
    const untilMidnightMs = () => midnightMs - aheadMs - Date.now();
    await waitFor(START_MS, () => stack.books.isLinkReady());
    if (untilMidnightMs() < SENT_BEFORE_MIDNIGHT_MS)
      throw new Error('the stack started too slowly');
    await sleep(untilMidnightMs() - SENT_BEFORE_MIDNIGHT_MS);
    return overMidnight(new Scene(stack, 'P-midnight', SYMBOL), untilMidnightMs, tell);
  },
};

async function overMidnight(
  scene: Scene,
  untilMidnightMs: () => number,
  tell: (line: string) => void,
): Promise<Finding[]> {
  const { stack } = scene;
  await scene.arm('order-dropped', { count: WHOLE_GROUP });
  const tradeId = await submitted(stack);
  const isDropped = async () => (await written(stack, tradeId)) >= WHOLE_GROUP;
  if (!(await waitFor(UNKNOWN_LIMIT_MS, isDropped))) throw new Error('nothing was sent');
  if (untilMidnightMs() < 0) throw new Error('it was sent after midnight');
  tell(`    dropped ${(untilMidnightMs() / 1_000).toFixed(0)} s before midnight`);
  await sleep(untilMidnightMs() + WATCHED_MS);
  const row = await scene.until(tradeId, () => true, UNKNOWN_LIMIT_MS);
  const findings = [
    ...(await resent(scene, tradeId)),
    ...(row && !isSettled(row) ? [] : [found(scene, 'lost', row ? stateOf(row) : 'no row')]),
  ];
  return [...findings, ...(await resolved(scene, stack, tradeId, tell))];
}

/** Through the command line, whose clock is the stack's: the judge's own is not. */
async function submitted(stack: ChaosStack): Promise<string> {
  const file = join(stack.folder, 'signal.json');
  const exits = { stop_loss_pct: '0.05', take_profit_pct: '0.05' };
  const order = { symbol: SYMBOL, side: 'BUY', order_type: 'MKT', quantity: '10' };
  writeFileSync(
    file,
    JSON.stringify({ id: 'midnight', strategy_id: 'midnight', ...order, ...exits }),
  );
  const { code, printed } = await stack.ballast('signal', file, '--json');
  if (code !== 0) throw new Error(`the signal was not taken: ${printed}`);
  return (JSON.parse(printed) as { trade_id: string }).trade_id;
}

/** How many orders of the trade were written so far, whatever became of them. */
async function written({ gateway, frontDoor }: ChaosStack, tradeId: string): Promise<number> {
  const own = new Set(frontDoor.referencesOf(tradeId));
  const { messages } = await gateway.ledger();
  return messages.orders.filter(({ kind, orderRef }) => kind === 'place' && own.has(orderRef))
    .length;
}

/** Whether more was written than the one group that was dropped. */
async function resent(scene: Scene, tradeId: string): Promise<Finding[]> {
  const count = await written(scene.stack, tradeId);
  return count === WHOLE_GROUP ? [] : [found(scene, 'duplicate', `${count} orders were written`)];
}

/** A person reads what is shown, and declares the order absent: the trade is planned anew. */
async function resolved(
  scene: Scene,
  stack: ChaosStack,
  tradeId: string,
  tell: (line: string) => void,
): Promise<Finding[]> {
  const shown = await stack.ballast('trade', tradeId);
  tell(indented(shown.printed));
  const command = ['resolve', 'order', tradeId, 'entry', '--absent'] as const;
  const { shown: proposal, done } = await confirmed(stack, ...command);
  tell(indented(proposal));
  tell(indented(done.printed));
  const row = await scene.until(tradeId, isAtRest, ENDS_LIMIT_MS);
  const { position } = await scene.ledger();
  const held = Number(row?.heldQuantity ?? 0);
  return [
    ...unless(isAtRest, scene, row, 'unknown', 'a trade that goes on once it is resolved'),
    ...(held === position
      ? []
      : [found(scene, 'books', `${held} held, ${position} at the broker`)]),
  ];
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gmu, '      | ');
}

export const MIDNIGHT: readonly Case[] = [midnight];
