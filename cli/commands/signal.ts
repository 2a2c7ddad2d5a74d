/** `ballast signal`: hands signals to the same service that every other surface uses. */
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import { NotReachableError } from '../../app/not-reachable.js';
import {
  NoAccountError,
  SignalConflictError,
  signalDeps,
  submitPatiently,
  SubmissionRefusedError,
  SubmissionUnknownError,
} from '../../app/signals.js';
import { plainMessage } from '../../app/plain-message.js';
import { hasEndedUnopened, type TradeDetail } from '../../contract/views.js';
import { CliError, EXIT, worse, type ExitCode } from '../exit.js';
import { followTrade, WAITS, type Wait } from '../follow.js';
import type { Io } from '../io.js';
import { lineText } from '../life.js';
import { jsonLine, paint } from '../print.js';
import { readSignal, reportUnread, type ReadSignal } from '../signal-file.js';
import { historyUrl, withApp } from '../stack.js';
import type { Register } from './context.js';

interface SignalOptions {
  readonly watch?: boolean;
  readonly id?: string;
  readonly json?: boolean;
  readonly wait?: Wait;
}

/** What became of one file; with --json, one line each. */
interface Submitted {
  readonly file: string;
  /** Only where there is no trade to name: nothing was stored, or nobody knows whether it was. */
  readonly state?: 'not_stored' | 'unknown';
  /** Of one that is known with another body: that one's. */
  readonly trade_id?: string;
  /** False: the same signal was known, nothing new happened. */
  readonly is_new?: boolean;
  readonly trade?: TradeDetail;
  readonly error?: { readonly code: string; readonly message: string; readonly issues?: unknown };
}

export const registerSignal: Register = (program, { io, finish }) => {
  program
    .command('signal')
    .argument('<file...>', 'JSON files, one signal each; - reads standard input')
    .option('-w, --watch', 'print the life of each trade until its end')
    .option('--id <id>', "submit under this id instead of the file's (one file only)")
    .addOption(new Option('--wait <what>', 'wait for this before ending').choices(WAITS))
    .option('--json', 'print one line of JSON for each file')
    .action(async (files: string[], options: SignalOptions) => {
      if (options.id !== undefined && files.length > 1) {
        throw new CliError(EXIT.usage, '--id names one signal: give one file with it');
      }
      finish(await submitFiles(io, files, options));
    });
};

async function submitFiles(
  io: Io,
  files: readonly string[],
  options: SignalOptions,
): Promise<ExitCode> {
  const bodies = await Promise.all(files.map((file) => readSignal(io, file, options.id)));
  const readable = bodies.filter((body) => body.error === null);
  let code: ExitCode = EXIT.ok;
  for (const { file, error } of bodies) {
    if (error) code = worse(code, reportUnread(io, file, error, options.json === true));
  }
  if (readable.length === 0) return code;
  let isOpen = false;
  try {
    const submitAllOpen = (app: App) => {
      isOpen = true;
      return submitAll(io, app, readable, options);
    };
    return worse(code, await withApp(io, submitAllOpen, { isPatient: true }));
  } catch (error) {
    if (isOpen || !(error instanceof NotReachableError)) throw error;
    for (const { file } of readable) notStored(io, file, error.message, options);
    return EXIT.unreachable;
  }
}

async function submitAll(
  io: Io,
  app: App,
  readable: readonly ReadSignal[],
  options: SignalOptions,
): Promise<ExitCode> {
  // All are committed before the first is followed: a life may take long.
  const submitted = await Promise.all(
    readable.map(({ file, body }) => submit(io, app, file, body, options)),
  );
  let worst: ExitCode = EXIT.ok;
  for (const each of submitted) {
    const end = await finishOne(io, app, each, options).catch((error: unknown) =>
      notFollowed(io, each, error, options),
    );
    worst = worse(worst, end);
  }
  return worst;
}

function notStored(io: Io, file: string, message: string, { json }: SignalOptions): void {
  io.err(`${file}: not stored: ${message}\n`);
  const error = { code: 'UNREACHABLE', message };
  if (json) io.out(jsonLine({ file, state: 'not_stored', error } satisfies Submitted));
}

