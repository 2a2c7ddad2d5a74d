/** Promises about exits: there from the first share on, never less and never more than what is held. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { PromiseScene } from './promise-scene.js';

/** More than is displayed at a price set by hand (1,000): one price fills it in part. */
const LARGE = 1_500;
/** A quote by hand has its bid one tick below the price. */
const TICKS_ABOVE = 0.02;
/** Well inside stop and target. */
const BETWEEN = 0.98;
const STOP_BELOW = 0.97;
/** An engine that has lost a leg, or has one too many, has done something about it by then. */
const REACTION_MS = 2_000;

export const bracket: Case = {
  name: 'P-bracket',
  story: 'A plain market entry fills: its stop is armed at the broker in the same instant.',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const id = await scene.submit('p-bracket', 'AAPL', 100, { take_profit_pct: '0.04' });
    if (await scene.isOpen(id)) await scene.stopOut(id);
    return scene.judge();
  },
};

export const oca: Case = {
  name: 'P-oca',
  story: 'Two thirds of a target fill at a small displayed size: the stop stays for the rest.',
  reusable: true,
  play: (stack) => whileHeld(stack, playOca),
};

async function playOca(stack: ChaosStack): Promise<Finding[]> {
  const scene = await PromiseScene.open(stack);
  const bid = await scene.bid('MSFT');
  await scene.price('MSFT', bid);
  const id = await scene.submit('p-oca', 'MSFT', LARGE, { take_profit_pct: '0.04' });
  const isPartly = await scene.reaches(id, 'partly filled', holdsShares);
  if (isPartly) await scene.price('MSFT', bid);
  if (!isPartly || !(await scene.isOpen(id))) return scene.judge();
  const target = Number((await scene.row(id))!.targetPrice);
  await scene.price('MSFT', target + TICKS_ABOVE);
  await scene.price('MSFT', target * BETWEEN);
  await sleep(REACTION_MS);
  await scene.stopOut(id);
  return scene.judge();
}

export const bound: Case = {
  name: 'P-bound',
  story:
    'An entry is cancelled after a part of it filled: exits of full size are cut to what is held.',
  switches: { children: 'full_size_on_first_fill', parentCancel: 'keeps' },
  reusable: false,
  play: (stack) => whileHeld(stack, playBound),
};

/** Cutting them takes a moment; the entry's end at the broker comes first. */
const CUT_WITHIN_MS = 3_000;

async function playBound(stack: ChaosStack): Promise<Finding[]> {
  const scene = await PromiseScene.open(stack);
  const bid = await scene.bid('NVDA');
  await scene.price('NVDA', bid);
  const limit = (bid + 5 * TICKS_ABOVE).toFixed(2);
  // A stop in per cent would be moved to the fill, and cut on the way.
  const stop_loss = (bid * STOP_BELOW).toFixed(2);
  const entry = { order_type: 'LMT', entry_price: limit, stop_loss };
  const id = await scene.submit('p-bound', 'NVDA', LARGE, entry);
  const isPartly = await scene.reaches(id, 'partly filled', holdsShares);
  if (!isPartly) return scene.judge();
  await stack.frontDoor.command(id, 'cancel_entry');
  await scene.reaches(id, 'open with a part', ({ state }) => state === 'OPEN');
  await sleep(CUT_WITHIN_MS + REACTION_MS);
  await scene.stopOut(id);
  return scene.judge(CUT_WITHIN_MS);
}

function holdsShares({ heldQuantity }: TradeRow): boolean {
  return Number(heldQuantity) > 0;
}

/** The market stands still meanwhile: only prices by hand fill anything. */
async function whileHeld(
  stack: ChaosStack,
  play: (stack: ChaosStack) => Promise<Finding[]>,
): Promise<Finding[]> {
  await stack.gateway.market({ paused: true });
  try {
    return await play(stack);
  } finally {
    await stack.gateway.market({ paused: false });
  }
}
