/** Cases about a link that is away while signals come. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { found } from './findings.js';
import { holds, Scene, stateOf } from './scene.js';

const BURST = 20;
const DOWN_MS = 10_000;
/** The burst lasts as long as the outage less a moment: the last signal meets the link down, too. */
const BETWEEN_MS = (DOWN_MS - 1_000) / BURST;
/** Re-connect, lists, quotes that are cold, and twenty brackets one after another. */
const ENTERED_LIMIT_MS = 40_000;

/** Contracts that no other case trades. */
async function unusedSymbols(stack: ChaosStack): Promise<string[]> {
  const symbols = Object.keys(await stack.gateway.prices()).sort();
  const used = new Set([
    'META',
    'MS',
    'MSFT',
    'NFLX',
    'NVDA',
    'PEP',
    'PYPL',
    'TSLA',
    'UBER',
    'WFC',
  ]);
  return symbols.filter((symbol) => symbol > 'M' && !used.has(symbol)).slice(-BURST);
}

const linkDown: Case = {
  name: 'T19-link-down-burst',
  story:
    'The gateway is down for ten seconds while twenty signals come: all are to enter after it.',
  reusable: true,
  play: async (stack) => {
    const scenes = (await unusedSymbols(stack)).map((symbol) => new Scene(stack, 'T19', symbol));
    await stack.parts.gateway.stop();
    const back = sleep(DOWN_MS).then(() => stack.parts.gateway.start());
    const ids: string[] = [];
    for (const scene of scenes) {
      ids.push(await scene.submit());
      await sleep(BETWEEN_MS);
    }
    await back;
    const entered = scenes.map(async (scene, index): Promise<Finding[]> => {
      const isDone = (row: TradeRow) => holds(row) || isSettled(row);
      const row = await scene.until(ids[index]!, isDone, ENTERED_LIMIT_MS);
      if (row && holds(row)) return [];
      const codes = row?.denialCodes.join(', ');
      if (codes) return [found(scene, 'denied', codes)];
      return [found(scene, 'lost', row ? stateOf(row) : 'no row')];
    });
    return (await Promise.all(entered)).flat();
  },
};

export const OUTAGES: readonly Case[] = [linkDown];
