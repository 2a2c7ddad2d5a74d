/** Taking signals in: the same checks and the same record, whatever surface they come through. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { accountFrom } from '../contract/connection.js';
import { localUrl, tradePageUrl } from '../contract/login.js';
import { parseSignal } from '../contract/signal.js';
import { around } from '../failpoints/failpoint.js';
import type { Database } from '../store/database.js';
import { isOfDatabase, isRefusedData, isUnfitData } from '../store/failure.js';
import { acceptSignal } from '../store/signals.js';
import {
  loadTradeStart,
  markTradeStarted,
  tradesWithoutWorkflow,
  type TradeStart,
} from '../store/trade-start.js';
import type { App } from './app.js';
import { plainMessage } from './plain-message.js';
import { within } from './within.js';

export { NoAccountError, SignalConflictError } from '../store/signals.js';

export interface SignalDeps {
  readonly db: Database;
  /** Connected, or how to connect: a signal is committed before Temporal is asked for anything. */
  readonly temporal: Client | (() => Promise<Client>);
  readonly queuePrefix: string;
  /** Where a new strategy trades that names no account; undefined: on the oldest there is. */
  readonly defaultAccount?: string | undefined;
  /** Where the HTTP API is reached, which has the dashboard: for links to a trade's page. */
  readonly pagesUrl?: string | undefined;
}

export interface SubmittedSignal {
  readonly tradeId: string;
  /** False when the same signal was known: nothing new happened. */
  readonly isNew: boolean;
  /** Why its workflow could not be started at once; the sweep starts it. Null when it is started. */
  readonly startsLater: string | null;
}

/** What the services for signals need of the application. */
export function signalDeps({ db, temporal, config }: App): SignalDeps {
  const { taskQueuePrefix: queuePrefix } = config;
  const pagesUrl = config.apiPublicUrl ?? localUrl(config.apiHost, config.apiPort);
  return { db, temporal, queuePrefix, defaultAccount: accountFrom(config), pagesUrl };
}

/**
 * Takes a signal in: parse, commit, start its workflow. The same signal again gives the same trade.
 * Temporal need not be there: what is committed is started by the sweep.
 * @throws InvalidSignalError, SignalConflictError, NoAccountError
 */
export async function submitSignal(
  deps: SignalDeps,
  userId: string,
  body: unknown,
): Promise<SubmittedSignal> {
  const { started, ...taken } = await commitSignal(deps, userId, body);
  return { ...taken, startsLater: await started };
}

/** A signal that is committed; whoever took it in need not wait until it is started too. */
export interface CommittedSignal extends Omit<SubmittedSignal, 'startsLater'> {
  /** As `startsLater`. It never fails. */
  readonly started: Promise<string | null>;
}

/** Commits a signal, and waits for nothing but the database. @throws as `submitSignal` does */
export async function commitSignal(
  deps: SignalDeps,
  userId: string,
  body: unknown,
): Promise<CommittedSignal> {
  const signal = parseSignal(body);
  const { tradeId, isNew, isStarted, start } = await acceptSignal(
    deps.db,
    userId,
    signal,
    deps.defaultAccount,
  );
  const started = isStarted ? Promise.resolve(null) : tryToStart(deps, tradeId, start);
  return { tradeId, isNew, started };
}

/**
 * What came of a signal can't be told: the database went away while it was being stored. It may be stored or
 * not; the same id again is the same trade.
 */
export class SubmissionUnknownError extends Error {
  override readonly name = 'SubmissionUnknownError';
  constructor(cause: unknown) {
    super(
      'not known whether it was stored: submit it again, the same id is the same trade ' +
        `(the database does not answer: ${plainMessage(cause)})`,
      { cause },
    );
  }
}

/** The database takes no such body, now or later: nothing was stored. */
export class SubmissionRefusedError extends Error {
  override readonly name = 'SubmissionRefusedError';
  constructor(cause: unknown) {
    super(`not stored: the database refuses what stands in it (${plainMessage(cause)})`, { cause });
  }
}

