/** What a command talks to: the database and Temporal of the installation that runs here. */
import { userInfo } from 'node:os';
import type { Client } from '@temporalio/client';
import { openTemporal } from '../client/temporal.js';
import {
  ConfigError,
  loadConfig,
  readRuntime,
  runtimeFile,
  withRuntime,
  type Config,
} from '../config/index.js';
import { tradeWorkflowId } from '../contract/workflows.js';
import type { SignalDeps } from '../app/signals.js';
import { openDatabase, type Database } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';
import { CliError, EXIT } from './exit.js';
import type { Io } from './io.js';

export interface Stack {
  readonly config: Config;
  readonly db: Database;
  /** Whose rows the command line sees: the owner of this installation. */
  readonly userId: string;
  /** Connects on the first call. @throws CliError when no server answers. */
  temporal(): Promise<Client>;
  signalDeps(): Promise<SignalDeps>;
  /** Where a person can read the trade's history; null when no address of a Temporal UI is known. */
  historyUrl(tradeId: string): string | null;
  close(): Promise<void>;
}

/** A command holds a handful of connections at the most: watching reads, one at a time. */
const POOL_SIZE = 3;

const NOTHING_RUNS =
  'nothing runs here: start it with "npm start", or set DATABASE_URL and TEMPORAL_ADDRESS to what runs elsewhere';

/** The settings as the running parts have them. @throws CliError naming each wrong variable */
export function readConfig(io: Io): Config {
  try {
    return loadConfig(withRuntime(io.env));
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(EXIT.usage, error.message);
    throw error;
  }
}

/** Who gives a command, for the record. */
export function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A user id without an entry in the password file, as in some containers.
    return 'cli';
  }
}

/**
 * Opens the database of what runs here.
 * @throws CliError (not reachable) that says how to start it
 */
export async function openStack(io: Io): Promise<Stack> {
  const config = readConfig(io);
  if (!config.databaseUrl) throw new CliError(EXIT.unreachable, NOTHING_RUNS);
  const db = openDatabase({ url: config.databaseUrl, poolSize: POOL_SIZE });
  try {
    const { ownerId } = await ensureInstallation(db);
    return stackOf(io, config, db, ownerId);
  } catch (error) {
    await db.$disconnect();
    throw databaseError(config.databaseUrl, error);
  }
}

/** Opens the stack, runs the work on it and closes it, whatever happens. */
export async function withStack<T>(io: Io, work: (stack: Stack) => Promise<T>): Promise<T> {
  const stack = await openStack(io);
  try {
    return await work(stack);
  } finally {
    await stack.close();
  }
}

function stackOf(io: Io, config: Config, db: Database, userId: string): Stack {
  let client: Client | undefined;
  const temporal = async () => (client ??= await connectTemporal(config));
  const uiUrl = readRuntime(io.env)?.urls['temporal-ui'];
  return {
    config,
    db,
    userId,
    temporal,
    signalDeps: async () => ({
      db,
      temporal: await temporal(),
      queuePrefix: config.taskQueuePrefix,
    }),
    historyUrl: (tradeId) =>
      uiUrl
        ? `${uiUrl.replace(/\/$/, '')}/namespaces/${config.temporalNamespace}/workflows/${tradeWorkflowId(tradeId)}`
        : null,
    close: async () => {
      await db.$disconnect();
      await client?.connection.close();
    },
  };
}

/** @throws CliError (not reachable) when no server answers */
export async function connectTemporal(config: Config): Promise<Client> {
  try {
    return await openTemporal({
      address: config.temporalAddress,
      namespace: config.temporalNamespace,
      apiKey: config.temporalApiKey,
      tls: config.temporalTls,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.unreachable, message, { cause: error });
  }
}

/** What the driver says, as something a person can act on. */
export function databaseError(url: string, error: unknown): CliError {
  const why = error instanceof Error ? (error.message.split('\n').pop() ?? '') : String(error);
  const code = (error as { code?: string }).code;
  const isEmpty = code === 'P2021' || /does not exist/.test(why);
  const message = isEmpty
    ? `the database at ${placeOf(url)} has not been migrated: run "npm start", or "node scripts/migrate.mjs"`
    : `the database at ${placeOf(url)} doesn't answer: start it with "npm start", or check DATABASE_URL (${why.trim()})`;
  return new CliError(EXIT.unreachable, message, { cause: error });
}

/** Host, port and name of a database, without its password. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

/** Whether a supervisor of this checkout is alive, and where it says so. */
export function runningHere(io: Io): { readonly isRunning: boolean; readonly file: string } {
  return { isRunning: readRuntime(io.env) !== undefined, file: runtimeFile(io.env) };
}
