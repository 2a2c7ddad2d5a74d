/** Symptoms of signals of which nothing comes. */
import { expect } from '@jest/globals';
import { isAtRest } from '../../support/at-rest.js';
import { bought, type Scene } from './stage.js';

/** Until then a market that is closed by hand stays so; the scene opens it again. */
const CLOSED_MS = 600_000;
const MINUTE_MS = 60_000;

const isDenied = ({ state }: { state: string }) => state === 'DENIED';

const tradingOff: Scene = async ({ signal, tradeOf, restartWorkers }) => {
  const order = { strategy_id: 'first', symbol: 'AAPL', quantity: '10' };
  await restartWorkers({ TRADING_ENABLED: 'false' });
  await signal({ id: 'first', ...order });
  await tradeOf('first', isDenied);
  await restartWorkers({});
  await signal({ id: 'first-2', ...order });
  await tradeOf('first-2', isAtRest);
};

const halted: Scene = async ({ run, signal, tradeOf }) => {
  const order = { strategy_id: 'halted', symbol: 'ORCL', quantity: '10' };
  await run(['halt', '--reason', 'too windy']);
  await signal({ id: 'halted', ...order });
  await tradeOf('halted', isDenied);
  await run(['mode']);
  await run(['resume']);
  await signal({ id: 'halted-2', ...order });
  await tradeOf('halted-2', isAtRest);
};

const reducing: Scene = async ({ run, signal, tradeOf }) => {
  const order = { strategy_id: 'reducing', symbol: 'JPM', quantity: '10' };
  await run(['reduce']);
  await signal({ id: 'reducing', ...order });
  await tradeOf('reducing', isDenied);
  await run(['mode']);
  await run(['mode', 'ACTIVE']);
  await signal({ id: 'reducing-2', ...order });
  await tradeOf('reducing-2', isAtRest);
};

const marketClosed: Scene = async ({ stack, run, signal, tradeOf }) => {
  const order = { strategy_id: 'closed', symbol: 'CAT', quantity: '10' };
  const opensMs = Math.ceil((Date.now() + CLOSED_MS) / MINUTE_MS) * MINUTE_MS;
  const closed_until = new Date(opensMs).toISOString();
  await stack.gateway.control('/hours', { closed_until });
  await signal({ id: 'closed', ...order });
  await tradeOf('closed', isDenied);
  await signal({ id: 'closed-2', ...order, when_closed: 'queue' }, { waits: false });
  const { failure } = await tradeOf('closed-2', ({ state }) => state === 'AWAITING_OPEN');
  expect(failure).toContain(closed_until);
  await run(['trade', 'closed-2']);
  await run(['cancel', 'closed-2']);
  await stack.gateway.control('/hours', { closed_until: null });
};

const waitsForWord: Scene = async ({ run, signal, tradeOf, until }) => {
  const order = { strategy_id: 'asked', symbol: 'HD', quantity: '10' };
  // A strategy is known from its first signal on, whatever became of that.
  await signal({ id: 'asked-0', ...order, quantity: '900000' });
  await run(['approvals', '--require', 'asked']);
  await signal({ id: 'asked', ...order }, { waits: false });
  await until('HD', 'approvals');
  await run(['trade', 'asked']);
  await run(['approve', 'asked']);
  await tradeOf('asked', isAtRest);
  await run(['approvals', '--waive', 'asked']);
  await run(['close', 'asked']);
  await tradeOf('asked', ({ state }) => state === 'CLOSED');
  await signal({ id: 'asked-2', ...order });
  await tradeOf('asked-2', isAtRest);
};

const sameSignal: Scene = async ({ signal, tradeOf, stack }) => {
  const order = { strategy_id: 'again', symbol: 'DIS', quantity: '10' };
  await signal({ id: 'again', ...order });
  await tradeOf('again', isAtRest);
  const before = await stack.db.trade.count();
  await signal({ id: 'again', ...order });
  const { code } = await signal({ id: 'again', ...order, quantity: '20' });
  expect(code).toBe(1);
  expect(await stack.db.trade.count()).toBe(before);
  await signal({ id: 'again-2', ...order, strategy_id: 'again-2', quantity: '20' });
  await tradeOf('again-2', isAtRest);
};

const alreadyHeld: Scene = async (stage) => {
  const { run, signal, tradeOf } = stage;
  await bought(stage, 'held', 'PFE');
  const order = { strategy_id: 'held', symbol: 'PFE', quantity: '10' };
  await signal({ id: 'held-2', ...order });
  await tradeOf('held-2', isDenied);
  await run(['close', 'held']);
  await tradeOf('held', ({ state }) => state === 'CLOSED');
  await signal({ id: 'held-3', ...order });
  await tradeOf('held-3', isAtRest);
};

const tooLarge: Scene = async ({ run, signal, tradeOf }) => {
  const order = { strategy_id: 'large', symbol: 'XOM' };
  await signal({ id: 'large', ...order, quantity: '900000' });
  await tradeOf('large', isDenied);
  await signal({ id: 'large-2', ...order, risk_pct: '0.0001' });
  await tradeOf('large-2', isAtRest);
  await run(['trade', 'large-2']);
};

export const ENTRIES: Readonly<Record<string, Scene>> = {
  'Trading is off': tradingOff,
  'Everything is halted': halted,
  'Only closing is allowed': reducing,
  'The market is closed': marketClosed,
  'A signal waits and nothing is sent': waitsForWord,
  'The same signal again changes nothing': sameSignal,
  'The strategy has a trade in this symbol already': alreadyHeld,
  'A quantity is larger than a cap allows': tooLarge,
};
