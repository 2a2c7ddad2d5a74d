/** Checks of what runs: database, Temporal, the broker's port, the workers and their accounts. */
import { connect } from 'node:net';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import type { Config } from '../../config/index.js';
import { placeFrom } from '../../contract/connection.js';
import { SEARCH_ATTRIBUTES, tradeQueue } from '../../contract/workflows.js';
import { migrationsFolder, readMigrations } from '../../scripts/infra/migrate.js';
import { span } from '../../contract/duration.js';
import type { AccountView, ConnectionView } from '../../contract/views.js';
import { connectTemporal, placeOf, type App } from '../app.js';
import { listAccounts, listConnections } from '../reads.js';
import { note, ok, reasonOf, skipped, wrong, type Away, type Check, type Remedy } from './check.js';
import { databaseTrouble, writableCheck } from './database-trouble.js';
import { waitsFor, type Health } from './link-advice.js';
import { accountsAllowed } from './live.js';
import { readOnlyApiChecks } from './read-only-api.js';
import { sealedCheck } from './sealed.js';
import { temporalTrouble } from './temporal-trouble.js';

/** A local service answers in milliseconds, one far away in a second. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Whether the database answers, and whether every migration of this checkout is applied. */
export async function databaseChecks(config: Config, start: Remedy): Promise<Check[]> {
  if (!config.databaseUrl) {
    return [
      wrong('database', 'DATABASE_URL is not known', `${start('postgres')}, or set DATABASE_URL`),
    ];
  }
  const place = placeOf(config.databaseUrl);
  const client = new pg.Client({
    connectionString: config.databaseUrl,
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const version = await client.query<{ server_version: string }>('show server_version');
    const found = `PostgreSQL ${version.rows[0]?.server_version} at ${place}`;
    const checks = [ok('database', found), await migrationsCheck(client)];
    return [...checks, await writableCheck(client)];
  } catch (error) {
    return [databaseTrouble(error, place, start)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const UNDEFINED_TABLE = '42P01';

async function migrationsCheck(client: pg.Client): Promise<Check> {
  const wanted = readMigrations(migrationsFolder()).migrationDirectories.map(({ path }) => path);
  const remedy = 'run "npm start", or "node scripts/migrate.mjs"';
  try {
    const applied = await client.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations where finished_at is not null',
    );
    const names = new Set(applied.rows.map((row) => row.migration_name));
    const missing = wanted.filter((name) => !names.has(name));
    return missing.length === 0
      ? ok('schema', `${wanted.length} migrations applied`)
      : wrong('schema', `not applied: ${missing.join(', ')}`, remedy);
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_TABLE) throw error;
    return wrong('schema', 'the database is empty', remedy);
  }
}

/** Whether Temporal answers, knows the search attributes, and has trade workers listening. */
export async function temporalChecks(config: Config, start: Remedy): Promise<Check[]> {
  let client: Client;
  try {
    client = await connectTemporal(config);
  } catch (error) {
    return [await temporalTrouble(error, config, start)];
  }
  try {
    const place = `${config.temporalAddress}, namespace ${config.temporalNamespace}`;
    return [
      ok('Temporal', place),
      await searchAttributesCheck(client, config),
      await tradeWorkersCheck(client, config, start),
      ...(await sealedCheck(client, config)),
    ];
  } catch (error) {
    return [await temporalTrouble(error, config, start)];
  } finally {
    await client.connection.close();
  }
}

async function searchAttributesCheck(client: Client, config: Config): Promise<Check> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: config.temporalNamespace,
  });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
  if (missing.length === 0) return ok('search attributes', 'registered');
  const remedy = '"npm start" registers them; at Temporal Cloud add them in the namespace';
  return wrong('search attributes', `missing: ${missing.join(', ')}`, remedy);
}

/** A worker asks again once a minute; the server lists those that are gone for five. */
const POLLER_AGE_MS = 90_000;

/** Of `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;

async function tradeWorkersCheck(client: Client, config: Config, start: Remedy): Promise<Check> {
  const queue = tradeQueue(config.taskQueuePrefix);
  const { pollers } = await client.connection.workflowService.describeTaskQueue({
    namespace: config.temporalNamespace,
    taskQueue: { name: queue },
    taskQueueType: WORKFLOW_QUEUE,
  });
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) =>
      Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < POLLER_AGE_MS,
  );
  const count = alive.length;
  if (count > 0) return ok('trade workers', `${count} listening on ${queue}`);
  return wrong('trade workers', `none listens on ${queue}`, start('trade-worker'));
}

/** Whether something listens where TWS or IB Gateway should. */
export async function brokerPortCheck(config: Config, start: Remedy): Promise<Check> {
  if (config.broker !== 'ibkr') return skipped('broker port', 'SnapTrade is reached over HTTPS');
  const { ibkrHost: host, ibkrPort: port } = config;
  const place = `${host}:${port}`;
  const reason = await new Promise<string | null>((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_TIMEOUT_MS });
    const end = (why: string | null) => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error) => end(reasonOf(error)));
  });
  if (reason === null) return ok('broker port', `open at ${place}`);
  const remedy = `${start('gateway')} (the paper gateway); or start TWS or IB Gateway with its API enabled, and set IBKR_HOST and IBKR_PORT`;
  return wrong('broker port', `closed at ${place}: ${reason}`, remedy);
}

