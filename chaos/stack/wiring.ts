/** What one stack is made of, and how its parts find each other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { findProgram } from '../../scripts/infra/find-program.js';
import { freePort } from '../../scripts/infra/ports.js';
import { startPostgres } from '../../scripts/infra/postgres.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { startTemporal } from '../../scripts/infra/temporal.js';
import { CLOCK_FILE, clockFileOf } from './clock.js';
import { smallDisk } from './disk.js';
import { settingFree } from './environment.js';
import { mailUrl } from './mailbox.js';
import { ForeignPart, NodePart, type Part } from './part.js';
import type { Switches } from './switches.js';
import { valveToDatabase, type DatabaseValve } from './valve.js';

export interface StackOptions {
  readonly switches: Switches;
  /** Seeds the gateway's market. */
  readonly seed: number;
  /** Checkout whose `dist` holds the engine; this one's by default (a mutant lives in a copy). */
  readonly engineRoot?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The database gets a disk of its own, of this size. */
  readonly databaseDiskMb?: number;
  /** The clock of this project's processes can be set ahead. */
  readonly clock?: boolean;
  /** The first broker worker's way to the database can be shut. */
  readonly databaseValve?: boolean;
  /** Processes beside the usual ones. */
  readonly also?: readonly AlsoName[];
  /** In the account at the start; by default more than any limit is a share of. */
  readonly cash?: string;
  readonly say?: (line: string) => void;
}

export type PartName =
  'postgres' | 'temporal' | 'gateway' | 'broker-1' | 'broker-2' | 'trade-1' | 'trade-2';

/** What only some cases need: more trade workers, and the one that sends messages, which are mails then. */
export type AlsoName = 'trade-3' | 'trade-4' | 'notifier';

/** Half the stories' suggested length: continue-as-new is to happen in trades of seconds, too. */
const CONTINUE_AS_NEW_AFTER_EVENTS = 30;

/** Times that let a disturbance of seconds end within seconds; limits that ten trades at once would meet. */
const ENGINE_SETTINGS = {
  LEASE_TTL_MS: '4000',
  LEASE_RENEW_MS: '1000',
  ACK_TIMEOUT_MS: '2000',
  COMMISSION_WAIT_MS: '8000',
  MAX_OPEN_POSITIONS: '10000',
  MAX_TRADES_PER_DAY: '100000',
  MAX_ORDERS_PER_MINUTE: '100000',
  MAX_POSITION_PCT: '0.9',
  MAX_SECTOR_EXPOSURE_PCT: '100',
  MAX_CORRELATED_EXPOSURE_PCT: '100',
  DAILY_LOSS_LIMIT: '0.9',
  // All shorts are of one strategy, and half of what is traded by chance is lost.
  LOSS_STREAK: '0',
  TRADING_ENABLED: 'true',
  // The paper gateway knows no nights, and the judge works at any hour.
  PARK_ENTRIES: 'false',
  LOG_LEVEL: 'info',
};

/** The lease's length under test: freezes are shorter or longer than this. */
export const LEASE_TTL_MS = Number(ENGINE_SETTINGS.LEASE_TTL_MS);

const CASH = '1000000000';
const MAIL_TO = 'judge@example.org';

/** The parts of one stack, how they find each other, and what they are started with. */
export interface Wiring {
  readonly parts: Record<PartName, Part>;
  /** Beside those, as the options have asked for. */
  readonly also: readonly Part[];
  /** Where mails go to; nobody listens there unless a case does. */
  readonly mailPort: number;
  readonly controlPort: number;
  readonly databaseUrl: () => string;
  readonly temporalAddress: string;
  readonly databaseDisk: string | null;
  /** What a process of the engine is started with. */
  readonly env: () => NodeJS.ProcessEnv;
  /** Once the database has started; null: there is none. */
  readonly databaseValve: () => DatabaseValve | null;
  switches: Switches;
}

