/** The HTTP API as a process that can be killed and started again on its port, over a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../store/database.js';
import { startNodeChild, type RunningPart } from '../../supervisor/node-child.js';
import { SECRET } from '../api/support.js';
import { readyAccount, type ReadyAccount } from '../store/support/ready-account.js';
import { builtFile } from '../support/built.js';
import { freePort } from '../support/ports.js';
import { freshDatabase } from '../support/postgres.js';

/** Longer than the slowest start on two busy cores. */
const READY_LIMIT_MS = 60_000;

export interface ApiProcess {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it beside whatever these settings name. */
export async function apiProcess(settings: Record<string, string>): Promise<ApiProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'ballast-sdk-'));
  let part: RunningPart | undefined;
  const api: ApiProcess = {
    port,
    url: `http://127.0.0.1:${port}`,
    start: async () => {
      part = await startNodeChild({
        ...{ name: 'api', script: builtFile('api/main.js'), args: [] },
        ...{ logFile: join(folder, 'api.log'), readyLimitMs: READY_LIMIT_MS },
        env: {
          ...process.env,
          ...{ JWT_SECRET: SECRET, BALLAST_STATE_DIR: folder, HALT_FILE: join(folder, 'HALT') },
          ...settings,
          API_PORT: String(port),
        },
      });
    },
    kill: async () => {
      const pid = part?.pid();
      if (pid !== undefined && !part?.hasExited()) process.kill(pid, 'SIGKILL');
      await part?.exited;
    },
    stop: async () => {
      if (part && !part.hasExited()) await part.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await api.start();
  return api;
}

export interface KillableApi {
  readonly api: ApiProcess;
  readonly db: Database;
  readonly ready: ReadyAccount;
  stop(): Promise<void>;
}

/** The same with a database of its own, an account that is ready to trade AAA and BBB, and no Temporal. */
export async function killableApi(): Promise<KillableApi> {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url, poolSize: 3 });
  const ready = await readyAccount(db, ['AAA', 'BBB'], '1000000');
  // Nothing listens on port 1.
  const api = await apiProcess({ DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  return {
    ...{ api, db, ready },
    stop: async () => {
      await api.stop();
      await db.$disconnect();
      await database.drop();
    },
  };
}
