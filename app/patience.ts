/** Opening the application while the database may be starting: waited for, for as long as that takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/index.js';
import { sqlStateOf } from '../store/failure.js';
import { openApp, type App } from './app.js';
import { NotReachableError } from './not-reachable.js';

/** A database that its supervisor starts again is back within that; a caller waits no longer. */
const OPEN_PATIENCE_MS = 10_000;
const OPEN_AGAIN_MS = 250;

/** It starts, goes down or is being made safe: of each it comes back by itself. */
const STARTING = ['57P01', '57P02', '57P03'];

/**
 * The same as `openApp` while what runs here may be starting its database again.
 * @throws NotReachableError when it stays away, and at once for what no waiting mends
 */
export async function openPatiently(config: Config, actor: string): Promise<App> {
  const deadlineMs = Date.now() + OPEN_PATIENCE_MS;
  for (;;) {
    try {
      return await openApp(config, actor);
    } catch (error) {
      if (!isStarting(error) || Date.now() > deadlineMs) throw error;
      await sleep(OPEN_AGAIN_MS);
    }
  }
}

function isStarting(error: unknown): boolean {
  if (!(error instanceof NotReachableError) || error.cause === undefined) return false;
  const { cause } = error;
  if (STARTING.includes(sqlStateOf(cause) ?? '')) return true;
  return isRefused(cause);
}

/** Nobody listens there, or it hung up while it went down: in the driver's words, and in Prisma's. */
const AWAY =
  /ECONNREFUSED|ECONNRESET|Connection terminated|Can't reach database server|Server has closed the connection|the database system is/;

function isRefused(error: unknown): boolean {
  return AWAY.test(textOf(error));
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return `${error.name} ${String(code)} ${error.message} ${error.cause ? textOf(error.cause) : ''}`;
}
