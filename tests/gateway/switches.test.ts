import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import { connectTrader, ledgerOf, orderIn, sendBracket, until } from './support/trader.js';

const folder = mkdtempSync(join(tmpdir(), 'ballast-switches-'));
const row = (second: number) => `2013-10-08T09:35:0${second}-04:00,99.99,100,100.00,100`;
const rows = ['time,bid,bid_size,ask,ask_size', row(0), row(1), ''];
writeFileSync(join(folder, 'IBM.csv'), rows.join('\n'));

afterAll(() => rmSync(folder, { recursive: true }));

/** What the referee sees while 100 of 1,000 shares are filled, and after the rest was cancelled. */
interface Expected {
  filling: { unprotected: string; excess: string };
  cancelled: { unprotected: string; excess: string };
}

const clean = { unprotected: '0', excess: '0' };
const bare = { unprotected: '100', excess: '0' };
const CASES: [children: string, parentCancel: string, expected: Expected][] = [
  ['scaled', 'keeps', { filling: clean, cancelled: clean }],
  ['scaled', 'kills', { filling: clean, cancelled: bare }],
  [
    'full_size_on_first_fill',
    'keeps',
    { filling: clean, cancelled: { unprotected: '0', excess: '900' } },
  ],
  ['full_size_on_first_fill', 'kills', { filling: clean, cancelled: bare }],
  ['on_complete_fill', 'keeps', { filling: bare, cancelled: clean }],
  ['on_complete_fill', 'kills', { filling: bare, cancelled: bare }],
];

test.each(CASES)(
  '[GWY-2] children %s, parent cancel %s: what the referee sees',
  async (...given) => {
    const [children, parentCancel, expected] = given;
    const gateway = await startGateway({
      market: `replay:${folder}`,
      flags: ['--paused', '--children', children, '--parent-cancel', parentCancel],
    });
    const trader = await connectTrader(gateway.port, 1);
    const breach = async () => {
      const contract = (await ledgerOf(gateway)).contracts[0];
      return { unprotected: contract?.unprotectedShares, excess: contract?.excessExitShares };
    };
    try {
      const plan = { symbol: 'IBM', stop: 95, target: 110, ref: 'bal-1', quantity: 1_000 };
      const { parent } = sendBracket(trader, plan);
      await until(() => trader.executions.length === 1, 'the first part');
      expect(trader.executions[0]?.shares).toBe(100);
      expect(await breach()).toEqual(expected.filling);
      trader.ib.cancelOrder(parent);
      const status = async () => orderIn(await ledgerOf(gateway), parent)?.status;
      await until(async () => (await status()) === 'Cancelled', 'the cancel');
      expect(await breach()).toEqual(expected.cancelled);
    } finally {
      trader.ib.disconnect();
      await gateway.stop();
    }
  },
);
