/** A Temporal development server as a child of this process, tuned as measured in the design. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { startTethered, waitHealthy, type Tethered } from './tethered.js';

export interface TemporalOptions {
  /** The executable. */
  path: string;
  port: number;
  uiPort: number;
  /** SQLite file of all workflows; kept between starts. Undefined: in memory. */
  dbFile: string | undefined;
  logFile: string;
  /** Where its UI has encrypted payloads opened. */
  codecEndpoint?: string | undefined;
  /** Dynamic configuration beside `DYNAMIC_CONFIG`; of the same name it wins. */
  dynamicConfig?: Record<string, string | number>;
}

export interface RunningTemporal {
  /** Host and port of the frontend. */
  address: string;
  uiUrl: string;
  server: Tethered;
}

const HOST = '127.0.0.1';

const START_LIMIT_MS = 60_000;

const STOP_GRACE_MS = 8_000;

const CONNECT_LIMIT_MS = 1_000;

/** What a trade can be found by in the Temporal UI. */
export const SEARCH_ATTRIBUTES = {
  TradeSymbol: 'Keyword',
  TradeStatus: 'Keyword',
  StrategyId: 'Keyword',
  AccountId: 'Keyword',
  Side: 'Keyword',
  Protected: 'Bool',
} as const;

/**
 * By default each hand-over of a task waits for a queue poll limited to 20 a second: 93 ms to a
 * workflow's first activity. With these it is 18 ms.
 */
export const DYNAMIC_CONFIG = {
  'history.transferProcessorMaxPollRPS': 500,
  'history.timerProcessorMaxPollRPS': 200,
};

/** A file database with the default journal runs a third of the workflows a second. */
export const SQLITE_PRAGMAS = { journal_mode: 'wal', synchronous: 'normal' };

function repeated(flag: string, values: Record<string, string | number>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

function argumentsFor(options: TemporalOptions): string[] {
  const { port, uiPort, dbFile, codecEndpoint } = options;
  const database = dbFile
    ? ['--db-filename', dbFile, ...repeated('--sqlite-pragma', SQLITE_PRAGMAS)]
    : [];
  return ['server', 'start-dev', '--ip', HOST, '--port', String(port)].concat(
    ['--ui-ip', HOST, '--ui-port', String(uiPort), '--log-level', 'warn'],
    database,
    codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : [],
    repeated('--dynamic-config-value', { ...DYNAMIC_CONFIG, ...options.dynamicConfig }),
    repeated('--search-attribute', SEARCH_ATTRIBUTES),
  );
}

/** Whether the namespace can be used, which is later than the port's first answer. */
async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: CONNECT_LIMIT_MS });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

/**
 * Starts the server and waits until its namespace answers.
 * @throws Error with the end of its log when it does not come up
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const address = `${HOST}:${options.port}`;
  mkdirSync(dirname(options.logFile), { recursive: true });
  if (options.dbFile) mkdirSync(dirname(options.dbFile), { recursive: true });
  const server = startTethered({
    name: 'the Temporal server',
    command: options.path,
    args: argumentsFor(options),
    logFile: options.logFile,
    pidFile: `${options.logFile}.pid`,
    stopSignal: 'SIGTERM',
    graceMs: STOP_GRACE_MS,
  });
  await waitHealthy(server, options.logFile, START_LIMIT_MS, () => answers(address));
  return { address, uiUrl: `http://${HOST}:${options.uiPort}`, server };
}
