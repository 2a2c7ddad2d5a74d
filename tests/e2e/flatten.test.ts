/** Previews and flatten over HTTP and the command line at once, on real parts (PRV-2, RSK-5). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PreviewView } from '../../contract/views.js';
import { decimal, sum, text } from '../../domain/money.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { ask, call, servedApi, type ServedApi } from '../api/support.js';
import { ballast } from '../cli/support.js';
import { isAtRest, isProtected } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { expectNothingJudged } from '../support/verdicts.js';
import { untilTrue } from '../support/workers.js';

let stack: TestStack;
let api: ServedApi;
let env: Record<string, string>;
beforeAll(async () => {
  stack = await startStack();
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  env = { DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS: await temporalAddress() };
  api = await servedApi(env);
}, 90_000);
afterAll(async () => {
  await api?.close();
  await stack?.stop();
}, 60_000);

const post = (body: unknown = {}) => ({ method: 'POST', body });
const ledger = () => stack.gateway.control<LedgerReport>('/ledger');

interface Executed {
  readonly trade_id: string;
  readonly is_new: boolean;
  readonly code?: string;
  readonly preview?: PreviewView;
}
const execute = (id: string) => call<Executed>(api, `/api/v1/previews/${id}/execute`, post());

test('[API-1] [PRV-2] a preview whose price has moved is a 409 with the new one, which is sent once', async () => {
  await stack.gateway.control('/market', { paused: true });
  await stack.gateway.control('/prices', { MSFT: 100 });
  const signal = { strategy_id: 'manual', symbol: 'MSFT', side: 'BUY', stop_loss: '90' };
  const body = { ...signal, risk_pct: '0.001' };
  const shown = await ask<PreviewView>(api, '/api/v1/previews', 201, post(body));
  const { preview_id: id } = shown;
  expect(shown).toMatchObject({ state: 'approved', shows: { what_if: { commission: '1' } } });
  expect((await ledger()).orders).toEqual([]);
  await stack.db.$executeRaw`UPDATE previews SET as_shown_until = made_at WHERE id = ${id}::uuid`;
  await stack.gateway.control('/prices', { MSFT: 101 });
  const moved = await execute(id);
  expect([moved.status, moved.body.code]).toEqual([409, 'PREVIEW_CHANGED']);
  expect(moved.body.preview).toMatchObject({ replaces: id, state: 'approved' });
  const fresh = moved.body.preview!.preview_id;
  const sent = await Promise.all([1, 2, 3, 4, 5].map(() => execute(fresh)));
  expect(sent.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202]);
  const trades = new Set(sent.map(({ body: { trade_id: of } }) => of));
  expect(trades.size).toBe(1);
  await stack.waitFor([...trades][0]!, isProtected);
  expect((await execute(id)).status).toBe(409);
  expect(await stack.db.trade.count()).toBe(1);
  await stack.gateway.control('/market', { paused: false });
}, 120_000);

const SYMBOLS = ['AAPL', 'IBM', 'JPM'] as const;

async function bought(symbol: string): Promise<string> {
  const { tradeId } = await stack.submit({
    ...{ id: `flat-${symbol}`, strategy_id: 'flat', symbol, side: 'BUY', quantity: '10' },
    ...{ stop_loss_pct: '0.05', take_profit_pct: '0.1' },
  });
  await stack.waitFor(tradeId, isAtRest);
  return tradeId;
}

test('[RSK-5] [CLI-1] two shells and the API at once close each position once, and external shares stay', async () => {
  const held = await Promise.all(SYMBOLS.map(bought));
  const { tradeId: resting } = await stack.submit({
    ...{ id: 'flat-resting', strategy_id: 'flat', symbol: 'ORCL', side: 'BUY', quantity: '5' },
    ...{ order_type: 'LMT', entry_price: '1', stop_loss: '0.5' },
  });
  const external = { symbol: 'KO', action: 'BUY', quantity: 5 };
  await stack.gateway.control('/faults', { name: 'external-order', ...external });
  await untilTrue('the external shares are counted', async () => {
    await ballast(['reconcile'], { env });
    return (await stack.db.position.count({ where: { symbol: 'KO', strategyId: null } })) > 0;
  });

  const [one, two, answer] = await Promise.all([
    ballast(['flatten', '--confirm', '--json'], { env }),
    ballast(['flatten', '--confirm'], { env }),
    call<{ untouched: object[] }>(api, '/api/v1/flatten', post({ confirm: true })),
  ]);
  expect([one.code, two.code, answer.status]).toEqual([0, 0, 202]);
  expect(answer.body.untouched).toMatchObject([{ symbol: 'KO', quantity: '5' }]);
  expect(two.out).toMatch(/is REDUCING: no entry more/);
  expect(two.out).toMatch(/EXTERNAL 5 KO/);

  for (const tradeId of held) {
    const trade = await stack.waitFor(tradeId, ({ state }) => state === 'CLOSED');
    expect(trade.exitReason).toBe('manual');
  }
  await stack.waitFor(resting, ({ closedAt }) => closedAt !== null);
  const all = await stack.db.trade.findMany();
  expect(all.every(({ closedAt }) => closedAt !== null)).toBe(true);
  const report = await ledger();
  expect(report.positions).toMatchObject([{ symbol: 'KO', position: '5' }]);
  for (const symbol of SYMBOLS) {
    const sold = report.executions.filter((fill) => fill.symbol === symbol && fill.side === 'SLD');
    const shares = sum(sold.map((fill) => decimal(fill.shares)));
    expect([symbol, text(shares)]).toEqual([symbol, '10']);
  }
  expectNothingJudged(report);

  const { tradeId: later } = await stack.submit({
    ...{ id: 'flat-later', strategy_id: 'flat', symbol: 'IBM', side: 'BUY', quantity: '1' },
    stop_loss_pct: '0.05',
  });
  const denied = await stack.waitFor(later, ({ state }) => state === 'DENIED');
  expect(denied.denialCodes).toContain('REDUCE_ONLY');
}, 240_000);