/** Makes the parts; none is started. */
export async function wire(folder: string, options: StackOptions): Promise<Wiring> {
  mkdirSync(join(folder, 'failpoints'));
  const ports = await freePorts();
  const databaseDisk = options.databaseDiskMb ? smallDisk(folder, options.databaseDiskMb) : null;
  let databaseUrl = '';
  let databaseValve: DatabaseValve | null = null;
  const postgres = postgresPart(databaseDisk ?? folder, folder, ports, async (url) => {
    databaseUrl = url;
    if (options.databaseValve) databaseValve ??= await valveToDatabase(url);
  });
  const temporal = await temporalPart(folder, ports);
  const env = (url = databaseUrl) => engineEnv(folder, ports, url, options);
  const node = (
    name: PartName | AlsoName,
    entry: string,
    awaitReady: boolean,
    args = () => [] as string[],
  ) =>
    new NodePart({
      name,
      script: join(options.engineRoot ?? projectRoot(), 'dist', entry),
      args,
      env: () => env(name === 'broker-1' ? databaseValve?.url : undefined),
      logFile: join(folder, `${name}.log`),
      awaitReady,
    });
  const flags = () => gatewayFlags(folder, ports, options, wiring.switches);
  const wiring: Wiring = {
    databaseDisk,
    also: (options.also ?? []).map((name) => node(name, ALSO[name], true)),
    mailPort: ports.mail,
    env: () => env(),
    controlPort: ports.control,
    databaseUrl: () => databaseUrl,
    databaseValve: () => databaseValve,
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    switches: options.switches,
    parts: {
      postgres,
      temporal,
      gateway: node('gateway', 'gateway/main.js', true, flags),
      'broker-1': node('broker-1', 'worker/broker-worker.js', false),
      'broker-2': node('broker-2', 'worker/broker-worker.js', false),
      'trade-1': node('trade-1', 'worker/trade-worker.js', true),
      'trade-2': node('trade-2', 'worker/trade-worker.js', true),
    },
  };
  return wiring;
}

const ALSO: Readonly<Record<AlsoName, string>> = {
  'trade-3': 'worker/trade-worker.js',
  'trade-4': 'worker/trade-worker.js',
  notifier: 'worker/notifier.js',
};

/** The shell's environment without its settings, and the ones of this stack. */
function engineEnv(
  folder: string,
  ports: Ports,
  databaseUrl: string,
  options: StackOptions,
): NodeJS.ProcessEnv {
  return {
    ...settingFree(process.env),
    ...ENGINE_SETTINGS,
    ...(options.also?.includes('notifier') ? mailEnv(ports) : {}),
    ...options.env,
    ...(options.clock ? clockEnv(folder) : {}),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(ports.gateway),
    BALLAST_STATE_DIR: folder,
    BALLAST_FAILPOINTS: join(folder, 'failpoints'),
  };
}

function mailEnv({ mail }: Ports): NodeJS.ProcessEnv {
  return { SMTP_URL: mailUrl(mail), NOTIFY_EMAIL_TO: MAIL_TO };
}

function clockEnv(folder: string): NodeJS.ProcessEnv {
  const preload = pathToFileURL(join(projectRoot(), 'dist', 'chaos', 'stack', 'clock-preload.js'));
  return { NODE_OPTIONS: `--import ${preload.href}`, [CLOCK_FILE]: clockFileOf(folder) };
}

function postgresPart(
  disk: string,
  folder: string,
  ports: Ports,
  onUrl: (url: string) => Promise<void>,
): Part {
  return new ForeignPart('postgres', async () => {
    const { url, server } = await startPostgres({
      dataDir: join(disk, 'postgres'),
      port: ports.postgres,
      logFile: join(folder, 'postgres.log'),
      durable: true,
    });
    await onUrl(url);
    return server;
  });
}

async function temporalPart(folder: string, ports: Ports): Promise<Part> {
  const { path } = await findProgram(TEMPORAL);
  return new ForeignPart('temporal', async () => {
    const { server } = await startTemporal({
      path,
      port: ports.temporal,
      uiPort: ports.temporalUi,
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
      dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': CONTINUE_AS_NEW_AFTER_EVENTS },
    });
    return server;
  });
}

function gatewayFlags(
  folder: string,
  ports: Ports,
  { seed, cash = CASH }: StackOptions,
  switches: Switches,
): string[] {
  return [
    ...['--port', String(ports.gateway), '--control-port', String(ports.control)],
    ...['--state', join(folder, 'gateway'), '--cash', cash, '--seed', String(seed)],
    ...['--children', switches.children, '--parent-cancel', switches.parentCancel],
  ];
}

type Ports = Awaited<ReturnType<typeof freePorts>>;

async function freePorts() {
  return {
    postgres: await freePort(),
    temporal: await freePort(),
    temporalUi: await freePort(),
    gateway: await freePort(),
    control: await freePort(),
    mail: await freePort(),
  };
}
