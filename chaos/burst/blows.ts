/** Kills and cuts while the burst is decided: one after the other, each part started again as a supervisor does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../stack/part.js';
import type { ChaosStack } from '../stack/stack.js';

interface Blow {
  readonly name: string;
  /** Of the burst: struck as soon as so much of it is decided. */
  readonly at: number;
  strike(stack: ChaosStack): Promise<void>;
}

/** As a supervisor would: soon, but not at once. */
const RESTART_AFTER_MS = 1_500;

async function killed(parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => part.kill()));
  await sleep(RESTART_AFTER_MS);
  await Promise.all(parts.map((part) => part.start()));
}

/** Those at these places, of all that decide. */
const killTrade =
  (...places: readonly number[]) =>
  (stack: ChaosStack) => {
    const { parts, also } = stack;
    const workers = [parts['trade-1'], parts['trade-2'], ...also];
    return killed(places.map((place) => workers[place - 1]!));
  };

const killBroker = async (stack: ChaosStack) => killed([(await stack.brokers()).active]);

const cut = ({ gateway }: ChaosStack) => gateway.arm({ name: 'connection-cut' });

const BLOWS: readonly Blow[] = [
  { name: 'trade-1 killed', at: 0.02, strike: killTrade(1) },
  { name: 'the active broker worker killed', at: 0.12, strike: killBroker },
  { name: 'trade-2 and trade-3 killed', at: 0.25, strike: killTrade(2, 3) },
  { name: 'the link to the gateway cut', at: 0.38, strike: cut },
  { name: 'trade-4 killed', at: 0.5, strike: killTrade(4) },
  { name: 'the link to the gateway cut', at: 0.62, strike: cut },
  { name: 'every trade worker killed', at: 0.75, strike: killTrade(1, 2, 3, 4) },
  { name: 'the active broker worker killed', at: 0.88, strike: killBroker },
];

const LOOK_EVERY_MS = 100;

/**
 * Strikes each when its part of the burst is decided, or as soon as the one before it is over.
 * @param progress how much is decided, from 0 to 1 @param deadlineMs the rest is struck then, however far it is
 */
export async function strikeAll(
  stack: ChaosStack,
  progress: () => number,
  deadlineMs: number,
  tell: (line: string) => void,
): Promise<void> {
  for (const { name, at, strike } of BLOWS) {
    while (progress() < at && Date.now() < deadlineMs) await sleep(LOOK_EVERY_MS);
    tell(`    ${Math.round(progress() * 100)} % decided: ${name}`);
    await strike(stack);
  }
}
