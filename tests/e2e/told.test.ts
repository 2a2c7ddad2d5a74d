/** [NTF-1] What a trade's life puts into the outbox, in its own transactions. Real parts, real processes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
}, 60_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

let count = 0;
async function submit(change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const { tradeId } = await stack.submit({
    ...{ id: `told-${count}`, strategy_id: `told-${count}`, symbol: 'AAPL', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.06', ...change },
  });
  return tradeId;
}

interface Told {
  readonly kind: string;
  readonly body: Readonly<Record<string, string>>;
}

async function toldOf(tradeId: string): Promise<Told[]> {
  const rows = await stack.db.notification.findMany({
    where: { tradeId },
    orderBy: { serial: 'asc' },
  });
  return rows.map(({ kind, body }) => ({ kind, body: body as Told['body'] }));
}

const kinds = (told: readonly Told[]) => told.map(({ kind }) => kind);

test('[NTF-1] a trade is told as placed, filled, and closed with its P&L, once and in this order', async () => {
  const tradeId = await submit();
  await stack.waitFor(tradeId, isAtRest);
  await stack.gateway.control('/prices', { AAPL: '120' }).catch(() => undefined);
  const closed = await stack.waitFor(tradeId, ({ realizedPnl }) => realizedPnl !== null);
  const told = await toldOf(tradeId);
  expect(kinds(told)).toEqual(['placed', 'filled', 'closed']);
  const [placed, filled, over] = told.map(({ body }) => body);
  expect(placed!['summary']).toMatch(/^placed: BUY 10 AAPL MKT, stop [\d.]+, target [\d.]+$/);
  const average = closed.averageEntry!.toString();
  expect(filled!['summary']).toContain(`filled: BUY 10 AAPL at ${average}; its stop`);
  expect(filled).toMatchObject({ account: expect.any(String), filled: '10', average });
  expect(over).toMatchObject({
    ...{ realizedPnl: closed.realizedPnl!.toString(), averageEntry: average, quantity: '10' },
    ...{ exitReason: closed.exitReason, averageExit: closed.averageExit!.toString() },
  });
  expect(over!['summary']).toMatch(
    new RegExp(
      `^closed by ${closed.exitReason}: BUY 10 AAPL, in at ${average}, out at [\\d.]+: -?[\\d.]+ USD after`,
    ),
  );
}, 60_000);

test('[NTF-1] a denial is told with its reasons, and an entry that nobody filled as ended', async () => {
  const denied = await submit({ quantity: '1000000' });
  await stack.waitFor(denied, ({ state }) => state === 'DENIED');
  const [told, ...more] = await toldOf(denied);
  expect(more).toEqual([]);
  expect(told).toMatchObject({ kind: 'denied', body: { symbol: 'AAPL' } });
  expect(told!.body['summary']).toMatch(/^denied: BUY AAPL: [A-Z_]+: /);

  const expires_at = new Date(Date.now() + 5_000).toISOString();
  const prices = await stack.gateway.control<Record<string, { bid: string }>>('/prices');
  const limit = (Number(prices['MSFT']!.bid) * 0.995).toFixed(2);
  const entry = { symbol: 'MSFT', order_type: 'LMT', entry_price: limit, expires_at };
  const resting = await submit(entry);
  await stack.waitFor(resting, ({ state }) => state === 'EXPIRED' || state === 'CANCELLED', 40_000);
  const isTold = async () => kinds(await toldOf(resting)).includes('ended');
  for (let look = 0; look < 100 && !(await isTold()); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(kinds(await toldOf(resting))).toEqual(['placed', 'ended']);
}, 90_000);
