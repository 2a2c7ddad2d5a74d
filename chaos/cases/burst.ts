/** Five hundred signals at once, from four processes, over four trade workers and limits that bind (RSK-2). */
import { setTimeout as sleep } from 'node:timers/promises';
import { strikeAll } from '../burst/blows.js';
import { Burst } from '../burst/burst.js';
import { burstFindings } from '../burst/judgement.js';
import { burstSignals } from '../burst/signals.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';

const CASH = '1000000';
const SEED = 500;
/** Of the gateway's; few enough that strategies meet in them. */
const SYMBOLS = 40;
/** First account values and quotes are in by then. */
const WARM_UP_MS = 2_000;

/** Made so that each of them, and the cash, is reached by some of the signals. */
const LIMITS = {
  RISK_PER_TRADE: '0.002',
  RISK_SMALL: '0.002',
  RISK_NORMAL: '0.004',
  MAX_POSITION_PCT: '0.08',
  MAX_STRATEGY_PCT: '0.2',
  MAX_OPEN_RISK_PCT: '0.04',
  MAX_OPEN_POSITIONS: '16',
  MAX_TRADES_PER_DAY: '24',
  MAX_ORDERS_PER_MINUTE: '60',
  // Forty contracts are quoted one after the other while two cores decide five hundred signals.
  QUOTE_MAX_AGE_MS: '20000',
};

function burst(name: string, story: string, isStruck: boolean): Case {
  return {
    name,
    story,
    env: LIMITS,
    cash: CASH,
    also: ['trade-3', 'trade-4'],
    reusable: false,
    // Some minutes: played when asked for, not with every change.
    onlyByName: true,
    play: (stack, tell) => play(stack, name, isStruck, tell),
  };
}

async function play(
  stack: ChaosStack,
  name: string,
  isStruck: boolean,
  tell: (line: string) => void,
): Promise<readonly Finding[]> {
  await stack.frontDoor.useCashAccounts();
  await sleep(WARM_UP_MS);
  const prices = Object.entries(await stack.gateway.prices()).sort(([a], [b]) => (a < b ? -1 : 1));
  const bids = new Map(prices.slice(0, SYMBOLS).map(([symbol, { bid }]) => [symbol, Number(bid)]));
  const signals = burstSignals(`${name}-${Date.now().toString(36)}`, { bids }, SEED);
  const scene = await Burst.begin(stack, signals);
  try {
    const struck = isStruck
      ? strikeAll(stack, () => scene.progress(), scene.deadlineMs, tell)
      : Promise.resolve();
    const both = [scene.untilDecided(), struck];
    // Whichever fails: nothing of it may go on behind the next case.
    await Promise.allSettled(both);
    await Promise.all(both);
    const calm = await scene.calm();
    const ended = await scene.endAll();
    return [...calm.findings, ...(await burstFindings(scene, { cash: CASH, calm, ended }, tell))];
  } finally {
    await scene.stop();
  }
}

export const BURST: readonly Case[] = [
  burst(
    'P-burst-500',
    'Five hundred signals at once, from four processes, over four trade workers: no limit is breached.',
    false,
  ),
  burst(
    'P-burst-500-kills',
    'The same, while trade workers and the broker worker are killed and the link is cut.',
    true,
  ),
];
