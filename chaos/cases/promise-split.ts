/** The promise of REC-5: what a split has changed is repaired by nobody who doesn't know of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './case.js';
import { PromiseScene } from './promise-scene.js';

/** A repair takes a fraction of this. */
const WATCHED_MS = 4_000;

export const split: Case = {
  name: 'P-split',
  story:
    'Shares are split overnight, and the broker cancels their exits: none is sent at old prices.',
  reusable: false,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const id = await scene.submit('p-split', 'TSLA', 100, { take_profit_pct: '0.04' });
    if (!(await scene.isOpen(id))) return scene.judge();
    const before = await scene.orders('TSLA');
    await stack.gateway.arm({ name: 'overnight-split', symbol: 'TSLA', ratio: 2 });
    await sleep(WATCHED_MS);
    return (await scene.orders('TSLA'))
      .slice(before.length)
      .map(({ action, orderType, orderRef }) => ({
        kind: 'split' as const,
        subject: 'p-split',
        detail: `${action} ${orderType} ${orderRef} was sent after the split`,
      }));
  },
};
