/**
 * A hand reduces a position in TWS while the link is away, and the day turns before anybody asks: no execution
 * tells of it. A person declares it, on the whole stack (REC-2).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { untilTrue } from '../support/workers.js';
import { Day } from './support/day.js';

const SCENE_MS = 180_000;
/** Long enough for the hand, the turn of the day, and their ends. */
const AWAY_S = 4;

let day: Day;
beforeAll(async () => {
  day = await Day.open({ AAPL: 100, MSFT: 200 });
}, SCENE_MS);
afterAll(() => day?.end(), 60_000);

/** What a hand does while nobody hears of it, and what no list tells afterwards. */
async function untold(order: Record<string, unknown>): Promise<void> {
  await day.fault('connection-lost-1101', { seconds: AWAY_S });
  await day.fault('external-order', order);
  await day.fault('midnight-execution-loss');
  const isBack = async () => (await day.stack.db.connection.count({ where: { ready: true } })) > 0;
  await untilTrue('the link is away', async () => !(await isBack()), 20_000);
  await untilTrue('the link is back', isBack, 40_000);
}

async function resolve(...argv: string[]): Promise<string> {
  const shown = await day.ballast('resolve', ...argv, '--json');
  if (shown.code !== 0) throw new Error(shown.err);
  const { code } = JSON.parse(shown.out) as { code: string };
  const done = await day.ballast('resolve', ...argv, '--confirm', code);
  expect(done).toMatchObject({ code: 0 });
  return done.out;
}

const findings = async () => {
  const { findings: found } = await day.reconcile();
  return found.map(({ kind, symbol }) => `${kind} ${symbol}`);
};

test(
  '[REC-2] reduced by hand, untold: declared, the exits are trimmed, and nothing differs any more',
  async () => {
    const id = await day.enter({ strategy: 'first', symbol: 'AAPL', quantity: '10' });
    await untold({ symbol: 'AAPL', action: 'SELL', quantity: 3 });
    expect(await findings()).toContain('position_less AAPL');
    const refused = await day.ballast(
      ...['resolve', 'difference', id, '--price', '99', '--quantity', '4'],
    );
    expect([refused.code === 0, refused.err]).toEqual([false, expect.stringContaining("can't be")]);
    expect(await resolve('difference', id, '--price', '99.50')).toContain('sold outside at 99.50');
    await day.settled();
    const { contracts } = await day.ledger();
    const aapl = contracts.find(({ symbol }) => symbol === 'AAPL');
    expect([aapl?.position, aapl?.armedStops.SELL, aapl?.exits.SELL]).toEqual(['7', '7', '7']);
    expect(await findings()).toEqual([]);
    await resolve('quarantine', 'AAPL');
    await day.ballast('resume');
    expect(await day.attention()).toEqual([]);
    await day.enter({ strategy: 'second', symbol: 'AAPL', quantity: '2' });
    await day.settled();
  },
  SCENE_MS,
);

test(
  '[REC-2] enlarged by hand, untold: the shares count as external, and the trade goes on',
  async () => {
    const id = await day.enter({ strategy: 'first', symbol: 'MSFT', quantity: '5' });
    await untold({ symbol: 'MSFT', action: 'BUY', quantity: 2 });
    expect(await findings()).toContain('position_more MSFT');
    await resolve('difference', id, '--price-unknown');
    await day.settled();
    expect(await findings()).toEqual([]);
    const external = (await day.positions()).filter(({ strategy_id: owner }) => owner === null);
    expect(external.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([['MSFT', '2']]);
  },
  SCENE_MS,
);

test(
  '[REC-2] closed by hand, untold, before two pictures prove it: the trade ends as closed outside',
  async () => {
    const [first] = (await day.positions())
      .filter(({ symbol }) => symbol === 'MSFT')
      .flatMap(({ trades }) => trades);
    const id = first!.trade_id;
    await untold({ symbol: 'MSFT', action: 'SELL', quantity: 5 });
    expect(await findings()).toContain('position_less MSFT');
    await resolve('difference', id, '--price-unknown');
    const trade = await day.stack.waitFor(id, ({ state }) => state === 'CLOSED', 40_000);
    expect(trade.exitReason).toBe('external');
    await day.settled();
    expect(await findings()).toEqual([]);
    const { orders } = await day.ledger();
    const left = orders.filter(
      ({ symbol, status }) => symbol === 'MSFT' && status.endsWith('Submitted'),
    );
    expect(left).toEqual([]);
    const detail = (await day.ballast('trade', id)).out;
    expect(detail).toContain('at a price that nobody told');
  },
  SCENE_MS,
);
