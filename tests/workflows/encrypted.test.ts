/** With keys, the server is told nothing of a trade that it need not know (OPS-5). */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { encodingsOf, plainOf, rawHistory } from '../support/raw-history.js';
import { temporalAddress } from '../support/temporal.js';
import { ScriptedTrade, type Script } from './support/scripted-trade.js';

const KEYS = [{ name: 'k1', secret: randomBytes(32).toString('base64url') }];
const SECRET = 'AAPL at 187.23';
/** What a plan that fails for good says. */
const failing: Script = {
  plan: () => Promise.reject(ApplicationFailure.nonRetryable(SECRET, 'PlanFailed', SECRET)),
};

let scripted: ScriptedTrade | undefined;
afterEach(async () => {
  await scripted?.end();
  scripted = undefined;
});

test.each([
  ['with keys neither arguments nor summaries nor the words of failures are readable', KEYS],
  ['without keys all are', []],
])('[OPS-5] %s', async (_title, keys) => {
  scripted = await ScriptedTrade.open(await temporalAddress(), failing, keys);
  await scripted.start();
  await scripted.startWorkers();
  await expect(scripted.handle.result()).rejects.toThrow();
  const raw = await rawHistory(scripted.client, tradeWorkflowId(scripted.tradeId));
  const stored = `${raw.rest}\n${raw.payloads.map(({ data }) => Buffer.from(data ?? []).toString('latin1')).join('\n')}`;
  const isReadable = keys.length === 0;
  expect(stored.includes(SECRET)).toBe(isReadable);
  expect(stored.includes('BUY 10 AAPL')).toBe(isReadable);
  expect(encodingsOf(raw).includes('binary/encrypted')).toBe(!isReadable);
  expect(plainOf(raw).length === 0).toBe(!isReadable);
});

test('[OPS-5] a worker without the key moves no trade, and one that has it goes on', async () => {
  const [other] = [{ name: 'k2', secret: randomBytes(32).toString('base64url') }];
  scripted = await ScriptedTrade.open(await temporalAddress(), {}, KEYS);
  await scripted.start();
  await scripted.startWorkers([other]);
  await scripted.until(async () => (await failedTasks(scripted!)) > 0);
  expect((await scripted.handle.describe()).status.name).toBe('RUNNING');
  expect(scripted.calls).toEqual([]);
  await scripted.stopWorkers();
  await scripted.startWorkers([other, ...KEYS]);
  await scripted.until(() => scripted!.count('plan') > 0);
}, 60_000);

async function failedTasks({ client, tradeId }: ScriptedTrade): Promise<number> {
  return (await rawHistory(client, tradeWorkflowId(tradeId))).failedTasks;
}