async function submit(
  io: Io,
  app: App,
  file: string,
  body: unknown,
  options: SignalOptions,
): Promise<Submitted> {
  try {
    const submitted = await submitPatiently(signalDeps(app), app.userId, body);
    const { tradeId, isNew, startsLater } = submitted;
    if (!options.json)
      io.err(`${file}: ${isNew ? 'accepted' : 'known already'}, trade ${tradeId}\n`);
    if (startsLater) io.err(`${file}: it is kept, and starts by itself later: ${startsLater}\n`);
    return { file, trade_id: tradeId, is_new: isNew };
  } catch (error) {
    return unsubmitted(io, file, error);
  }
}

/** Why a file gave no trade; the others go on. */
function unsubmitted(io: Io, file: string, error: unknown): Submitted {
  const told = (found: Omit<Submitted, 'file'> & { error: { message: string } }): Submitted => {
    io.err(`${file}: ${found.error.message}\n`);
    return { file, ...found };
  };
  const message = plainMessage(error);
  if (error instanceof SignalConflictError) {
    const issues = error.fields.map((path) => ({ path, message: 'differs from the first' }));
    return told({ trade_id: error.tradeId, error: { code: 'SIGNAL_CONFLICT', message, issues } });
  }
  if (error instanceof NoAccountError) {
    return told({ state: 'not_stored', error: { code: 'UNREACHABLE', message } });
  }
  if (error instanceof SubmissionUnknownError) {
    return told({ state: 'unknown', error: { code: 'UNREACHABLE', message } });
  }
  if (error instanceof SubmissionRefusedError) {
    return told({ state: 'not_stored', error: { code: 'NOT_STORED', message } });
  }
  return told({ state: 'unknown', error: { code: 'FAILED', message: `${UNKNOWN}: ${message}` } });
}

const UNKNOWN = 'not known whether it was stored: submit it again, the same id is the same trade';

/** The trade is there and goes on; only following it has failed. */
function notFollowed(
  io: Io,
  { file, ...submitted }: Submitted,
  error: unknown,
  { json }: SignalOptions,
): ExitCode {
  const message = plainMessage(error);
  io.err(`${file}: ${message}\n`);
  const code = error instanceof CliError ? error.exitCode : EXIT.failed;
  const name = code === EXIT.unreachable ? 'UNREACHABLE' : 'FAILED';
  if (json) io.out(jsonLine({ file, ...submitted, error: { code: name, message } }));
  return code;
}

/** Waits as asked and prints what there is to print; a trade that ended without opening is a 1. */
async function finishOne(
  io: Io,
  app: App,
  submitted: Submitted,
  { watch, wait, json }: SignalOptions,
): Promise<ExitCode> {
  const { trade_id: tradeId, state, error } = submitted;
  const until = watch ? 'end' : wait;
  if (error !== undefined || tradeId === undefined) {
    if (json) io.out(jsonLine(submitted));
    return state === 'unknown' || error?.code === 'UNREACHABLE' ? EXIT.unreachable : EXIT.failed;
  }
  if (until === undefined) {
    io.out(json ? jsonLine(submitted) : `${tradeId}\n`);
    return EXIT.ok;
  }
  if (!json) io.out(`${paint(io, 'bold', `${submitted.file}  trade ${tradeId}`)}\n`);
  const { trade } = await followTrade(app, tradeId, {
    until,
    deadlineMs: null,
    onOutage: (message) => io.err(`${message}\n`),
    onLines: (lines, { created_at: startedAt }) => {
      if (!json) for (const line of lines) io.out(`${lineText(io, line, startedAt)}\n`);
    },
  });
  if (json) io.out(jsonLine({ ...submitted, trade }));
  else printHistory(io, app, tradeId);
  return endCode(trade);
}

/** Where the trade's history can be read, if that is known. */
export function printHistory(io: Io, app: App, tradeId: string): void {
  const url = historyUrl(io, app, tradeId);
  if (url) io.out(`history: ${url}\n`);
}

/** 1 for a trade that ended without ever opening. */
export function endCode(trade: TradeDetail): ExitCode {
  return hasEndedUnopened(trade.state) ? EXIT.failed : EXIT.ok;
}
