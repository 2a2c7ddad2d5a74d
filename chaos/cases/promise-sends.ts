/** Promises about sending: an entry of unknown fate is looked up, and no id is ever used twice. */
import type { TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import type { Case } from './case.js';
import { PromiseScene } from './promise-scene.js';

/** Within the limit that an entry may be away from the quote, and too far to be filled by the walk. */
const RESTING_BELOW = 0.994;

/** A resting limit order with its stop, whose fate no fill tells; the link dies under its last message. */
async function sendIntoCut(scene: PromiseScene, name: string, symbol: string): Promise<string> {
  await scene.stack.gateway.arm({ name: 'cut-before-ack', symbol, leg: 'stop' });
  const price = (await scene.bid(symbol)) * RESTING_BELOW;
  return scene.submit(name, symbol, 100, { order_type: 'LMT', entry_price: price.toFixed(2) });
}

/** Found and taken for sent, it is cancelled like any other. */
async function endResting(scene: PromiseScene, id: string): Promise<readonly Finding[]> {
  if (await scene.reaches(id, 'known to rest', isResting)) {
    await scene.stack.frontDoor.command(id, 'cancel_entry');
    await scene.isOver(id);
  }
  return scene.judge();
}

function isResting({ state }: TradeRow): boolean {
  return state === 'ENTERING';
}

/**
 * Four refusals keep the link down for 6 s (pauses of 0.2, 0.4, 0.8, 1.6 and 3.2 s): longer than the 2 s
 * that an acknowledgement may take, so that the send's fate is unknown before any list is read.
 */
const REFUSED_LOGINS = 4;
/** Once the link is back, a second entry comes within 2 s; on a machine that many share, within 6. */
const SENT_AGAIN_MS = 6_000;

export const lookUp: Case = {
  name: 'P-lookup',
  story: 'The link dies under a send that arrived: the entry is looked up, and not sent again.',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const refused = { name: 'client-id-in-use', count: REFUSED_LOGINS };
    const linkIsBack = await scene.armForConnects(refused);
    const id = await sendIntoCut(scene, 'p-lookup', 'AMZN');
    await linkIsBack();
    if (await scene.isSentAgain('AMZN', SENT_AGAIN_MS)) return scene.judge();
    return endResting(scene, id);
  },
};

/** Two reads of the lists, 15 s apart, and what a re-connect and the acknowledgement's limit take. */
const BLIND_MS = 26_000;
/** More lists than can be asked for in that time. */
const BLIND_LISTS = 200;

export const endMarkers: Case = {
  name: 'P-end-markers',
  story: 'After a send without an answer the list of open orders comes empty and never ends.',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const { gateway } = stack;
    const blind = { name: 'missing-end-marker', of: 'openOrders', empty: true };
    await gateway.arm({ ...blind, count: BLIND_LISTS });
    const id = await sendIntoCut(scene, 'p-end-markers', 'GOOGL');
    const isSentAgain = await scene.isSentAgain('GOOGL', BLIND_MS);
    await gateway.arm({ name: 'missing-end-marker', count: 0 });
    if (isSentAgain) return scene.judge();
    // A list that is waited for now would take its whole time.
    await gateway.arm({ name: 'connection-cut' });
    return endResting(scene, id);
  },
};

const ROLLED_BACK_BY = 30;
/** On a link that is ready it takes a second, with many at work on the machine six. */
const SENT_WITHIN_MS = 25_000;

export const rollBack: Case = {
  name: 'P-rollback',
  story: 'The broker forgets which order ids were used, while orders live under them.',
  reusable: true,
  async play(stack) {
    const scene = await PromiseScene.open(stack);
    const { gateway } = stack;
    const exits = { take_profit_pct: '0.04' };
    const first = await scene.submit('p-rollback-1', 'META', 100, exits);
    if (!(await scene.isOpen(first))) return scene.judge();
    const rolledBack = { name: 'order-id-rollback', by: ROLLED_BACK_BY, count: 1 };
    const linkIsBack = await scene.armForConnects(rolledBack);
    await gateway.arm({ name: 'connection-cut' });
    await linkIsBack();
    const second = await scene.submit('p-rollback-2', 'JPM', 50, exits);
    if (!(await scene.isOpen(second, SENT_WITHIN_MS))) return scene.judge();
    await scene.stopOut(first);
    await scene.stopOut(second);
    return scene.judge();
  },
};
