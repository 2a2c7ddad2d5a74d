import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventName } from '@stoqey/ib';
import { afterEach, expect, test } from '@jest/globals';
import { decimal, decimalFromForeignNumber, sum, text } from '../../domain/money.js';
import { RECORDED_QUOTES, hasRecordedQuotes, startGateway } from '../support/gateway.js';
import type { GatewayOptions, TestGateway } from '../support/gateway.js';
import { ACCOUNT, connectTrader, ledgerOf, orderIn, sendBracket, until } from './support/trader.js';
import type { Trader } from './support/trader.js';

const cleanUps: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function gateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const started = await startGateway(options);
  cleanUps.push(() => started.stop());
  return started;
}

async function connect(port: number, clientId: number): Promise<Trader> {
  const trader = await connectTrader(port, clientId);
  cleanUps.push(() => void trader.ib.disconnect());
  return trader;
}

const CLEAN = { duplicateEntries: 0, overfilledShares: '0', stagedGroupsLeftBehind: 0 };
const PROTECTED = { unprotectedShareSeconds: '0', excessExitShareSeconds: '0' };

if (!hasRecordedQuotes) {
  console.warn(`skipped: the replay of IBM needs the recorded quotes in ${RECORDED_QUOTES}`);
}
const withRecordedQuotes = hasRecordedQuotes ? test : test.skip;

withRecordedQuotes(
  '[GWY-3] IBM on 2013-10-08: bought at 181.62 at 9:35:00, stopped at 180.60 at 9:54:39, -104.00',
  async () => {
    const running = await gateway({
      market: `replay:${RECORDED_QUOTES}/2013-10-08`,
      flags: ['--paused', '--at', '2013-10-08T09:35:00-04:00', '--speed', '600'],
    });
    const trader = await connect(running.port, 7);
    const ids = sendBracket(trader, { symbol: 'IBM', stop: 180.6, target: 182.9, ref: 'test-1' });
    await until(() => trader.executions.length === 1, 'the entry');
    await until(
      async () => orderIn(await ledgerOf(running), ids.stop)?.status === 'PreSubmitted',
      'stop',
    );
    expect(trader.executions[0]).toMatchObject({ price: 181.62, shares: 100, side: 'BOT' });

    await running.control('/market', { paused: false });
    await until(() => trader.commissions.length === 2, 'the stop');
    await running.control('/market', { paused: true });
    expect(trader.executions[1]).toMatchObject({ price: 180.6, shares: 100, side: 'SLD' });
    expect(trader.executions[1]?.orderId).toBe(ids.stop);

    const fees = trader.commissions.map((each) => decimalFromForeignNumber(each.commission ?? 0));
    const price = (index: number) =>
      decimalFromForeignNumber(trader.executions[index]?.price as number);
    const gross = price(1).sub(price(0)).mul(100);
    expect(text(gross.sub(sum(fees)))).toBe('-104');
    expect(fees.map(text)).toEqual(['1', '1']);

    const ledger = await ledgerOf(running);
    expect(orderIn(ledger, ids.target)?.status).toBe('Cancelled');
    expect(ledger.positions).toEqual([]);
    expect(ledger.verdicts).toMatchObject({ ...CLEAN, ...PROTECTED });
    expect(ledger.executions.map((each) => [each.price, each.commission])).toEqual([
      ['181.62', '1'],
      ['180.6', '1'],
    ]);
  },
);

