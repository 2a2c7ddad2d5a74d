/**
 * A split overnight takes the exits: a person takes over what was proposed, and the trades go on in shares and
 * at prices of now (REC-5). What only looks like one is declared a hand's and released, and is protected, not sold.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { untilTrue } from '../support/workers.js';
import { Day } from './support/day.js';

const SCENE_MS = 180_000;

let day: Day;
beforeAll(async () => {
  day = await Day.open({ TSLA: 250, IBM: 150 });
}, SCENE_MS);
afterAll(() => day?.end(), 60_000);

interface Shown {
  readonly code: string;
  readonly does: readonly string[];
}

async function shown(...argv: string[]): Promise<Shown> {
  const { code, out, err } = await day.ballast('resolve', ...argv, '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Shown;
}

async function confirm(code: string, ...argv: string[]): Promise<void> {
  expect(await day.ballast('resolve', ...argv, '--confirm', code)).toMatchObject({ code: 0 });
}

const findings = async () => {
  const { findings: found } = await day.reconcile();
  return found.map(({ kind, symbol }) => `${kind} ${symbol}`);
};

async function contract(symbol: string) {
  const { contracts, orders } = await day.ledger();
  const row = contracts.find((one) => one.symbol === symbol);
  const working = orders.filter((one) => one.symbol === symbol && one.status.endsWith('Submitted'));
  const prices = working.map(({ orderType, quantity, stopPrice, limitPrice }) =>
    [orderType, quantity, stopPrice ?? limitPrice].join(' '),
  );
  return { held: row?.position, armed: row?.armedStops.SELL, exits: prices.sort() };
}

test(
  '[REC-5] 10:1: shown, confirmed, the exits of both trades stand anew, and the symbol is released',
  async () => {
    const extra = { take_profit_pct: '0.10' };
    const first = await day.enter({ strategy: 'first', symbol: 'TSLA', quantity: '10', extra });
    const second = await day.enter({ strategy: 'second', symbol: 'TSLA', quantity: '4' });
    await day.fault('external-order', { symbol: 'TSLA', action: 'BUY', quantity: 3 });
    const isCounted = async () =>
      (await day.positions()).some(({ strategy_id: owner }) => owner === null);
    await untilTrue('they are counted', isCounted, 20_000);
    await day.ballast('resolve', 'split', first).then(({ code, err }) => {
      expect([code === 0, err]).toEqual([false, expect.stringContaining('TSLA')]);
    });
    await day.fault('overnight-split', { symbol: 'TSLA', ratio: 10 });
    expect(await findings()).toContain('corporate_action TSLA');
    const market = ['--market', '25'];
    await expect(shown('split', first, ...market, '--stop', '30')).rejects.toThrow('at once');
    const { code, does } = await shown('split', first, ...market);
    expect(does.join('\n')).toMatch(
      /10 at 250\.01 become 100 at 25\.001, stop 237\.51 becomes 23\.7\d, target 275\.01 becomes 27\.5/,
    );
    expect(does.join('\n')).toContain(`trade ${second}: 4 at 250.01 become 40 at 25.001`);
    await confirm(code, 'split', first, ...market);
    await day.settled();
    expect(await contract('TSLA')).toMatchObject({ held: '170', armed: '140' });
    const { exits } = await contract('TSLA');
    expect(exits.join('; ')).toMatch(/LMT 100 27\.5.*STP 100 23\.7\d; STP 40 23\.7\d/);
    expect(await findings()).toEqual([]);
    expect((await day.attention()).filter(({ kind }) => kind === 'quarantine')).toEqual([]);

    await day.ballast('resume');
    await day.prices({ TSLA: 28 });
    const ended = await day.stack.waitFor(first, ({ realizedPnl }) => realizedPnl !== null, 40_000);
    expect([ended.state, ended.exitReason]).toEqual(['CLOSED', 'target']);
    expect(Number(ended.realizedPnl)).toBeGreaterThan(200);
    await day.settled();
  },
  SCENE_MS,
);

test(
  '[REC-5] halved by hand, its exits gone, untold: declared, released, and what is left is protected, not sold',
  async () => {
    const id = await day.enter({ strategy: 'first', symbol: 'IBM', quantity: '10' });
    await day.fault('overnight-split', { symbol: 'IBM', ratio: 0.5 });
    await day.prices({ IBM: 150 });
    expect(await findings()).toContain('corporate_action IBM');
    const argv = ['difference', id, '--price', '150'];
    const { code } = await shown(...argv);
    await confirm(code, ...argv);
    const release = ['quarantine', 'IBM', '--market', '150'];
    await confirm((await shown(...release)).code, ...release);
    await day.settled();
    expect(await contract('IBM')).toMatchObject({ held: '5', armed: '5' });
    expect((await day.timeline(id)).join('\n')).not.toContain('flatten');
    expect(await findings()).toEqual([]);
  },
  SCENE_MS,
);
