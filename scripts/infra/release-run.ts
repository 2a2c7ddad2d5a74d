/** Runs what docker-compose.yml runs, from a release's folder, until a trade is open and closed again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../lib/steps.mjs';
import { findProgram } from './find-program.js';
import { Installation } from './installation.js';
import { freePort } from './ports.js';
import { startPostgres } from './postgres.js';
import { TEMPORAL } from './temporal-programs.js';
import { startTemporal } from './temporal.js';

interface ReleaseRun {
  /** Of the release, with its packages. */
  readonly root: string;
  /** For everything that is thrown away. */
  readonly folder: string;
  readonly progress: Progress;
}

const SIGNAL = {
  ...{ id: 'release-check', strategy_id: 'release-check', symbol: 'AAPL', side: 'BUY' },
  ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.05' },
};

const WORKERS = ['broker-worker', 'trade-worker', 'notifier', 'watchdog'] as const;
const BALLAST = 'bin/ballast.mjs';
const SECRET = 'only for this check, and nowhere else';

interface Servers {
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

async function startServers(folder: string): Promise<Servers> {
  const { path } = await findProgram(TEMPORAL);
  const postgres = await startPostgres({
    ...{ dataDir: join(folder, 'postgres'), port: await freePort(), durable: false },
    logFile: join(folder, 'postgres.log'),
  });
  const temporal = await startTemporal({
    ...{ path, port: await freePort(), uiPort: await freePort(), dbFile: undefined },
    logFile: join(folder, 'temporal.log'),
  });
  return {
    env: { DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address },
    stop: async () => {
      await temporal.server.stop();
      await postgres.server.stop();
    },
  };
}

/** @throws Error of the first thing that is not as it must be */
export async function runRelease({ root, folder, progress }: ReleaseRun): Promise<void> {
  const servers = await progress.step('PostgreSQL and Temporal', () => startServers(folder));
  const ports = { gateway: await freePort(), control: await freePort(), api: await freePort() };
  const env = {
    ...servers.env,
    // A namespace of its own, which the release has to make.
    ...{ TEMPORAL_NAMESPACE: 'release-check', JWT_SECRET: SECRET },
    ...{ IBKR_HOST: '127.0.0.1', IBKR_PORT: String(ports.gateway) },
    ...{ TRADING_ENABLED: 'true', PARK_ENTRIES: 'false', API_PORT: String(ports.api) },
    // Nobody listens there: the notifier waits, and nobody else does.
    ...{ SMTP_URL: 'smtp://127.0.0.1:9', NOTIFY_EMAIL_TO: 'nobody@example.org' },
  };
  const installation = new Installation({ root, stateDir: join(folder, 'state'), env });
  try {
    await prepareTwice(installation, progress);
    const flags = [`--port=${ports.gateway}`, `--control-port=${ports.control}`];
    const state = `--state=${join(folder, 'state', 'gateway')}`;
    await progress.step('paper gateway', () =>
      installation.start('gateway', 'dist/gateway/main.js', [...flags, state]),
    );
    for (const name of WORKERS) {
      await progress.step(name, () => installation.start(name, `dist/worker/${name}.js`));
    }
    await progress.step('HTTP API', () => installation.start('api', 'dist/api/main.js'));
    await progress.step('health checks', () => askAll(installation, ports));
    await progress.step('a trade, from signal to close', () => trade(installation));
    const wrong = await progress.step('all asked to end', () => installation.stop());
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  } finally {
    await installation.stop();
    await servers.stop();
  }
}

/** What prepares an installation does so once, and finds it done after that. */
async function prepareTwice(installation: Installation, progress: Progress): Promise<void> {
  await progress.step('database and namespace', async () => {
    const prepare = () => installation.command('dist/scripts/infra/prepare.js');
    const [first, second] = [await prepare(), await prepare()];
    const isRight = first.includes('migrated: ') && second.includes('up to date');
    if (!isRight) throw new Error(`it said:\n${first}${second}`);
  });
}

/** A container's engine asks some times before it calls something unhealthy. */
const HEALTHY_LIMIT_MS = 60_000;
const ASK_EVERY_MS = 1_000;

async function askAll(
  installation: Installation,
  ports: { readonly control: number; readonly api: number },
): Promise<void> {
  const urls = [`http://127.0.0.1:${ports.control}/health`, `http://127.0.0.1:${ports.api}/health`];
  for (const url of urls) await untilWell(() => installation.command('scripts/alive.mjs', url));
  for (const name of WORKERS) {
    const { BALLAST_ALIVE_FILE: file } = installation.envOf(name);
    const check = `process.env.BALLAST_ALIVE_FILE = ${JSON.stringify(file)}; import('./scripts/alive.mjs')`;
    await untilWell(() => installation.command('--eval', check));
  }
}

/** @throws what the last of many tries said */
async function untilWell(ask: () => Promise<string>): Promise<void> {
  const deadline = Date.now() + HEALTHY_LIMIT_MS;
  for (;;) {
    const wrong = await ask().then(
      () => undefined,
      (error: Error) => error,
    );
    if (wrong === undefined) return;
    if (Date.now() > deadline) throw wrong;
    await sleep(ASK_EVERY_MS);
  }
}

async function trade(installation: Installation): Promise<void> {
  const file = join(installation.options.stateDir, 'signal.json');
  writeFileSync(file, JSON.stringify(SIGNAL));
  await installation.command(BALLAST, 'signal', file, '--wait', 'fill');
  const held = JSON.parse(await installation.command(BALLAST, 'trades', '--json')) as {
    trades: { id: string }[];
  };
  const id = held.trades[0]?.id ?? '';
  await installation.command(BALLAST, 'close', id);
  await installation.command(BALLAST, 'audit', 'verify');
}