test('[GWY-3] after a recording’s last row the market is closed: an order waits with 399', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-closed-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  const row = (time: string) => `2013-10-08T${time}-04:00,10.00,500,10.02,500`;
  const rows = ['time,bid,bid_size,ask,ask_size', row('15:59:58'), row('15:59:59'), ''];
  writeFileSync(join(folder, 'ZZZ.csv'), rows.join('\n'));
  const running = await gateway({ market: `replay:${folder}`, flags: ['--speed', '100'] });
  const trader = await connect(running.port, 1);
  const codes: number[] = [];
  trader.ib.on(EventName.error, (_error, code) => codes.push(code));
  trader.ib.on(EventName.info, (_text, code) => codes.push(code));
  const prices = await running.control<Record<string, unknown>>('/prices');
  expect(prices).toEqual({ ZZZ: { bid: '10', ask: '10.02', last: null } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const ids = sendBracket(trader, { symbol: 'ZZZ', stop: 9, target: 11, ref: 'late' });
  await until(() => codes.includes(399), 'the message 399');
  const ledger = await ledgerOf(running);
  expect(orderIn(ledger, ids.parent)?.status).toBe('PreSubmitted');
  expect(ledger.executions).toEqual([]);
});

test('[GWY-5] a price set by hand takes a simulated bracket to its target', async () => {
  const running = await gateway({ flags: ['--paused', '--seed', '3'] });
  const trader = await connect(running.port, 1);
  await running.control('/prices', { AAPL: 100 });
  const ids = sendBracket(trader, { symbol: 'AAPL', stop: 95, target: 110, ref: 'test-1' });
  await until(() => trader.executions.length === 1, 'the entry');
  expect(trader.executions[0]).toMatchObject({ price: 100.01 });
  await running.control('/prices', { AAPL: '110.01' });
  await until(() => trader.executions.length === 2, 'the target');
  await until(
    async () => orderIn(await ledgerOf(running), ids.stop)?.status === 'Cancelled',
    'the stop',
  );
  expect(trader.executions[1]).toMatchObject({ orderId: ids.target, side: 'SLD', shares: 100 });
  const { verdicts, messages } = await ledgerOf(running);
  expect(verdicts).toMatchObject({ ...CLEAN, ...PROTECTED });
  expect(messages.byId['3']).toBe(3);
  expect(messages.orders.map((message) => message.outcome)).not.toContain('waiting');
});

test('[GWY-4] killed with a position open: the stop is live and the ledger whole after it', async () => {
  const first = await startGateway({ flags: ['--paused'] });
  const { stateDir } = first;
  cleanUps.push(() => rmSync(stateDir, { recursive: true }));
  const trader = await connect(first.port, 1);
  await first.control('/prices', { MSFT: 400 });
  const ids = sendBracket(trader, { symbol: 'MSFT', stop: 390, target: 420, ref: 'test-1' });
  await until(() => trader.commissions.length === 1, 'the entry');
  const before = await ledgerOf(first);
  trader.ib.disconnect();
  await first.kill();

  const running = await gateway({ stateDir, flags: ['--paused'] });
  const prices = await running.control<Record<string, unknown>>('/prices');
  expect(prices['MSFT']).toMatchObject({ last: '400' });
  const after = await ledgerOf(running);
  expect(after.positions).toEqual([{ account: ACCOUNT, symbol: 'MSFT', position: '100' }]);
  expect(after.executions).toEqual(before.executions);
  expect(orderIn(after, ids.stop)).toMatchObject({ armed: true });
  expect(after.verdicts).toMatchObject({ ...CLEAN, ...PROTECTED });
  const again = await connect(running.port, 1);
  expect(again.nextId).toBeGreaterThan(ids.target);
  await running.control('/prices', { MSFT: 389 });
  await until(() => again.executions.length === 1, 'the stop');
  expect(text(decimal(String(again.executions[0]?.shares)))).toBe('100');
});

test('ends with exit code 0 when asked, and refuses a second gateway on its state', async () => {
  const running = await startGateway();
  await expect(startGateway({ stateDir: running.stateDir })).rejects.toThrow(
    /is used by the gateway/,
  );
  expect(await running.stop()).toBe(0);
});

test('a wrong command line says what to write instead', async () => {
  const flags = (...args: string[]) => startGateway({ flags: args });
  await expect(flags('--speed', 'fast')).rejects.toThrow(/--speed must be a positive number/);
  await expect(flags('--hours', 'never')).rejects.toThrow(/always or exchange/);
  await expect(flags('--account', 'U123456')).rejects.toThrow(/paper account/);
  await expect(flags('--market', 'replay:/nowhere')).rejects.toThrow(
    /can't read the replay folder/,
  );
  await expect(flags('--at', '2013-10-08T09:35:00-04:00')).rejects.toThrow(/needs a replay/);
});
