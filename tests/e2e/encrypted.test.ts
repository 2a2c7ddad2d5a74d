/** A whole trade over payloads that the Temporal server can't read, and one that began before there were keys (OPS-5). */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PreviewView } from '../../contract/views.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { ballast } from '../cli/support.js';
import { isProtected } from '../support/at-rest.js';
import { encodingsOf, plainOf, rawHistory } from '../support/raw-history.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';

const TEMPORAL_PAYLOAD_KEYS = `k1=${randomBytes(32).toString('base64url')}`;
const PRICE_OF_STOP = '0.0517';

let stack: TestStack;
let env: Record<string, string>;

beforeAll(async () => {
  stack = await startStack({ env: { TEMPORAL_PAYLOAD_KEYS } });
  const { databaseUrl: DATABASE_URL, queuePrefix: TASK_QUEUE_PREFIX } = stack;
  const TEMPORAL_ADDRESS = await temporalAddress();
  env = { DATABASE_URL, TASK_QUEUE_PREFIX, TEMPORAL_ADDRESS, TEMPORAL_PAYLOAD_KEYS };
}, 90_000);
afterAll(() => stack?.stop(), 60_000);

const run = (...argv: string[]) => ballast(argv, { env });
const signal = (id: string, strategy: string) => ({
  ...{ id, strategy_id: strategy, symbol: 'AAPL', side: 'BUY', quantity: '10' },
  ...{ stop_loss_pct: PRICE_OF_STOP },
});

test('[OPS-5] a trade lives on encrypted payloads from its preview to its end', async () => {
  const { id: _own, ...body } = signal('', 'one');
  const fields = Object.entries(body).map((pair) => pair.join('='));
  const made = await run('preview', ...fields, '--json');
  expect({ ...made, out: '' }).toMatchObject({ code: 0, err: '' });
  const { preview_id: previewId } = JSON.parse(made.out) as PreviewView;
  expect(await run('execute', previewId)).toMatchObject({ code: 0 });
  const trade = await stack.db.trade.findFirstOrThrow();
  await stack.waitFor(trade.id, isProtected);
  expect(await run('close', trade.id)).toMatchObject({ code: 0 });
  await stack.waitFor(trade.id, ({ settledAt }) => settledAt !== null);
  const raw = await rawHistory(stack.temporal, tradeWorkflowId(trade.id));
  expect(encodingsOf(raw)).toContain('binary/encrypted');
  expect(plainOf(raw)).toEqual([]);
  expect(raw.rest).not.toContain('AAPL');
}, 90_000);

test('[OPS-5] a trade that began before there were keys goes on with them', async () => {
  const { tradeId } = await stack.submit(signal('plain-1', 'two'));
  await stack.waitFor(tradeId, isProtected);
  expect(await run('close', tradeId)).toMatchObject({ code: 0 });
  await stack.waitFor(tradeId, ({ settledAt }) => settledAt !== null);
  const raw = await rawHistory(stack.temporal, tradeWorkflowId(tradeId));
  expect(encodingsOf(raw).sort()).toEqual(['binary/encrypted', 'json/plain']);
}, 90_000);
