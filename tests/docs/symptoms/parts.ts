/** Symptoms of parts that don't run or don't answer, and of who asks them. */
import { expect } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servedApi } from '../../api/support.js';
import { isAtRest } from '../../support/at-rest.js';
import { untilTrue } from '../../support/workers.js';
import { NOWHERE, type Scene } from './stage.js';

const nothingRuns: Scene = async ({ env, run }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-nothing-'));
  const { code } = await run(['trades'], { env: { BALLAST_STATE_DIR: folder } });
  rmSync(folder, { recursive: true });
  expect(code).not.toBe(0);
  expect((await run(['trades'], { env })).code).toBe(0);
};

const databaseAway: Scene = async ({ run, runWith }) => {
  const DATABASE_URL = `postgresql://ballast@${NOWHERE}/ballast`;
  const { code } = await runWith({ DATABASE_URL }, 'trades');
  expect(code).toBe(3);
  await runWith({ DATABASE_URL }, 'doctor');
  expect((await run(['trades'])).code).toBe(0);
};

const temporalAway: Scene = async ({ runWith, signal, tradeOf }) => {
  const away = { TEMPORAL_ADDRESS: NOWHERE };
  await runWith(away, 'doctor');
  const order = { id: 'no-temporal', strategy_id: 'no-temporal', symbol: 'MRK', quantity: '10' };
  await signal(order, { waits: false, env: away });
  // Nobody gives it again: the sweep of the workers, which reach Temporal, starts what was stored.
  await tradeOf('no-temporal', isAtRest);
};

const workerAway: Scene = async ({ stack, signal, run, tradeOf }) => {
  await stack.stopWorker('trade-worker');
  const order = { id: 'no-worker', strategy_id: 'no-worker', symbol: 'CVX', quantity: '10' };
  await signal(order, { waits: false });
  await run(['trade', 'no-worker']);
  await stack.startWorker('trade-worker');
  await tradeOf('no-worker', isAtRest);
};

const tokenExpired: Scene = async ({ env, run, show }) => {
  const api = await servedApi(env);
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token.trim()}` };
    const response = await fetch(`${api.url}/api/v1/trades`, { headers });
    show(await response.text());
    return response.status;
  };
  const old = await run(['token', '--expires', 'PT1S']);
  await untilTrue('it has ended', async () => (await ask(old.out)) === 401);
  expect(await ask((await run(['token', '--expires', '1h'])).out)).toBe(200);
  await api.close();
};

const hookRefused: Scene = async ({ env, run, show }) => {
  const api = await servedApi(env);
  const post = async (address: string, body: object) => {
    const { pathname } = new URL(address.trim());
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${api.url}${pathname}`, init);
    show(await response.text());
    return response.status;
  };
  const order = { symbol: 'LLY', side: 'BUY', quantity: '10', stop_loss_pct: '0.05' };
  const alert = { id: 'alert', strategy_id: 'chart', ...order };
  const create = ['hook', 'create', 'chart', '--strategy', 'chart', '--template', 'plain'];
  const first = (await run(create)).out;
  await run(['hook', 'revoke', 'chart']);
  expect(await post(first, alert)).toBe(404);
  const second = (await run(create)).out;
  expect(await post(second, { ...alert, strategy_id: 'another' })).toBeGreaterThanOrEqual(400);
  await run(['hook', 'test', 'chart'], { env, input: JSON.stringify(alert) });
  expect(await post(second, alert)).toBe(202);
  await api.close();
};

export const PARTS: Readonly<Record<string, Scene>> = {
  'Nothing runs here': nothingRuns,
  'The database does not answer': databaseAway,
  'Temporal does not answer': temporalAway,
  'No trade worker runs': workerAway,
  'A token is refused': tokenExpired,
  'A webhook is refused': hookRefused,
};
