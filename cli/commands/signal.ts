/** `ballast signal`: hands signals to the same service that every other surface uses. */
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import {
  NoAccountError,
  SignalConflictError,
  signalDeps,
  submitSignal,
} from '../../app/signals.js';
import { InvalidSignalError, parseSignal } from '../../contract/signal.js';
import type { TradeDetail } from '../../contract/views.js';
import { CliError, EXIT, worse, type ExitCode } from '../exit.js';
import { followTrade, WAITS, type Wait } from '../follow.js';
import { readJson, type Io } from '../io.js';
import { lineText } from '../life.js';
import { jsonLine, paint } from '../print.js';
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
  readonly trade_id?: string;
  /** False: the same signal was known, nothing new happened. */
  readonly is_new?: boolean;
  readonly trade?: TradeDetail;
  readonly error?: { readonly code: string; readonly message: string; readonly issues?: unknown };
}

export const registerSignal: Register = (program, { io, finish }) => {
  program
    .command('signal')
    .description('submit signals; the same signal again gives the same trade')
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
  for (const { file, error } of bodies) if (error) reportInvalid(io, file, error, options);
  const code = readable.length === bodies.length ? EXIT.ok : EXIT.failed;
  if (readable.length === 0) return code;
  return withApp(io, async (app) => {
    // All are committed before the first is followed: a life may take long.
    const submitted = await Promise.all(
      readable.map(({ file, body }) => submit(io, app, file, body, options)),
    );
    let worst: ExitCode = code;
    for (const each of submitted) worst = worse(worst, await finishOne(io, app, each, options));
    return worst;
  });
}

interface ReadSignal {
  readonly file: string;
  readonly body: unknown;
  readonly error: InvalidSignalError | null;
}

/** Reads and checks a file without sending anything, so that mistakes show with nothing running. */
async function readSignal(io: Io, file: string, id: string | undefined): Promise<ReadSignal> {
  const document = await readJson(io, file);
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  const body = id !== undefined && isObject ? { ...document, id } : document;
  try {
    parseSignal(body);
    return { file, body, error: null };
  } catch (error) {
    if (error instanceof InvalidSignalError) return { file, body, error };
    throw error;
  }
}

function reportInvalid(
  io: Io,
  file: string,
  { message, issues }: InvalidSignalError,
  options: SignalOptions,
): void {
  io.err(`${file}: the signal is not valid; nothing was sent\n`);
  for (const issue of issues) io.err(`  ${issue.path}: ${issue.message}\n`);
  if (options.json) io.out(jsonLine({ file, error: { code: 'INVALID_SIGNAL', message, issues } }));
}

async function submit(
  io: Io,
  app: App,
  file: string,
  body: unknown,
  options: SignalOptions,
): Promise<Submitted> {
  try {
    const submitted = await submitSignal(signalDeps(app), app.userId, body);
    const { tradeId, isNew, startsLater } = submitted;
    if (!options.json)
      io.err(`${file}: ${isNew ? 'accepted' : 'known already'}, trade ${tradeId}\n`);
    if (startsLater) io.err(`${file}: it is kept, and starts by itself later: ${startsLater}\n`);
    return { file, trade_id: tradeId, is_new: isNew };
  } catch (error) {
    if (error instanceof NoAccountError) throw new CliError(EXIT.unreachable, error.message);
    if (!(error instanceof SignalConflictError)) throw error;
    io.err(`${file}: ${error.message}\n`);
    const { message, fields } = error;
    return { file, error: { code: 'SIGNAL_CONFLICT', message, issues: fields } };
  }
}

/** Waits as asked and prints what there is to print; a trade that ended without opening is a 1. */
async function finishOne(
  io: Io,
  app: App,
  submitted: Submitted,
  { watch, wait, json }: SignalOptions,
): Promise<ExitCode> {
  const { trade_id: tradeId } = submitted;
  const until = watch ? 'end' : wait;
  if (tradeId === undefined || until === undefined) {
    if (json) io.out(jsonLine(submitted));
    else if (tradeId !== undefined) io.out(`${tradeId}\n`);
    return tradeId === undefined ? EXIT.failed : EXIT.ok;
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

const REFUSED_STATES: ReadonlySet<string> = new Set([
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
]);

/** 1 for a trade that ended without ever opening. */
export function endCode(trade: TradeDetail): ExitCode {
  return REFUSED_STATES.has(trade.state) ? EXIT.failed : EXIT.ok;
}
