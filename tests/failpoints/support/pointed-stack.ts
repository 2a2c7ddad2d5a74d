/** The whole system with failpoints on, and a Temporal server whose runs are short. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../scripts/infra/find-program.js';
import { freePort } from '../../../scripts/infra/ports.js';
import { startTemporal } from '../../../scripts/infra/temporal.js';
import { TEMPORAL } from '../../../scripts/infra/temporal-programs.js';
import { startStack, type TestStack } from '../../support/stack.js';

/** A trade has more of them once its entry is answered: each goes on in a new run then, at the latest. */
const EVENTS_OF_A_RUN = 10;

export interface PointedStack {
  readonly stack: TestStack;
  /** The folder of the failpoints. */
  readonly points: string;
  stop(): Promise<void>;
}

/** Starts it; `env` adds settings of both workers. Call `stop` at the end. */
export async function startPointedStack(env: Record<string, string>): Promise<PointedStack> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-failpoints-'));
  const points = join(folder, 'points');
  const { path } = await findProgram(TEMPORAL);
  const temporal = await startTemporal({
    path,
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: undefined,
    logFile: join(folder, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': EVENTS_OF_A_RUN },
  });
  const stop = async (stack?: TestStack) => {
    await stack?.stop();
    await temporal.server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const stack = await startStack({
      temporalAddress: temporal.address,
      gateway: { flags: ['--cash', '10000000'] },
      env: { BALLAST_FAILPOINTS: points, ...env },
    });
    return { stack, points, stop: () => stop(stack) };
  } catch (error) {
    await stop();
    throw error;
  }
}
