/** The worker dies around the commit that settles a third loss: the pause comes with the settlement, and once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { arm, untilTaken } from '../../failpoints/arm.js';
import { acceptSignal } from '../../store/signals.js';
import { startPointedStack, type PointedStack } from '../failpoints/support/pointed-stack.js';
import { isProtected } from '../support/at-rest.js';

const PATIENCE_MS = 60_000;
/** Below a stop that is 5 % away. */
const FALLEN = 0.93;

let pointed: PointedStack;
beforeAll(async () => {
  pointed = await startPointedStack({});
}, 120_000);
afterAll(async () => {
  await pointed?.stop();
}, 60_000);

const stateOf = async (strategy: string) => {
  const { db } = pointed.stack;
  const where = { strategy: { name: strategy } };
  const told = await db.notification.findMany({ where: { kind: 'paused_streak' } });
  const settled = await db.trade.count({ where: { ...where, settledAt: { not: null } } });
  const mails = told.filter(({ body }) => (body as { strategy: string }).strategy === strategy);
  return { settled, pauses: await db.pause.count({ where }), told: mails.length };
};

/** Enters, and falls through its stop; `first` is called before its story begins. Not awaited to its end. */
async function lose(strategy: string, symbol: string, first: (tradeId: string) => void = () => {}) {
  const { stack } = pointed;
  const body = {
    ...{ id: `${strategy}-${symbol}`, strategy_id: strategy, symbol, side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05' },
  };
  const { tradeId } = await acceptSignal(stack.db, stack.userId, parseSignal(body));
  first(tradeId);
  await stack.submit(body);
  await stack.waitFor(tradeId, isProtected, PATIENCE_MS);
  const prices = await stack.gateway.control<Record<string, { bid: string }>>('/prices');
  const fallen = (Number(prices[symbol]!.bid) * FALLEN).toFixed(2);
  await stack.gateway.control('/prices', { [symbol]: Number(fallen) });
  return tradeId;
}

const settled = (tradeId: string) =>
  pointed.stack.waitFor(tradeId, ({ settledAt }) => settledAt !== null, PATIENCE_MS);

test.each([
  ['before', 'AAPL', 'MSFT', 'IBM', { settled: 2, pauses: 0, told: 0 }],
  ['after', 'KO', 'XOM', 'JPM', { settled: 3, pauses: 1, told: 1 }],
] as const)(
  '[RSK-4] killed right %s the commit: one pause, told once',
  async (moment, one, two, three, left) => {
    const { stack, points } = pointed;
    const strategy = `killed-${moment}`;
    for (const symbol of [one, two]) await settled(await lose(strategy, symbol));
    const point = `settle.commit.${moment}` as const;
    const tradeId = await lose(strategy, three, (id) =>
      arm(points, point, { action: 'exit', match: { tradeId: id } }),
    );
    await untilTaken(points, point, { timeoutMs: PATIENCE_MS });
    expect(await stateOf(strategy)).toEqual(left);
    await stack.killWorker('trade-worker');
    await stack.startWorker('trade-worker');
    await settled(tradeId);
    // Its story ends once the settlement is answered: by then it was repeated.
    await stack.temporal.workflow.getHandle(`trade-${tradeId}`).result();
    expect(await stateOf(strategy)).toEqual({ settled: 3, pauses: 1, told: 1 });
  },
  200_000,
);
