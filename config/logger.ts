/** Structured logs: one JSON line each on stderr, never a secret, trade ids bound by the caller. */
import pino from 'pino';
import { currentTrace } from '../telemetry/spans.js';

export type Logger = pino.Logger;

/** Fields that never reach a log, wherever they stand. */
const REDACTED = [
  'password',
  'apiKey',
  'token',
  'secret',
  'authorization',
  'url',
  '*.password',
  '*.apiKey',
  '*.token',
  '*.url',
];

/**
 * Makes the process's logger; `name` is the process, `level` a pino level such as `info`. A line that is written within
 * a trace names it.
 */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, redact: REDACTED, mixin: currentTrace };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}
