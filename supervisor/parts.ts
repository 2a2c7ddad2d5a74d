/** What `npm start` starts, in this order; it is stopped in the reverse. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codecPath } from '../app/payload-codec.js';
import { openTemporal, temporalSettings } from '../client/temporal.js';
import { configuredChannels } from '../config/index.js';
import { findProgram } from '../scripts/infra/find-program.js';
import { migrate } from '../scripts/infra/migrate.js';
import { startPostgres } from '../scripts/infra/postgres.js';
import {
  ensureNamespace,
  ensureRetention,
  ensureSearchAttributes,
} from '../scripts/infra/temporal-namespace.js';
import { TEMPORAL } from '../scripts/infra/temporal-programs.js';
import { startTemporal } from '../scripts/infra/temporal.js';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { share, type Context, type Part } from './context.js';
import { startNodeChild, type Silence } from './node-child.js';
import { linkReason } from './link-reason.js';
import { logFile, postgresFolder } from './state.js';

/** A worker connects to everything before it is ready; the broker worker also gets in sync. */
const READY_LIMIT_MS = 60_000;

const NO_REASON = () => undefined;

function databaseUrl(context: Context): string {
  const url = context.env['DATABASE_URL'] ?? context.config.databaseUrl;
  if (!url) throw new Error('DATABASE_URL is not known; the database was not started');
  return url;
}

const postgres: Part = {
  name: 'postgres',
  title: 'PostgreSQL',
  skipped: ({ config }) => (config.databaseUrl ? 'DATABASE_URL names another' : undefined),
  async start(context, note) {
    const { url, server } = await startPostgres({
      dataDir: postgresFolder(context.stateDir),
      port: context.ports.postgres,
      logFile: logFile(context.stateDir, 'postgres'),
      durable: true,
    });
    share(context, 'DATABASE_URL', url);
    note(`port ${context.ports.postgres}`);
    return server;
  },
};

const migrations: Part = {
  name: 'migrations',
  title: 'database schema',
  skipped: NO_REASON,
  async start(context, note) {
    const applied = await migrate(databaseUrl(context));
    note(applied.length === 0 ? 'up to date' : `${applied.length} migrations applied`);
    return undefined;
  },
};

/** A command beside this start writes payloads as well, and must be able to read them. */
function shareKeys(context: Context): void {
  for (const name of ['TEMPORAL_PAYLOAD_KEYS', 'TEMPORAL_PAYLOAD_KEYS_FILE']) {
    const value = context.env[name];
    if (value) share(context, name, value);
  }
}

/** The HTTP API is started later, at a port that is known now. */
function codecEndpoint({ config, env, ports }: Context): string | undefined {
  if (!config.temporalPayloadKeys) return undefined;
  return `http://${config.apiHost}:${env['API_PORT'] ?? ports.api}${codecPath(config)}`;
}

const temporal: Part = {
  name: 'temporal',
  title: 'Temporal server',
  skipped: () => (process.env['TEMPORAL_ADDRESS'] ? 'TEMPORAL_ADDRESS names another' : undefined),
  async start(context, note) {
    const { path, source } = await findProgram(TEMPORAL, { note });
    note(`from ${source}`);
    const { address, uiUrl, server } = await startTemporal({
      path,
      port: context.ports.temporal,
      uiPort: context.ports['temporal-ui'],
      dbFile: join(context.stateDir, 'temporal', 'temporal.db'),
      logFile: logFile(context.stateDir, 'temporal'),
      codecEndpoint: codecEndpoint(context),
    });
    share(context, 'TEMPORAL_ADDRESS', address);
    context.urls['temporal-ui'] = uiUrl;
    if (!context.env['TEMPORAL_UI_URL']) share(context, 'TEMPORAL_UI_URL', uiUrl);
    return server;
  },
};

const namespace: Part = {
  name: 'namespace',
  title: 'Temporal namespace',
  skipped: NO_REASON,
  async start(context, note) {
    const { config, env } = context;
    shareKeys(context);
    const client = await openTemporal({
      ...temporalSettings(config),
      address: env['TEMPORAL_ADDRESS'] ?? config.temporalAddress,
    });
    try {
      await ensureNamespace(client);
      await ensureSearchAttributes(client);
      // Somebody else's server keeps its own retention.
      if (!process.env['TEMPORAL_ADDRESS']) await ensureRetention(client);
      note(config.temporalNamespace);
    } finally {
      await client.connection.close();
    }
    return undefined;
  },
};

/** It is told before it is killed: what follows looks like any other death. */
function silenceOf({ say }: Context, title: string, limitMs: number): Silence {
  const silent = `has not moved for ${limitMs / 1_000} s: killing it, and what it watches over`;
  return { limitMs, onSilent: (pid) => say(`✗ ${title}: its process ${pid} ${silent}`) };
}

