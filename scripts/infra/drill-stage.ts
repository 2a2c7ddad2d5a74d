/** What the drills are played on: PostgreSQL, Temporal, a broker and the workers, each a process of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../lib/steps.mjs';
import { findProgram } from './find-program.js';
import { Installation } from './installation.js';
import { freePort } from './ports.js';
import { execute, startPostgres, type RunningPostgres } from './postgres.js';
import { Broker, Person } from './drill-views.js';
import { TEMPORAL } from './temporal-programs.js';
import { startTemporal, type RunningTemporal } from './temporal.js';

export interface Drill {
  /** A checkout that is built, or a release with its packages. */
  readonly root: string;
  /** For everything that is thrown away. */
  readonly folder: string;
  readonly progress: Progress;
}

const WORKERS = ['broker-worker', 'trade-worker'] as const;
const SECRET = 'only for this drill, and nowhere else';
const DATABASE = 'ballast';
const BACKUP = 'ballast_backup';

export class Stage {
  readonly person = new Person(() => this.workers);

  private constructor(
    private readonly drill: Drill,
    private readonly postgres: RunningPostgres,
    private readonly gateway: Installation,
    readonly broker: Broker,
    private temporal: RunningTemporal,
    private workers: Installation,
  ) {}

  /** Starts all of it. Call `clear` at the end. */
  static async set(drill: Drill): Promise<Stage> {
    const { root, folder, progress } = drill;
    const postgres = await progress.step('PostgreSQL', async () =>
      startPostgres({
        ...{ dataDir: join(folder, 'postgres'), port: await freePort(), durable: true },
        logFile: join(folder, 'postgres.log'),
      }),
    );
    const temporal = await progress.step('Temporal', () => newTemporal(folder));
    const [port, controlPort] = [await freePort(), await freePort()];
    const gateway = new Installation({ root, stateDir: join(folder, 'broker'), env: {} });
    const flags = [`--port=${port}`, `--control-port=${controlPort}`];
    const state = `--state=${join(folder, 'broker', 'books')}`;
    await progress.step('the broker: a paper gateway', () =>
      gateway.start('gateway', 'dist/gateway/main.js', [...flags, state]),
    );
    const env = settingsOf(postgres.url, temporal.address, port);
    const workers = new Installation({ root, stateDir: join(folder, 'state'), env });
    const stage = new Stage(drill, postgres, gateway, new Broker(controlPort), temporal, workers);
    await progress.step('the workers', () => stage.startWorkers());
    return stage;
  }

  private async startWorkers(): Promise<void> {
    const prepare = 'dist/scripts/infra/prepare.js';
    // A version of before had no such program; its database is brought up by another.
    const isThere = existsSync(join(this.workers.options.root, prepare));
    await this.workers.command(isThere ? prepare : 'scripts/migrate.mjs');
    for (const name of WORKERS) await this.workers.start(name, `dist/worker/${name}.js`);
  }

  /** A copy that the server itself makes, as of one instant. Whoever is connected has to come back. */
  async backUp(): Promise<void> {
    await this.execute(`alter database ${DATABASE} allow_connections false`);
    await this.execute(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${DATABASE}'`,
    );
    await this.execute(`create database ${BACKUP} template ${DATABASE}`);
    await this.execute(`alter database ${DATABASE} allow_connections true`);
  }

  /** The workers and Temporal, at once and unasked; then the database goes. */
  async lose(): Promise<void> {
    await this.workers.kill();
    await this.temporal.server.stop();
    await this.execute(`drop database ${DATABASE} with (force)`);
  }

  /** The database as it was backed up, a Temporal server that remembers nothing, and workers. */
  async restore(): Promise<void> {
    await this.execute(`create database ${DATABASE} template ${BACKUP}`);
    this.temporal = await newTemporal(this.drill.folder);
    const { root, folder } = this.drill;
    const env = { ...this.workers.options.env, TEMPORAL_ADDRESS: this.temporal.address };
    this.workers = new Installation({ root, stateDir: join(folder, 'state-restored'), env });
    await this.startWorkers();
  }

  /** Asks the workers to end, and starts those of another version on the same database and Temporal server. */
  async upgrade(root: string): Promise<readonly string[]> {
    const wrong = await this.workers.stop();
    const { stateDir, env } = this.workers.options;
    this.workers = new Installation({ root, stateDir: `${stateDir}-upgraded`, env });
    await this.startWorkers();
    return wrong;
  }

  /** Host and port of the Temporal server. */
  get temporalAddress(): string {
    return this.temporal.address;
  }

  private async execute(statement: string): Promise<void> {
    const url = new URL(this.postgres.url);
    url.pathname = '/postgres';
    await execute(url.href, statement);
  }

  async clear(): Promise<void> {
    await this.workers.stop();
    await this.gateway.stop();
    await this.temporal.server.stop();
    await this.postgres.server.stop();
  }
}

/** In memory: what it knew is gone with it. */
async function newTemporal(folder: string): Promise<RunningTemporal> {
  return startTemporal({
    path: (await findProgram(TEMPORAL)).path,
    ...{ port: await freePort(), uiPort: await freePort(), dbFile: undefined },
    logFile: join(folder, 'temporal.log'),
  });
}

function settingsOf(databaseUrl: string, address: string, gatewayPort: number) {
  return {
    ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address, JWT_SECRET: SECRET },
    ...{ IBKR_HOST: '127.0.0.1', IBKR_PORT: String(gatewayPort) },
    ...{ TRADING_ENABLED: 'true', PARK_ENTRIES: 'false', SCHEDULES_ENABLED: 'false' },
    ...{ MAX_SECTOR_EXPOSURE_PCT: '100', MAX_CORRELATED_EXPOSURE_PCT: '100' },
  };
}
