/** Promises about sending: an entry of unknown fate is looked up, and no id is ever used twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '../judge/engine-books.js';
import type { Case } from './case.js';
import { PromiseScene } from './promise-scene.js';

/** Within the limit that an entry may be away from the quote, and too far to be filled by the walk. */
const RESTING_BELOW = 0.994;

/** Three refusals keep the link down for 3 s (pauses of 0.2, 0.4, 0.8 and 1.6 s): longer than the
 * 2 s that an acknowledgement may take. */
const REFUSED_LOGINS = 3;

/** A second entry would be there by then. */
const RESEND_MS = 3_000;

/** A resting limit order, whose fate no fill tells. */
async function resting(scene: PromiseScene, symbol: string): Promise<Record<string, unknown>> {
  const price = (await scene.bid(symbol)) * RESTING_BELOW;
  return { order_type: 'LMT', entry_price: price.toFixed(2) };
}

export const lookUp: Case = {
  name: 'P-lookup',
  story: 'the link dies under a send that arrived: the entry is looked up, and not sent again',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const { gateway } = stack;
    await gateway.arm({ name: 'cut-before-ack', symbol: 'AMZN', leg: 'stop' });
    await gateway.arm({ name: 'client-id-in-use', count: REFUSED_LOGINS });
    const id = await scene.submit('p-lookup', 'AMZN', 100, await resting(scene, 'AMZN'));
    const found = await scene.reaches(id, 'known to rest', ({ state }) => state === 'ENTERING');
    await sleep(RESEND_MS);
    if (found) await stack.frontDoor.command(id, 'cancel_entry');
    await scene.reaches(id, 'cancelled', isSettled);
    return scene.judge();
  },
};

const ROLLED_BACK_BY = 30;

export const rollBack: Case = {
  name: 'P-rollback',
  story: 'the broker forgets which order ids were used, while orders live under them',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const { gateway } = stack;
    const exits = { take_profit_pct: '0.04' };
    const first = await scene.submit('p-rollback-1', 'META', 100, exits);
    if (!(await scene.isOpen(first))) return scene.judge();
    await gateway.arm({ name: 'order-id-rollback', by: ROLLED_BACK_BY });
    await gateway.arm({ name: 'connection-cut' });
    const second = await scene.submit('p-rollback-2', 'META', 50, exits);
    await scene.isOpen(second);
    await scene.stopOut(first);
    await scene.stopOut(second);
    return scene.judge();
  },
};
