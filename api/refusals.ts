/** Which problem an error is: of the application, of Fastify, or of nobody. */
import { NotReachableError } from '../app/not-reachable.js';
import { NoSuchTradeError } from '../app/commands.js';
import { HookRefusedError } from '../app/hooks.js';
import { SessionRefusedError } from '../app/sessions.js';
import { isOfDatabase } from '../app/failure.js';
import { NoChannelError } from '../app/notifications.js';
import { plainMessage } from '../app/plain-message.js';
import {
  NoSuchPreviewError,
  PreviewsBusyError,
  PreviewUnmadeError,
  SignalKnownError,
} from '../app/previews.js';
import { NoSuchAccountError } from '../app/reconcile.js';
import { CannotResolveError } from '../app/resolve.js';
import {
  NoAccountError,
  SignalConflictError,
  SubmissionRefusedError,
  SubmissionUnknownError,
} from '../app/signals.js';
import { InvalidAlertError, StrategyNotAllowedError } from '../contract/hooks/alert.js';
import { InvalidSignalError } from '../contract/signal.js';
import { Problem } from './problems.js';
import { inMembers } from './wording.js';

/** What is answered where nobody expected the error: nothing of it leaves this process but its id. */
const INTERNAL = 'it is in the log under the id of this request; it may have been done or not';
const RETRY_AFTER_S = '2';

/** The refusal that an error is answered with. */
export function problemOf(error: unknown): Problem {
  return (
    ownProblem(error) ??
    hookProblem(error) ??
    signalProblem(error) ??
    previewProblem(error) ??
    requestProblem(error) ??
    awayProblem(error) ??
    new Problem('INTERNAL', INTERNAL)
  );
}

function ownProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof NoSuchTradeError || error instanceof NoSuchAccountError) {
    return new Problem('NOT_FOUND', error.message);
  }
  const isRefused =
    error instanceof CannotResolveError ||
    error instanceof SessionRefusedError ||
    error instanceof NoChannelError;
  return isRefused ? new Problem('REFUSED', inMembers(error.message)) : null;
}

function hookProblem(error: unknown): Problem | null {
  if (error instanceof InvalidAlertError) {
    return new Problem('INVALID_ALERT', error.message, { errors: error.issues });
  }
  if (error instanceof StrategyNotAllowedError) {
    const errors = [{ path: 'strategy_id', message: 'is none that this webhook was made for' }];
    return new Problem('STRATEGY_NOT_ALLOWED', error.message, { errors });
  }
  return error instanceof HookRefusedError ? new Problem('REFUSED', error.message) : null;
}

function signalProblem(error: unknown): Problem | null {
  if (error instanceof InvalidSignalError) {
    return new Problem('INVALID_SIGNAL', error.message, { errors: error.issues });
  }
  if (error instanceof SignalConflictError) {
    const errors = error.fields.map((path) => ({ path, message: 'differs from the first' }));
    return new Problem('SIGNAL_CONFLICT', error.message, { errors, trade_id: error.tradeId });
  }
  if (error instanceof NoAccountError) return away(`not stored: ${error.message}`);
  if (error instanceof SubmissionRefusedError) return new Problem('NOT_STORED', error.message);
  if (error instanceof SubmissionUnknownError) {
    const detail =
      'not known whether it was stored: send it again, the same id is the same trade (the database does not answer)';
    return new Problem('UNKNOWN_OUTCOME', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
  }
  return null;
}

function previewProblem(error: unknown): Problem | null {
  if (error instanceof NoSuchPreviewError) return new Problem('NOT_FOUND', error.message);
  if (error instanceof SignalKnownError) {
    return new Problem('SIGNAL_KNOWN', error.message, { trade_id: error.tradeId });
  }
  if (error instanceof PreviewsBusyError) {
    const headers = { 'retry-after': RETRY_AFTER_S };
    return new Problem('PREVIEWS_BUSY', error.message, { headers });
  }
  return error instanceof PreviewUnmadeError ? away(error.message) : null;
}

/** What the driver says names hosts and statements: that goes to the log. */
function awayProblem(error: unknown): Problem | null {
  if (error instanceof NotReachableError) return away(withoutPlace(error));
  if (isOfDatabase(error)) return away('the database does not answer, or not in time');
  return null;
}

function withoutPlace(error: NotReachableError): string {
  return /database/i.test(error.message)
    ? 'the database does not answer'
    : 'Temporal does not answer';
}

function away(detail: string): Problem {
  return new Problem('UNAVAILABLE', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
}

/** By Fastify's own codes, else by the status that it gave. */
const BY_CODE = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
} as const;

function requestProblem(error: unknown): Problem | null {
  const { code = '', statusCode = 500 } = error as { code?: string; statusCode?: number };
  const known = BY_CODE[code as keyof typeof BY_CODE];
  if (known) return new Problem(known, plainMessage(error));
  const isOfCaller = code.startsWith('FST_ERR_') && statusCode >= 400 && statusCode < 500;
  return isOfCaller ? new Problem('INVALID_REQUEST', plainMessage(error)) : null;
}
