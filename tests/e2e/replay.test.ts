/** A recorded day: the trade ends where the quotes really went, at the prices of those quotes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasRecordedQuotes, RECORDED_QUOTES } from '../support/gateway.js';
import { startStack, type TestStack } from '../support/stack.js';

const describeRecorded = hasRecordedQuotes ? describe : describe.skip;
if (!hasRecordedQuotes) {
  process.stderr.write(`skipped: no recorded quotes at ${RECORDED_QUOTES}\n`);
}

describeRecorded('IBM on 2013-10-08, held at 9:35:00', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startStack({
      gateway: {
        market: `replay:${RECORDED_QUOTES}/2013-10-08`,
        flags: ['--paused', '--at', '2013-10-08T09:35:00-04:00', '--speed', '300'],
      },
    });
  }, 60_000);
  afterAll(async () => {
    await stack?.stop();
  }, 60_000);

  test('[GWY-3, TRD-1] a long of 100 is stopped at 180.60: −104.00 after commissions', async () => {
    const { tradeId } = await stack.submit({
      id: 'ibm-2013-10-08',
      strategy_id: 'replay',
      symbol: 'IBM',
      side: 'BUY',
      quantity: '100',
      stop_loss: '180.60',
      take_profit: '182.90',
    });
    const open = await stack.waitFor(tradeId, (trade) => trade.verified);
    expect(open.averageEntry?.toFixed(2)).toBe('181.62');
    await stack.gateway.control('/market', { paused: false });
    const closed = await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, 40_000);
    expect(closed.exitReason).toBe('stop');
    expect(closed.averageExit?.toFixed(2)).toBe('180.60');
    expect(closed.realizedPnl?.toFixed(2)).toBe('-104.00');
  }, 60_000);
});
