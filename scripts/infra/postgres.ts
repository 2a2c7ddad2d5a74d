/** An embedded PostgreSQL as a child of this process: initialised, started, recovered, stopped. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { commandLine, isRunning } from '../lib/processes.mjs';
import { locatePostgres, reachable, type PostgresPrograms } from './postgres-binaries.js';
import { startTethered, waitHealthy, type Tethered } from './tethered.js';

export interface PostgresOptions {
  /** The data directory; made when absent. */
  dataDir: string;
  port: number;
  logFile: string;
  /** False gives up safety against power loss for speed: for databases that tests throw away. */
  durable: boolean;
}

export interface RunningPostgres {
  /** Of the database `ballast`. */
  url: string;
  server: Tethered;
  /** Where the data really is: root's stand-in account may need another place. */
  dataDir: string;
}

const USER = 'ballast';
const DATABASE = 'ballast';

/** Crash recovery of a big write-ahead log is the slow case. */
const START_LIMIT_MS = 60_000;

/** A fast shutdown writes a checkpoint. */
const STOP_GRACE_MS = 15_000;

/** For the connections of the workers, the API and the command line together. */
const MAX_CONNECTIONS = 100;

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Modest memory: the server shares a machine with everything else. */
function settings(durable: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    // No socket file: its path may be too long, and the folder is not the account's.
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** The password is made once and kept beside the data, readable by the owner only. */
function passwordIn(dataDir: string): string {
  return readFileSync(`${dataDir}.password`, 'utf8').trim();
}

/** What initdb says, as something a person can act on where the cause is a known one. */
export function initdbProblem(dataDir: string, said: string): string {
  const begin = `no database could be made in ${dataDir}`;
  if (/no space left on device|disk quota exceeded/i.test(said)) {
    return `${begin}: no space is left on its disk. Free some (a new one takes 50 MB, and grows), then start again.`;
  }
  if (/permission denied|read-only file system/i.test(said)) {
    return `${begin}: its folder can't be written. Give it to this account, or name another with BALLAST_STATE_DIR.`;
  }
  return `${begin}; initdb says:\n${said.trim()}`;
}

async function initialise(programs: PostgresPrograms, dataDir: string): Promise<void> {
  const { account } = programs;
  const passwordFile = `${dataDir}.password`;
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { mode: PRIVATE_FOLDER });
  writeFileSync(passwordFile, randomBytes(16).toString('hex'), { mode: PRIVATE_FILE });
  if (account) {
    chownSync(dataDir, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const args = [`--pgdata=${dataDir}`, `--username=${USER}`, `--pwfile=${passwordFile}`].concat(
    ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
    ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  );
  try {
    await promisify(execFile)(programs.initdb, args, { ...account, cwd: dirname(dataDir) });
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(initdbProblem(dataDir, stderr || message), { cause: error });
  }
}

/**
 * A data directory may still belong to a server that a crashed run left behind, or carry its file
 * of that name only: the first is stopped, the second removed.
 */
async function recover(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const isOurs = isRunning(pid) && `${commandLine(pid)} `.includes(`-D ${dataDir} `);
  if (isOurs) {
    process.kill(pid, 'SIGINT');
    const deadline = Date.now() + STOP_GRACE_MS;
    while (isRunning(pid) && Date.now() < deadline) await sleep(50);
    if (isRunning(pid)) process.kill(pid, 'SIGQUIT');
    while (isRunning(pid) && Date.now() < deadline + STOP_GRACE_MS) await sleep(50);
  }
  rmSync(pidFile, { force: true });
}

/** Runs one statement on its own connection. */
export async function execute(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  return execute(url, 'select 1').then(
    () => true,
    () => false,
  );
}

/** @returns where the data of a wanted folder really is: root's stand-in may not reach that one */
export function postgresDataDir(wanted: string): string {
  return reachable(wanted, locatePostgres().account);
}

/**
 * Starts PostgreSQL on a data directory, initialising it when it is new.
 * @throws Error with the end of its log when it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const programs = locatePostgres();
  const dataDir = reachable(options.dataDir, programs.account);
  if (!existsSync(join(dataDir, 'PG_VERSION')) || !existsSync(`${dataDir}.password`)) {
    await initialise(programs, dataDir);
  }
  await recover(dataDir);
  mkdirSync(dirname(options.logFile), { recursive: true });
  const server = startTethered({
    name: 'PostgreSQL',
    command: programs.postgres,
    args: ['-D', dataDir, '-p', String(options.port), ...settings(options.durable)],
    logFile: options.logFile,
    pidFile: `${options.logFile}.pid`,
    stopSignal: 'SIGINT',
    graceMs: STOP_GRACE_MS,
    cwd: dirname(dataDir),
    ...programs.account,
  });
  const password = passwordIn(dataDir);
  const admin = urlOf(options.port, password, 'postgres');
  await waitHealthy(server, options.logFile, START_LIMIT_MS, () => answers(admin));
  const found = await execute(admin, `select 1 from pg_database where datname = '${DATABASE}'`);
  if (found.rowCount === 0) await execute(admin, `create database ${DATABASE}`);
  return { url: urlOf(options.port, password, DATABASE), server, dataDir };
}
