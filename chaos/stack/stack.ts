/**
 * The stack under test: two trade workers, two broker workers for one connection, gateway, Temporal and
 * PostgreSQL, each a real process of its own that can be killed, frozen and started again.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { findProgram } from '../../scripts/infra/find-program.js';
import { migrate } from '../../scripts/infra/migrate.js';
import { freePort } from '../../scripts/infra/ports.js';
import { startPostgres } from '../../scripts/infra/postgres.js';
import { TEMPORAL } from '../../scripts/infra/temporal-programs.js';
import { startTemporal } from '../../scripts/infra/temporal.js';
import { EngineBooks } from '../judge/engine-books.js';
import { SHORT_STRATEGY } from '../traffic/plan.js';
import { FrontDoor } from './front-door.js';
import { GatewayControl } from './gateway-control.js';
import { releaseDisk, smallDisk } from './disk.js';
import { settingFree } from './environment.js';
import { keepFolder, openStackFolder } from './folder.js';
import { ForeignPart, NodePart, type Part } from './part.js';
import type { Switches } from './switches.js';

export interface StackOptions {
  readonly switches: Switches;
  /** Seeds the gateway's market. */
  readonly seed: number;
  /** Checkout whose `dist` holds the engine; this one's by default (a mutant lives in a copy). */
  readonly engineRoot?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The database gets a disk of its own, of this size. */
  readonly databaseDiskMb?: number;
  readonly say?: (line: string) => void;
}

export type PartName =
  'postgres' | 'temporal' | 'gateway' | 'broker-1' | 'broker-2' | 'trade-1' | 'trade-2';

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
  DAILY_LOSS_LIMIT: '0.9',
  TRADING_ENABLED: 'true',
  // The paper gateway knows no nights, and the judge works at any hour.
  PARK_ENTRIES: 'false',
  LOG_LEVEL: 'info',
};

/** The lease's length under test: freezes are shorter or longer than this. */
export const LEASE_TTL_MS = Number(ENGINE_SETTINGS.LEASE_TTL_MS);

const CASH = '1000000000';

/** A lease that runs out, and a start after it. */
const TAKE_OVER_LIMIT_MS = 30_000;
const LEASE_LOOK_MS = 200;

export class ChaosStack {
  readonly parts: Record<PartName, Part>;
  readonly gateway: GatewayControl;
  readonly books: EngineBooks;
  readonly frontDoor: FrontDoor;
  readonly haltFile: string;
  readonly failpoints: string;
  /** Where the database's own small disk is mounted; null: it shares the folder's. */
  readonly databaseDisk: string | null;

  private constructor(
    readonly folder: string,
    private readonly wiring: Wiring,
  ) {
    this.parts = wiring.parts;
    this.gateway = new GatewayControl(wiring.controlPort);
    this.books = new EngineBooks(wiring.databaseUrl());
    this.frontDoor = new FrontDoor(wiring.databaseUrl(), wiring.temporalAddress);
    this.haltFile = join(folder, 'HALT');
    this.failpoints = join(folder, 'failpoints');
    this.databaseDisk = wiring.databaseDisk;
  }

