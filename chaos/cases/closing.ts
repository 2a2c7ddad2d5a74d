/** Cases about closing a trade: what a person asks for must neither be lost nor leave shares naked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { REPAIR_WINDOW_MS } from '../disturb/disturbance.js';
import { isSettled } from '../judge/engine-books.js';
import type { Case } from './case.js';
import { AFTER_REPAIR_MS, breachFindings, isAtRest, unless } from './findings.js';
import { BARE, Scene } from './scene.js';

/** A close and its one repeat, whether they are new orders or change a live one. */
const LOST_CLOSES = { count: 2, modifications: true };
/** Each lost write costs its time for an answer and a look-up. */
const CLOSE_LIMIT_MS = 20_000;

const lostClose: Case = {
  name: 'T2-lost-close',
  story: 'A trade without a target is closed, and the broker never gets the close nor its repeat.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T2', 'MSFT');
    const { id } = await scene.open(BARE);
    await scene.arm('order-dropped', LOST_CLOSES);
    await stack.frontDoor.command(id, 'close');
    const row = await scene.untilOrNaked(id, isSettled, CLOSE_LIMIT_MS);
    return [
      ...breachFindings(scene, await scene.ledger(), 'unprotected', REPAIR_WINDOW_MS),
      ...unless(isSettled, scene, row, 'lost', 'a closed trade'),
    ];
  },
};

/** On a healthy stack a close takes less than a second. */
const HEALTHY_LIMIT_MS = 8_000;

const bareClose: Case = {
  name: 'U2-bare-close',
  story: 'A trade without a target is closed while nothing at all is wrong.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'U2', 'NVDA');
    const { id } = await scene.open(BARE);
    await stack.frontDoor.command(id, 'close');
    const row = await scene.until(id, isSettled, HEALTHY_LIMIT_MS);
    return [
      ...breachFindings(scene, await scene.ledger(), 'unprotected', 0),
      ...unless(isSettled, scene, row, 'lost', 'a closed trade'),
    ];
  },
};

const BUST_AFTER_S = 1.5;
/** Settling still waits when the bust comes. */
const COMMISSION_AFTER_S = 4;

const bustWhileSettling: Case = {
  name: 'T1-bust-while-settling',
  story: 'The fill that closed a trade is busted while settling waits for its commission.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T1', 'AAPL');
    const { id, targetPrice } = await scene.open();
    await scene.arm('late-commission', { action: 'SELL', seconds: COMMISSION_AFTER_S });
    await scene.arm('execution-bust', { action: 'SELL', seconds: BUST_AFTER_S });
    await scene.setPrice((Number(targetPrice) * 1.01).toFixed(2));
    await scene.until(id, ({ state }) => state === 'CLOSED', HEALTHY_LIMIT_MS);
    // Back between both exits, so that those of a repair would stay.
    await scene.setPrice((Number(targetPrice) * 0.95).toFixed(2));
    await sleep(BUST_AFTER_S * 1_000 + AFTER_REPAIR_MS);
    const row = await scene.until(id, isAtRest, 0);
    return [
      ...breachFindings(scene, await scene.ledger(), 'unprotected', REPAIR_WINDOW_MS),
      ...unless(isAtRest, scene, row, 'lost', 'a trade that goes on or is settled'),
    ];
  },
};

export const CLOSING: readonly Case[] = [lostClose, bareClose, bustWhileSettling];
