/** Structured logs: one JSON line each on stderr, never a secret, trade ids bound by the caller. */
import pino from 'pino';

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

/** Makes the process's logger; `name` is the process, `level` a pino level such as `info`. */
export function createLogger(name: string, level: string): Logger {
  return pino({ name, level, redact: REDACTED }, pino.destination({ dest: 2, sync: true }));
}