  /** Starts everything; gives it when trades can be sent. Call `stop` at the end. */
  static async start(options: StackOptions): Promise<ChaosStack> {
    const folder = openStackFolder();
    const wiring = await wire(folder, options);
    try {
      for (const name of ['postgres', 'temporal', 'gateway'] as const) {
        options.say?.(`starting ${name}`);
        await wiring.parts[name].start();
        if (name === 'postgres') await migrate(wiring.databaseUrl());
      }
      const stack = new ChaosStack(folder, wiring);
      options.say?.('starting the workers');
      await stack.startWorkers();
      return stack;
    } catch (error) {
      for (const part of Object.values(wiring.parts).reverse()) await part.stop();
      if (wiring.databaseDisk) releaseDisk(wiring.databaseDisk);
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async startWorkers(): Promise<void> {
    const { parts } = this;
    await parts['broker-1'].start();
    await (parts['broker-1'] as NodePart).ready();
    // Only now, so that the first one has the lease.
    await Promise.all([
      parts['broker-2'].start(),
      parts['trade-1'].start(),
      parts['trade-2'].start(),
    ]);
    await this.frontDoor.open();
    await this.frontDoor.allowShorts(SHORT_STRATEGY);
  }

  /** The switches of the gateway's next start. */
  set switches(switches: Switches) {
    this.wiring.switches = switches;
  }

  get switches(): Switches {
    return this.wiring.switches;
  }

  /**
   * The broker worker that holds the lease, and the other one.
   * @throws Error when neither does for longer than a take-over takes
   */
  async brokers(): Promise<{ active: Part; standBy: Part }> {
    const [first, second] = [this.parts['broker-1'], this.parts['broker-2']];
    const deadlineMs = Date.now() + TAKE_OVER_LIMIT_MS;
    while (Date.now() < deadlineMs) {
      const holderPid = await this.books.leaseHolderPid();
      if (holderPid !== undefined && holderPid === first.pid())
        return { active: first, standBy: second };
      if (holderPid !== undefined && holderPid === second.pid())
        return { active: second, standBy: first };
      await sleep(LEASE_LOOK_MS);
    }
    throw new Error(`no broker worker has had the lease for ${TAKE_OVER_LIMIT_MS / 1_000} s`);
  }

  /** Thaws what is frozen, starts what is down, lifts a halt. */
  async heal(): Promise<void> {
    for (const part of Object.values(this.parts)) part.thaw();
    await this.startWhatIsDown();
    this.liftHalt();
  }

  async startWhatIsDown(): Promise<void> {
    for (const name of ['postgres', 'temporal', 'gateway'] as const) await this.parts[name].start();
    const workers = ['broker-1', 'broker-2', 'trade-1', 'trade-2'] as const;
    await Promise.all(workers.map((name) => this.parts[name].start()));
  }

  liftHalt(): void {
    rmSync(this.haltFile, { force: true });
  }

  halt(): void {
    writeFileSync(this.haltFile, 'halted by the judge\n');
  }

  /** The end of a part's log, for a failing run. */
  logTail(name: PartName, lines: number): string {
    const text = readFileSync(join(this.folder, `${name}.log`), 'utf8').trimEnd();
    return text.split('\n').slice(-lines).join('\n');
  }

  /** @returns where its folder is kept; null when it is gone */
  async stop(options: { keep?: boolean } = {}): Promise<string | null> {
    await this.frontDoor.close();
    await this.books.close();
    for (const name of ['trade-1', 'trade-2', 'broker-1', 'broker-2'] as const) {
      await this.parts[name].kill();
    }
    for (const name of ['gateway', 'temporal', 'postgres'] as const) await this.parts[name].stop();
    if (this.databaseDisk) releaseDisk(this.databaseDisk);
    if (options.keep) return keepFolder(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
    return null;
  }
}

interface Wiring {
  readonly parts: Record<PartName, Part>;
  readonly controlPort: number;
  readonly databaseUrl: () => string;
  readonly temporalAddress: string;
  readonly databaseDisk: string | null;
  switches: Switches;
}

async function wire(folder: string, options: StackOptions): Promise<Wiring> {
  mkdirSync(join(folder, 'failpoints'));
  const ports = await freePorts();
  const { path: temporalProgram } = await findProgram(TEMPORAL);
  let databaseUrl = '';
  const env = () => ({
    ...settingFree(process.env),
    ...ENGINE_SETTINGS,
    ...options.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(ports.gateway),
    BALLAST_STATE_DIR: folder,
    BALLAST_FAILPOINTS: join(folder, 'failpoints'),
  });
  const node = (name: PartName, entry: string, args: () => string[], awaitReady: boolean) =>
    new NodePart({
      name,
      script: join(options.engineRoot ?? projectRoot(), 'dist', entry),
      args,
      env,
      logFile: join(folder, `${name}.log`),
      awaitReady,
    });
  const none = () => [];
  const databaseDisk = options.databaseDiskMb ? smallDisk(folder, options.databaseDiskMb) : null;
  const wiring: Wiring = {
    databaseDisk,
    controlPort: ports.control,
    databaseUrl: () => databaseUrl,
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    switches: options.switches,
    parts: {
      postgres: new ForeignPart('postgres', async () => {
        const { url, server } = await startPostgres({
          dataDir: join(databaseDisk ?? folder, 'postgres'),
          port: ports.postgres,
          logFile: join(folder, 'postgres.log'),
          durable: true,
        });
        databaseUrl = url;
        return server;
      }),
      temporal: new ForeignPart('temporal', async () => {
        const { server } = await startTemporal({
          path: temporalProgram,
          port: ports.temporal,
          uiPort: ports.temporalUi,
          dbFile: join(folder, 'temporal.db'),
          logFile: join(folder, 'temporal.log'),
          dynamicConfig: {
            'limit.historyCount.suggestContinueAsNew': CONTINUE_AS_NEW_AFTER_EVENTS,
          },
        });
        return server;
      }),
      gateway: node(
        'gateway',
        'gateway/main.js',
        () => gatewayFlags(folder, ports, options.seed, wiring.switches),
        true,
      ),
      'broker-1': node('broker-1', 'worker/broker-worker.js', none, false),
      'broker-2': node('broker-2', 'worker/broker-worker.js', none, false),
      'trade-1': node('trade-1', 'worker/trade-worker.js', none, true),
      'trade-2': node('trade-2', 'worker/trade-worker.js', none, true),
    },
  };
  return wiring;
}

function gatewayFlags(folder: string, ports: Ports, seed: number, switches: Switches): string[] {
  return [
    ...['--port', String(ports.gateway), '--control-port', String(ports.control)],
    ...['--state', join(folder, 'gateway'), '--cash', CASH, '--seed', String(seed)],
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
  };
}
