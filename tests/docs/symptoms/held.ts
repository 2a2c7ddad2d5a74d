/** Symptoms of what is held. */
import { isAtRest } from '../../support/at-rest.js';
import { untilTrue } from '../../support/workers.js';
import { bought, type Scene, type Stage } from './stage.js';

/** Gives what a two-step command shows its word. */
async function confirmed(stage: Stage, ...argv: string[]): Promise<void> {
  const { out, err } = await stage.run(argv);
  const code = /--confirm (\S+)/.exec(`${out}${err}`)?.[1];
  if (code === undefined) throw new Error(`no code to confirm:\n${out}${err}`);
  const done = await stage.run([...argv, '--confirm', code]);
  if (done.code !== 0) throw new Error(`${done.out}${done.err}`);
}

const stopGone: Scene = async (stage) => {
  const { stack, run, tradeOf, until } = stage;
  const { id } = await bought(stage, 'unprotected', 'WMT');
  await stack.gateway.control('/faults', { name: 'manual-cancel', role: 'stop', symbol: 'WMT' });
  await stack.waitFor(id, ({ orders }) => orders.filter(({ role }) => role === 'STOP').length > 1);
  await tradeOf('unprotected', isAtRest);
  await run(['trade', 'unprotected']);
  await until('WMT', 'positions');
};

const soldByHand: Scene = async (stage) => {
  const { stack, run, signal, tradeOf, until } = stage;
  const { id } = await bought(stage, 'by-hand', 'BA');
  await stack.gateway.control('/faults', { name: 'manual-close', symbol: 'BA' });
  await stack.waitFor(id, ({ state }) => state === 'CLOSED');
  await until('BA', 'doctor');
  const order = { strategy_id: 'by-hand', symbol: 'BA', quantity: '10' };
  await signal({ id: 'by-hand-2', ...order });
  await tradeOf('by-hand-2', ({ state }) => state === 'DENIED');
  await run(['reconcile']);
  await confirmed(stage, 'resolve', 'quarantine', 'BA');
  await signal({ id: 'by-hand-3', ...order });
  await tradeOf('by-hand-3', isAtRest);
};

const external: Scene = async (stage) => {
  const { stack, run } = stage;
  const fault = { name: 'external-order', symbol: 'GE', action: 'BUY', quantity: 5 };
  await stack.gateway.control('/faults', fault);
  await untilTrue('the shares are counted', async () => {
    await run(['reconcile']);
    return (await run(['positions'])).out.includes('EXTERNAL');
  });
  const prices = await stack.gateway.control<Record<string, { bid: string }>>('/prices');
  const market = prices['GE']!.bid;
  const stop = (Number(market) * 0.9).toFixed(2);
  const adopt = ['resolve', 'position', 'GE', '--stop', stop, '--market', market];
  await untilTrue('a comparison is newer than the shares', async () => {
    await run(['reconcile']);
    return (await run(adopt)).out.includes('--confirm');
  });
  await confirmed(stage, ...adopt);
  await untilTrue('they are protected', async () => {
    const { out } = await run(['positions']);
    return /\bGE\b.*\byes\b/.test(out) && !out.includes('EXTERNAL');
  });
};

export const HELD: Readonly<Record<string, Scene>> = {
  'A stop was cancelled at the broker': stopGone,
  'Shares were sold by hand, and the symbol is quarantined': soldByHand,
  'Shares are EXTERNAL': external,
};
