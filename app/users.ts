/**
 * The application for many users in one process: each request gets it as the user it was made by, over one
 * pool and one connection to Temporal.
 */
import { openDatabase, type Database } from '../store/database.js';
import { ensureInstallation, OWNER_NAME } from '../store/installation.js';
import { userIdNamed } from '../store/users.js';
import { temporalOf, type App } from './app.js';
import { NotReachableError } from './not-reachable.js';

export { OWNER_NAME };

export interface UserApp {
  readonly app: App;
  /** May turn what concerns all users: the installation's mode, its halt file. */
  readonly isOwner: boolean;
}

export interface SharedApp extends Pick<App, 'config' | 'temporal' | 'close'> {
  readonly db: Database;
  /**
   * The application as one user.
   * @param name the user's, as a token says it
   * @param actor who acts, for the record
   * @returns null when there is no such user
   */
  as(name: string, actor: string): Promise<UserApp | null>;
}

export interface SharedOptions {
  /** Connections to the database; more requests at once wait for one. */
  readonly poolSize: number;
  /** A statement that takes longer waits for a lock or a server that is gone. */
  readonly answerTimeoutMs: number;
}

/** Ids of users never change: so many are remembered, and the database is asked again for others. */
const USERS_REMEMBERED_MAX = 1_000;

/**
 * Opens it without asking the database for anything: a process that serves many says itself what is away.
 * @throws NotReachableError when no database is named
 */
export function openShared(config: App['config'], options: SharedOptions): SharedApp {
  const { databaseUrl: url } = config;
  if (!url) throw new NotReachableError('DATABASE_URL is not set: run "npm start", or set it');
  const db = openDatabase({ url, ...options });
  const { temporal: connect, close } = temporalOf(config);
  const temporal = notAgainAtOnce(connect);
  const idOf = remembered(db);
  return {
    ...{ config, db, temporal },
    as: async (name, actor) => {
      const userId = await idOf(name);
      if (userId === null) return null;
      // What is shared is closed by whoever opened it.
      const app = { config, db, userId, actor, temporal, close: () => Promise.resolve() };
      return { app, isOwner: name === OWNER_NAME };
    },
    close: async () => {
      await db.$disconnect();
      await close();
    },
  };
}

/** A server that did not answer is not waited for again by each request: what is committed starts later anyway. */
const ASK_AGAIN_MS = 2_000;

function notAgainAtOnce(connect: App['temporal']): App['temporal'] {
  let failed: { readonly atMs: number; readonly error: unknown } | null = null;
  return async () => {
    if (failed !== null && Date.now() - failed.atMs < ASK_AGAIN_MS) throw failed.error;
    try {
      const client = await connect();
      failed = null;
      return client;
    } catch (error) {
      failed = { atMs: Date.now(), error };
      throw error;
    }
  };
}

function remembered(db: Database): (name: string) => Promise<string | null> {
  const ids = new Map<string, string>();
  return async (name) => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    const id = (await userIdNamed(db, name)) ?? (await madeNow(db, name));
    if (id !== null && ids.size < USERS_REMEMBERED_MAX) ids.set(name, id);
    return id;
  };
}

/** The owner is made with the installation, by whoever comes first. */
async function madeNow(db: Database, name: string): Promise<string | null> {
  return name === OWNER_NAME ? (await ensureInstallation(db)).ownerId : null;
}
