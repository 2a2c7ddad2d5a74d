/** `ballast replay`: what trades have recorded, tried on the workflow code that is here (CLI-1, TRD-10). */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';

const HISTORIES = join(projectRoot(), 'tests/workflows/histories');
const recorded = (name: string) => join(HISTORIES, `${name}.json`);

let folder = '';
let stack: TestStack;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-replay-'));
  stack = await startStack();
  env = {
    ...process.env,
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: await temporalAddress(),
    TASK_QUEUE_PREFIX: stack.queuePrefix,
    BALLAST_STATE_DIR: stack.stateDir,
  };
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** As its own process: the machinery of a worker is loaded by it. */
function replay(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = [join(projectRoot(), 'bin/ballast.mjs'), 'replay', ...argv];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

interface History {
  readonly events: {
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  }[];
}

test('[CLI-1] [TRD-10] histories of files: which go on with this code, and which do not', async () => {
  const same = await replay('--file', recorded('denied'), recorded('closed-by-update'));
  expect(same).toMatchObject({ code: 0, err: '' });
  expect(same.out.match(/goes on with this code as it went/g)).toHaveLength(2);

  const other = JSON.parse(readFileSync(recorded('closed-by-update'), 'utf8')) as History;
  const step = other.events.find((each) => each.activityTaskScheduledEventAttributes);
  step!.activityTaskScheduledEventAttributes!.activityType.name = 'anotherStep';
  const file = join(folder, 'other.json');
  writeFileSync(file, JSON.stringify(other));
  const differs = await replay('--file', file, '--json');
  expect(differs.code).toBe(1);
  expect(JSON.parse(differs.out)).toMatchObject([
    { verdict: 'differs', reason: expect.stringContaining('anotherStep') },
  ]);

  writeFileSync(file, '{"events": []}');
  const none = await replay('--file', file);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('no history of a workflow')]);
}, 120_000);

test('[CLI-1] [TRD-10] live trades, or those that are named, as Temporal has recorded them', async () => {
  expect(await replay()).toMatchObject({ code: 0, out: 'no live trade: nothing to replay\n' });
  const { tradeId } = await stack.submit({
    ...{ id: 'replay-1', strategy_id: 'replay', symbol: 'AAPL', side: 'BUY', quantity: '5' },
    stop_loss_pct: '0.05',
  });
  await stack.waitFor(tradeId, isAtRest);
  const told = `${tradeWorkflowId(tradeId)}: goes on with this code as it went\n`;
  expect(await replay()).toEqual({ code: 0, out: told, err: '' });
  expect(await replay(tradeId.slice(0, 8))).toEqual({ code: 0, out: told, err: '' });
  expect((await replay('nope')).code).not.toBe(0);
}, 120_000);