/** What the broker workers say of themselves, and the accounts they reported. */
export async function brokerChecks(app: App, start: Remedy, away: Away): Promise<Check[]> {
  const { config } = app;
  const place = placeFrom(config);
  const connections = await listConnections(app);
  const ours = connections.filter(
    ({ host, port, client_id: id }) =>
      host === place.host && port === place.port && id === place.clientId,
  );
  if (ours.length === 0) {
    return [
      wrong('broker worker', 'has never connected here', start('broker-worker')),
      skipped('accounts', 'none reported yet'),
    ];
  }
  const ids = new Set(ours.map(({ id }) => id));
  const accounts = (await listAccounts(app)).filter(({ connection_id: of }) => ids.has(of));
  return [
    ...ours.flatMap((connection) => connectionChecks(connection, config, start, away)),
    ...accounts.map(accountCheck),
    ...accountsAllowed(accounts, config),
    ...(await readOnlyApiChecks(app)),
  ];
}

function connectionChecks(
  connection: ConnectionView,
  config: Config,
  start: Remedy,
  away: Away,
): Check[] {
  const place = `client ${connection.client_id} at ${connection.host}:${connection.port}`;
  const { lease_holder: holder } = connection;
  if (holder === null) {
    const last = `the last was of epoch ${connection.lease_epoch}${lastWord(connection)}`;
    const remedy = start('broker-worker', { since: connection.down_since });
    return [wrong('broker worker', `nobody holds the lease of ${place}; ${last}`, remedy)];
  }
  return [
    workerCheck(connection, holder, place, { config, start, away }),
    leaseCheck(connection, holder),
    clockCheck(connection, config),
  ];
}

/** Why the last one got nowhere: a start that gave up leaves nothing else behind. */
function lastWord({ is_ready: isReady, health }: ConnectionView): string {
  const reason = (health as Health | null)?.reason;
  return isReady || typeof reason !== 'string' ? '' : `, its link was ${reason}`;
}

function workerCheck(
  connection: ConnectionView,
  holder: string,
  place: string,
  { config, start, away }: { config: Config; start: Remedy; away: Away },
): Check {
  const health = connection.health as Health | null;
  const reason = typeof health?.reason === 'string' ? health.reason : 'not in sync';
  if (!connection.is_ready) {
    const { down_since: since, parked_reason: parked } = connection;
    const remedy = start('broker-worker', {
      since,
      waitsFor: waitsFor(connection, health, config.broker),
    });
    const down = since === null ? '' : `, for ${span(Date.now() - Date.parse(since))}`;
    const entries = parked === null ? '' : `; entries wait: ${parked}`;
    return wrong('broker worker', `${place} is not ready: ${reason}${down}${entries}`, remedy);
  }
  const heardAt = connection.last_message_at;
  const heard =
    heardAt === null ? '' : `, last heard ${span(Date.now() - Date.parse(heardAt))} ago`;
  const gone = away('broker-worker');
  if (gone !== null) {
    const found = `${gone}; ${holder} was ready, ${place}${heard}`;
    return note('broker worker', found, start('broker-worker'));
  }
  return ok('broker worker', `${holder} is ready, ${place}${heard}`);
}

/** Who may use the connection, for how long yet, and in which generation its writes are claimed. */
function leaseCheck(connection: ConnectionView, holder: string): Check {
  const { lease_epoch: epoch, lease_left_ms: leftMs, generation, stand_bys: standBys } = connection;
  const left = `${span(leftMs ?? 0)} left`;
  const next =
    standBys === null ? '' : `; stands by: ${standBys.length > 0 ? standBys.join(', ') : 'nobody'}`;
  return ok('lease', `held by ${holder}, epoch ${epoch}, generation ${generation}, ${left}${next}`);
}

function clockCheck({ clock_skew_ms: skewMs }: ConnectionView, config: Config): Check {
  if (skewMs === null) return skipped('clock', 'the broker has not told its time yet');
  const found = `the broker's is ${skewMs} ms from ours`;
  const limits = { warnMs: config.clockSkewWarnMs, blockMs: config.clockSkewBlockMs };
  if (Math.abs(skewMs) > limits.blockMs) {
    return wrong('clock', `${found}: entries are denied`, 'set the clock of this machine (NTP)');
  }
  if (Math.abs(skewMs) > limits.warnMs) {
    return note('clock', found, `entries are denied beyond ${limits.blockMs} ms: see to NTP`);
  }
  return ok('clock', found);
}

function accountCheck(account: AccountView): Check {
  const kind = account.is_paper ? 'paper' : 'LIVE';
  const name = `account ${account.account_id}`;
  if (account.values_at === null) {
    return note(name, `${kind}; no values yet`, 'they come within seconds of the connection');
  }
  const { net_liquidation: value, base_currency: currency } = account;
  return ok(name, `${kind}, ${value} ${currency}, mode ${account.mode}`);
}