/** A part that is a compiled main file of this project. */
function ownProcess(
  name: string,
  title: string,
  entry: string,
  args: (context: Context) => string[],
  more: { silentMs?: number; whyNot?: (output: string) => string | null } = {},
): Pick<Part, 'name' | 'title' | 'start'> {
  const { silentMs, whyNot } = more;
  return {
    name,
    title,
    async start(context) {
      const script = join(projectRoot(), 'dist', entry);
      if (!existsSync(script)) {
        throw new Error(`dist/${entry} is missing: run "npm run build", and see what it says`);
      }
      return startNodeChild({
        name: title,
        script,
        args: args(context),
        env: context.env,
        logFile: logFile(context.stateDir, name),
        readyLimitMs: READY_LIMIT_MS,
        ...(whyNot && { whyNot }),
        ...(silentMs !== undefined && { silence: silenceOf(context, title, silentMs) }),
      });
    },
  };
}

const gatewayProcess = ownProcess('gateway', 'paper gateway', 'gateway/main.js', (context) => [
  ...['--port', String(context.ports.gateway)],
  ...['--control-port', String(context.ports['gateway-control'])],
  ...['--state', join(context.stateDir, 'gateway')],
  ...context.options.gatewayFlags,
]);

const gateway: Part = {
  ...gatewayProcess,
  // Nothing of what it turns on may reach a broker that somebody has named.
  skipped: ({ config }) => {
    if (config.broker !== 'ibkr') return `BROKER names ${config.broker}`;
    return process.env['IBKR_HOST'] ? 'IBKR_HOST names another' : undefined;
  },
  async start(context, note) {
    const part = await gatewayProcess.start(context, note);
    share(context, 'IBKR_HOST', '127.0.0.1');
    share(context, 'IBKR_PORT', String(context.ports.gateway));
    context.urls['gateway-control'] = `http://127.0.0.1:${context.ports['gateway-control']}`;
    note(`port ${context.ports.gateway}`);
    if (process.env['TRADING_ENABLED'] === undefined) {
      share(context, 'TRADING_ENABLED', 'true');
    }
    // It has no nightly reset, and the samples run at any hour.
    if (process.env['PARK_ENTRIES'] === undefined) share(context, 'PARK_ENTRIES', 'false');
    return part;
  },
};

/**
 * The broker worker's parent does nothing but beat and wait, so a busy machine delays it by a second or two.
 * Frozen, it can't kill a worker that freezes too; the positions are looked after by nobody then.
 */
const PARENT_SILENT_MS = 10_000;

const NO_ARGUMENTS = () => [];

const brokerWorker: Part = {
  ...ownProcess(
    ...(['broker-worker', 'broker worker', 'worker/broker-worker.js'] as const),
    NO_ARGUMENTS,
    { silentMs: PARENT_SILENT_MS, whyNot: linkReason },
  ),
  skipped: NO_REASON,
};

const tradeWorker: Part = {
  ...ownProcess('trade-worker', 'trade worker', 'worker/trade-worker.js', NO_ARGUMENTS),
  skipped: NO_REASON,
};

/** A process of its own: what it talks to is somebody else's, and may hang, flood or crash it (0018). */
const notifier: Part = {
  ...ownProcess('notifier', 'notifier', 'worker/notifier.js', NO_ARGUMENTS),
  isSpare: true,
  skipped: ({ config }) =>
    configuredChannels(config).length === 0 ? 'no channel is configured' : undefined,
};

/** What it watches may be what makes others fall: it needs none of them, and tells by itself (OPS-8). */
const watchdog: Part = {
  ...ownProcess('watchdog', 'watchdog', 'worker/watchdog.js', NO_ARGUMENTS),
  isSpare: true,
  skipped: notifier.skipped,
};

const apiProcess = ownProcess('api', 'HTTP API', 'api/main.js', NO_ARGUMENTS);

/** Trades are looked after without it; whoever asks is answered by the command line meanwhile. */
const api: Part = {
  ...apiProcess,
  isSpare: true,
  skipped: NO_REASON,
  async start(context, note) {
    // A port that somebody has set is theirs; else it is this checkout's own.
    if (!context.env['API_PORT']) share(context, 'API_PORT', String(context.ports.api));
    const part = await apiProcess.start(context, note);
    const port = context.env['API_PORT'] ?? '';
    context.urls['api'] = `http://${context.config.apiHost}:${port}`;
    note(`port ${port}`);
    return part;
  },
};

export const PARTS: readonly Part[] = [
  postgres,
  migrations,
  temporal,
  namespace,
  gateway,
  brokerWorker,
  tradeWorker,
  notifier,
  watchdog,
  api,
];
