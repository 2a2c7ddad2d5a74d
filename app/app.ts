/**
 * The application: what every surface (command line, HTTP, MCP, SDK) is given to work with. It opens what
 * runs here, and knows whose rows may be seen and who acts. Nothing goes around it.
 */
import type { Client } from '@temporalio/client';
import type { Config } from '../config/index.js';
import { openDatabase, type Database } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';
import { NotReachableError } from './not-reachable.js';

export interface App {
  readonly config: Config;
  readonly db: Database;
  /** Whose rows are seen and changed. */
  readonly userId: string;
  /** Who acts, for the record: `cli:anna`. */
  readonly actor: string;
  /** Connects on the first call; reads need no Temporal. @throws NotReachableError */
  temporal(): Promise<Client>;
  close(): Promise<void>;
}

/** A call has a handful of connections at the most: watching reads, one at a time. */
const POOL_SIZE = 3;
/** What Temporal is not needed for at once goes on without it after this: a row is the command. */
const TEMPORAL_TIMEOUT_MS = 3_000;

const NOTHING_RUNS =
  'nothing runs here: start it with "npm start", or set DATABASE_URL and TEMPORAL_ADDRESS to what runs elsewhere';

/**
 * Opens the database of what runs here, as the owner of this installation.
 * @throws NotReachableError that says how to start it
 */
export async function openApp(
  config: Config,
  actor: string,
  answerTimeoutMs?: number,
): Promise<App> {
  const { databaseUrl } = config;
  if (!databaseUrl) throw new NotReachableError(NOTHING_RUNS);
  const bound = answerTimeoutMs === undefined ? {} : { answerTimeoutMs };
  const db = openDatabase({ url: databaseUrl, poolSize: POOL_SIZE, ...bound });
  try {
    const { ownerId } = await ensureInstallation(db);
    return appOf(config, db, ownerId, actor);
  } catch (error) {
    await db.$disconnect();
    throw databaseError(databaseUrl, error);
  }
}

function appOf(config: Config, db: Database, userId: string, actor: string): App {
  const { temporal, close } = temporalOf(config);
  return {
    ...{ config, db, userId, actor, temporal },
    close: async () => {
      await db.$disconnect();
      await close();
    },
  };
}

/** One connection to Temporal, made on the first call and again after a failed one. */
export function temporalOf(config: Config): Pick<App, 'temporal' | 'close'> {
  let connecting: Promise<Client> | undefined;
  return {
    temporal: async () => {
      connecting ??= connectTemporal(config);
      try {
        return await connecting;
      } catch (error) {
        connecting = undefined;
        throw error;
      }
    },
    close: async () => {
      const client = await connecting?.catch(() => undefined);
      await client?.connection.close();
    },
  };
}

/** @throws NotReachableError when no server answers */
export async function connectTemporal(config: Config): Promise<Client> {
  // Loading Temporal's client takes longer than most reads: it is done only where it is needed.
  const { openTemporal, temporalSettings } = await import('../client/temporal.js');
  try {
    return await openTemporal(temporalSettings(config), TEMPORAL_TIMEOUT_MS);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new NotReachableError(message, { cause: error });
  }
}

/** What the driver says of a database that is away, as something a person can act on. */
export function databaseError(url: string, error: unknown): NotReachableError {
  const why = error instanceof Error ? (error.message.split('\n').pop() ?? '') : String(error);
  const code = (error as { code?: string }).code;
  const isEmpty = code === 'P2021' || /does not exist/.test(why);
  const message = isEmpty
    ? `the database at ${placeOf(url)} has not been migrated: run "npm start", or "node scripts/migrate.mjs"`
    : `the database at ${placeOf(url)} doesn't answer: start it with "npm start", or check DATABASE_URL (${why.trim()})`;
  return new NotReachableError(message, { cause: error });
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
