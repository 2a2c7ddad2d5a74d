/** A Temporal cluster on PostgreSQL, without containers: its schemas, its configuration, its four services in a process. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import type { ClusterPrograms } from './cluster-programs.js';
import { freePort } from './ports.js';
import { execute } from './postgres.js';
import { startTethered, waitHealthy, type Tethered } from './tethered.js';
import { DYNAMIC_CONFIG } from './temporal.js';

interface ClusterOptions {
  readonly programs: ClusterPrograms;
  /** Of a role that may make databases. */
  readonly databaseUrl: string;
  /** Configuration and log. */
  readonly folder: string;
}

const HOST = '127.0.0.1';
/** As docker-compose.yml has it; it can't be changed later. */
const HISTORY_SHARDS = 4;
/** Four services find each other by gossip first. */
const START_LIMIT_MS = 120_000;
const STOP_GRACE_MS = 15_000;
const ANSWER_LIMIT_MS = 2_000;

/** The two databases, and what of the schema's files is for each. */
const DATABASES = { temporal: 'temporal', temporal_visibility: 'visibility' } as const;

/** Makes both databases, and brings them to the schema of these programs. */
export async function prepareSchemas({ programs, databaseUrl }: ClusterOptions): Promise<void> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  for (const [name, schema] of Object.entries(DATABASES)) {
    await execute(databaseUrl, `create database ${name}`);
    const run = (...args: string[]) =>
      promisify(execFile)(programs.sql, [
        ...['--plugin', 'postgres12', '--endpoint', hostname, '--port', port],
        ...['--user', username, '--password', password, '--database', name, ...args],
      ]);
    await run('setup-schema', '--version', '0.0');
    await run('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

/**
 * Starts it and waits until its frontend answers; it has no namespace yet.
 * @throws Error with the end of its log
 */
export async function startCluster(
  options: ClusterOptions,
): Promise<{ address: string; server: Tethered }> {
  const { programs, folder } = options;
  const config = join(folder, 'config');
  mkdirSync(config, { recursive: true });
  const frontend = await freePort();
  const dynamic = join(config, 'dynamic.yaml');
  const values = Object.entries(DYNAMIC_CONFIG).map(
    ([name, value]) => `${name}:\n  - value: ${value}\n`,
  );
  writeFileSync(dynamic, values.join(''));
  // JSON is YAML.
  writeFileSync(
    join(config, 'cluster.yaml'),
    JSON.stringify(await configuration(options, frontend, dynamic)),
  );
  const logFile = join(folder, 'cluster.log');
  const server = startTethered({
    ...{ name: 'the Temporal cluster', command: programs.server, logFile },
    args: ['--root', folder, '--env', 'cluster', 'start'],
    ...{ pidFile: `${logFile}.pid`, stopSignal: 'SIGTERM', graceMs: STOP_GRACE_MS },
  });
  const address = `${HOST}:${frontend}`;
  await waitHealthy(server, logFile, START_LIMIT_MS, () => answers(address));
  return { address, server };
}

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: ANSWER_LIMIT_MS });
    try {
      await connection.workflowService.listNamespaces({ pageSize: 1 });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

async function configuration(
  { databaseUrl }: ClusterOptions,
  frontend: number,
  dynamic: string,
): Promise<object> {
  const { hostname, port, username: user, password } = new URL(databaseUrl);
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      ...{ pluginName: 'postgres12', databaseName, connectAddr: `${hostname}:${port}` },
      ...{ connectProtocol: 'tcp', user, password, maxConns, maxIdleConns: maxConns },
      maxConnLifetime: '1h',
    },
  });
  const service = async (grpcPort: number) => ({
    rpc: { grpcPort, membershipPort: await freePort(), bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      ...{ defaultStore: 'main', visibilityStore: 'visibility', numHistoryShards: HISTORY_SHARDS },
      datastores: { main: store('temporal', 20), visibility: store('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: HOST } },
    services: {
      frontend: await service(frontend),
      matching: await service(await freePort()),
      history: await service(await freePort()),
      worker: await service(await freePort()),
    },
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1, rpcName: 'frontend' },
          rpcAddress: `${HOST}:${frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamic, pollInterval: '10s' },
  };
}
