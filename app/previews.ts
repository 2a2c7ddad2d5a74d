/**
 * Previews (PRV-1 to PRV-3): what a signal would come to, and having exactly that sent. Every surface previews and
 * executes here; whoever executes, and however often, it becomes one trade.
 */
import { randomUUID } from 'node:crypto';
import { accountFrom } from '../contract/connection.js';
import { PREVIEW_WITHIN_MS, previewSignalId } from '../contract/preview.js';
import { parseSignal } from '../contract/signal.js';
import type { PreviewView } from '../contract/views.js';
import type { EpochMs } from '../domain/vocabulary.js';
import {
  executePreview as executeRow,
  type Execution,
  type RefusalCode,
} from '../store/previews/execute.js';
import { requestPreview, type RequestedPreview } from '../store/previews/request.js';
import { loadPreview as readPreview } from '../store/reads.js';
import type { App } from './app.js';
import { plainMessage } from './plain-message.js';
import { startNow } from './signals.js';
import { within } from './within.js';

export { PreviewsBusyError } from '../store/previews/request.js';
export { NoAccountError } from '../store/signals.js';
export { SignalKnownError } from '../store/previews/provisional.js';

/** There is no such preview, or it belongs to somebody else (PRV-3). */
export class NoSuchPreviewError extends Error {
  override readonly name = 'NoSuchPreviewError';
  constructor(name: string) {
    super(`there is no preview ${name}`);
  }
}

/** Nobody could make it: nothing was sent, and nothing is kept from others. */
export class PreviewUnmadeError extends Error {
  override readonly name = 'PreviewUnmadeError';
  constructor(
    readonly previewId: string,
    why: string,
  ) {
    super(`no preview was made (${why}): nothing was sent; "ballast doctor" says what is missing`);
  }
}

/**
 * Previews a signal, which needs no id. What would be denied is a preview as well: its checks say why.
 * @throws InvalidSignalError, SignalKnownError, NoAccountError, PreviewsBusyError, PreviewUnmadeError, NotReachableError
 */
export async function previewTrade(app: App, body: unknown): Promise<PreviewView> {
  const { db, userId, config } = app;
  const previewId = randomUUID();
  const signal = parseSignal(withId(body, previewSignalId(previewId)));
  const defaultAccount = accountFrom(config);
  const requested = await requestPreview(db, { previewId, userId, signal, defaultAccount });
  const problem = await make(app, requested);
  const view = await readPreview(db, userId, previewId);
  if (view?.shows) return view;
  throw new PreviewUnmadeError(previewId, problem ?? 'it is not there');
}

function withId(body: unknown, id: string): unknown {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject && !('id' in body) ? { id, ...body } : body;
}

/** One preview. @throws NoSuchPreviewError */
export async function loadPreview({ db, userId }: App, previewId: string): Promise<PreviewView> {
  const view = isUuid(previewId) ? await readPreview(db, userId, previewId) : null;
  if (view === null) throw new NoSuchPreviewError(previewId);
  return view;
}

/** What came of an execution. */
export type Executed =
  | {
      readonly kind: 'executed';
      readonly tradeId: string;
      /** False: it was executed before; nothing new happened. */
      readonly isNew: boolean;
      /** Why its workflow could not be started at once; the sweep starts it. Null when it is started. */
      readonly startsLater: string | null;
    }
  /** Price or size have moved: nothing was sent; this one may be executed instead. */
  | { readonly kind: 'changed'; readonly why: string; readonly preview: PreviewView }
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string };

/**
 * Executes a preview: exactly what it shows is sent, once, or nothing. It may be called again whatever came of an
 * earlier call, and by several at once.
 * @param nowMs in place of the database's clock, for tests
 * @throws NoSuchPreviewError, PreviewsBusyError, NotReachableError
 */
export async function executePreview(
  app: App,
  previewId: string,
  nowMs: EpochMs | null = null,
): Promise<Executed> {
  if (!isUuid(previewId)) throw new NoSuchPreviewError(previewId);
  const first = await executeOnce(app, previewId, { nowMs });
  if (first.kind !== 'compare') return ended(app, first);
  const problem = await make(app, first.fresh);
  const { previewId: freshId } = first.fresh;
  const second = await executeOnce(app, previewId, { nowMs, freshId });
  if (second.kind === 'compare') throw new Error(`preview ${previewId} was compared already`);
  const { kind } = second;
  if (kind !== 'refused' || second.code !== 'PREVIEW_NOT_MADE' || problem === null) {
    return ended(app, second);
  }
  return { ...second, reason: `${second.reason} (${problem})` };
}

async function executeOnce(
  { db, userId, actor }: App,
  previewId: string,
  asked: { readonly nowMs: EpochMs | null; readonly freshId?: string },
): Promise<Execution> {
  const execution = await executeRow(db, { userId, previewId, actor, ...asked });
  if (execution === null) throw new NoSuchPreviewError(previewId);
  return execution;
}

async function ended(
  app: App,
  execution: Exclude<Execution, { kind: 'compare' }>,
): Promise<Executed> {
  switch (execution.kind) {
    case 'executed':
      return executed(app, execution);
    case 'changed':
      return {
        ...{ kind: 'changed', why: execution.why },
        preview: await loadPreview(app, execution.freshId),
      };
    case 'refused':
      return execution;
  }
}

async function executed(
  app: App,
  { kind, tradeId, isNew, isStarted, start }: Extract<Execution, { kind: 'executed' }>,
): Promise<Executed> {
  const startsLater = isStarted ? null : await startNow(app, tradeId, start);
  return { kind, tradeId, isNew, startsLater };
}

/** The workflow gives up by itself; a server that says nothing is waited for no longer. */
const WAIT_MS = PREVIEW_WITHIN_MS + 5_000;

/**
 * Has it made, or waits for whoever makes it. @returns why it was not made, or null
 * @throws NotReachableError when Temporal doesn't answer
 */
async function make(
  { temporal, config }: App,
  { previewId, brokerAccountId, symbol, side }: RequestedPreview,
): Promise<string | null> {
  const client = await temporal();
  const { startPreview } = await import('../client/previews.js');
  const input = { previewId, brokerAccountId, summary: `${side} ${symbol}` };
  try {
    const started = startPreview(client, input, config.taskQueuePrefix);
    const made = started.then((run) => run.result());
    return (await within(made, WAIT_MS, lateError)).reason;
  } catch (error) {
    return plainMessage(error);
  }
}

function lateError(waitMs: number): Error {
  return new Error(`no trade worker has answered within ${waitMs / 1_000} s`);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is no id at all is nobody's preview. */
function isUuid(name: string): boolean {
  return UUID.test(name);
}