/** A database that its supervisor starts again is back within that; a caller waits no longer. */
const SUBMIT_PATIENCE_MS = 10_000;
const SUBMIT_AGAIN_MS = 500;

/**
 * The same while the database may be gone for some seconds: tried again, which doubles nothing.
 * @throws SubmissionUnknownError when it stays away, SubmissionRefusedError, and what `submitSignal` throws
 */
export async function submitPatiently(
  deps: SignalDeps,
  userId: string,
  body: unknown,
): Promise<SubmittedSignal> {
  const deadlineMs = Date.now() + SUBMIT_PATIENCE_MS;
  for (;;) {
    try {
      return await submitSignal(deps, userId, body);
    } catch (error) {
      const told = submissionError(error);
      if (!(told instanceof SubmissionUnknownError) || Date.now() > deadlineMs) throw told;
      await sleep(SUBMIT_AGAIN_MS);
    }
  }
}

/** What the database's failure says of a signal that was being stored; every other error as it is. */
function submissionError(error: unknown): unknown {
  if (isUnfitData(error)) return new SubmissionRefusedError(error);
  return isOfDatabase(error) && !isRefusedData(error) ? new SubmissionUnknownError(error) : error;
}

/**
 * Commits a signal for somebody who hangs up soon: one try, and no longer than that.
 * @throws as `submitPatiently` does
 */
export async function commitWithin(
  deps: SignalDeps,
  userId: string,
  body: unknown,
  waitMs: number,
): Promise<CommittedSignal> {
  const late = () => new SubmissionUnknownError(new Error(`no answer within ${waitMs} ms`));
  try {
    return await within(commitSignal(deps, userId, body), waitMs, late);
  } catch (error) {
    throw submissionError(error);
  }
}

/**
 * Starts the workflow of a committed trade. @returns why it could not be started, or null; the sweep does it
 * then.
 */
export function startNow(app: App, tradeId: string, known?: TradeStart): Promise<string | null> {
  return tryToStart(signalDeps(app), tradeId, known);
}

/** A server that takes longer is restarting or overloaded: whoever submitted is answered without it. */
const START_TIMEOUT_MS = 5_000;

async function tryToStart(
  deps: SignalDeps,
  tradeId: string,
  known?: TradeStart,
): Promise<string | null> {
  try {
    const client = typeof deps.temporal === 'function' ? await deps.temporal() : deps.temporal;
    const start = () => startCommitted(deps, client, tradeId, known);
    await client.withDeadline(Date.now() + START_TIMEOUT_MS, start);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function startCommitted(
  { db, queuePrefix, pagesUrl }: SignalDeps,
  client: Client,
  tradeId: string,
  known?: TradeStart,
): Promise<void> {
  const { startTrade } = await import('../client/trades.js');
  const start = known ?? (await loadTradeStart(db, tradeId));
  const input = { ...start.input, queuePrefix };
  const page = pagesUrl === undefined ? undefined : tradePageUrl(pagesUrl, tradeId);
  await around('sweep.start', { tradeId }, () =>
    startTrade(client, input, start.summary, undefined, page),
  );
  await around('sweep.mark', { tradeId }, () => markTradeStarted(db, tradeId));
}

/** A signal younger than this is still in the hands of the process that took it in. */
const SWEEP_AGE_MS = 5_000;
/** Signals per sweep: bounded, the next sweep takes the rest. */
const SWEEP_BATCH = 100;

/** Starts what a crash between commit and start left without a workflow; gives how many it started. */
export async function sweepUnstarted(
  deps: SignalDeps & { readonly temporal: Client },
): Promise<number> {
  const tradeIds = await tradesWithoutWorkflow(deps.db, SWEEP_AGE_MS, SWEEP_BATCH);
  for (const tradeId of tradeIds) await startCommitted(deps, deps.temporal, tradeId);
  return tradeIds.length;
}
