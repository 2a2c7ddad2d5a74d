/**
 * The servers that tests share: one PostgreSQL and one Temporal server for a whole run, each started
 * when the first test asks for it. A process of its own, ended by its standard input closing, so
 * that nothing is left however the tests end.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { openTemporaryFolder } from '../lib/files.mjs';
import { projectRoot } from '../lib/paths.mjs';
import { findProgram } from './find-program.js';
import { migrate } from './migrate.js';
import { freePort } from './ports.js';
import { execute, startPostgres } from './postgres.js';
import { startTemporal } from './temporal.js';
import { TEMPORAL, TEST_SERVER } from './temporal-programs.js';

/** What `GET /postgres` answers. */
export interface PostgresService {
  /** Of a database that may create others. */
  adminUrl: string;
  /** Name of the migrated database to copy. */
  template: string;
}

/** What `GET /temporal` answers. */
export interface TemporalService {
  address: string;
}

/** What `GET /test-server` answers. */
export interface TestServerService {
  /** Of the time-skipping server's executable. */
  path: string;
}

const EXECUTABLE = 0o755;

const TEMPLATE = 'ballast_template';

const folder = openTemporaryFolder('ballast-test-');

/** In the order of starting; run backwards at the end. */
const cleanups: (() => Promise<void> | void)[] = [
  () => rmSync(folder, { recursive: true, force: true }),
];

async function postgres(): Promise<PostgresService> {
  const { url, server, dataDir } = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: join(folder, 'postgres.log'),
    durable: false,
  });
  cleanups.push(() => rmSync(dirname(dataDir), { recursive: true, force: true }));
  cleanups.push(() => server.stop());
  await execute(url, `create database ${TEMPLATE}`);
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  return { adminUrl: url, template: TEMPLATE };
}

async function temporal(): Promise<TemporalService> {
  const { path } = await findProgram(TEMPORAL);
  const { address, server } = await startTemporal({
    path,
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
  });
  cleanups.push(() => server.stop());
  return { address };
}

async function testServer(): Promise<TestServerService> {
  const { path } = await findProgram(TEST_SERVER);
  // The SDK takes an executable only; the watch beside it has none of its output streams, because
  // the SDK waits until they close.
  const wrapper = join(folder, 'temporal-test-server');
  const watch = join(projectRoot(), 'scripts', 'watch-parent.mjs');
  const script = `#!/bin/sh
'${process.execPath}' '${watch}' $PPID $$ </dev/null >/dev/null 2>&1 &
exec '${path}' "$@"
`;
  writeFileSync(wrapper, script, { mode: EXECUTABLE });
  return { path: wrapper };
}

/** Each is started once; a failure is told to every test that asks. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

const services: Record<string, () => Promise<object>> = {
  '/postgres': once(postgres),
  '/temporal': once(temporal),
  '/test-server': once(testServer),
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A kept connection may be closed just when the next test file asks on it.
  response.setHeader('connection', 'close');
  const service = services[request.url ?? ''];
  if (!service) return void response.writeHead(404).end();
  try {
    const body = JSON.stringify(await service());
    response.writeHead(200).end(body);
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.message : String(error));
  }
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  // Tests make their temporary files in here, so that nothing of a killed run stays.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  process.stdout.write(`ready ${JSON.stringify({ port, temporary })}\n`);
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  server.closeAllConnections();
  for (const cleanup of cleanups.reverse()) await cleanup();
  process.exit(0);
}
process.stdin.on('end', () => void stop());
process.stdin.on('error', () => void stop());
process.stdin.resume();
process.on('SIGTERM', () => void stop());
// A Ctrl-C reaches the whole terminal; the tests' own process closes our input when it ends.
process.on('SIGINT', () => undefined);
