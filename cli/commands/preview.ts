/** `ballast preview` and `ballast execute`: what a signal would come to, and having exactly that sent (PRV-1, PRV-2). */
import {
  executePreview,
  NoAccountError,
  NoSuchPreviewError,
  previewTrade,
  PreviewsBusyError,
  PreviewUnmadeError,
  SignalKnownError,
  type Executed,
} from '../../app/previews.js';
import { plainMessage } from '../../app/plain-message.js';
import { InvalidSignalError } from '../../contract/signal.js';
import type { PreviewView } from '../../contract/views.js';
import { CliError, EXIT, type CliErrorOptions, type ExitCode } from '../exit.js';
import { readDocument, type Io } from '../io.js';
import { bodyOf, isField } from '../preview-fields.js';
import { previewText } from '../preview-text.js';
import { jsonLine } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

interface Options {
  readonly json?: boolean;
}

export const registerPreview: Register = (program, { io, finish }) => {
  program
    .command('preview')
    .description('show what a signal would come to: checks, size, orders, margin; sends nothing')
    .argument('<signal...>', 'a JSON file, - for standard input, or fields: symbol=AAPL side=BUY')
    .option('--json', 'print the preview as JSON')
    .action(async (given: string[], options: Options) => finish(await preview(io, given, options)));
  program
    .command('execute')
    .description('send what a preview shows, once, or nothing')
    .argument('<preview>', 'its id, as "ballast preview" gave it')
    .option('--json', 'print what came of it as JSON')
    .action(async (id: string, options: Options) => finish(await execute(io, id, options)));
};

async function preview(io: Io, given: readonly string[], { json }: Options): Promise<ExitCode> {
  const body = await bodyGiven(io, given);
  return withApp(
    io,
    async (app) => {
      const view = await previewTrade(app, body).catch((error: unknown) => {
        throw asEnd(error);
      });
      io.out(json ? jsonLine(view) : previewText(view));
      return endOf(view);
    },
    { isPatient: true },
  );
}

/** A preview that would be denied is one all the same, and ends as a refusal does. */
function endOf({ state }: PreviewView): ExitCode {
  return state === 'denied' ? EXIT.failed : EXIT.ok;
}

async function bodyGiven(io: Io, given: readonly string[]): Promise<unknown> {
  if (given.every(isField)) return bodyOf(given);
  const [file, ...rest] = given;
  if (file === undefined || rest.length > 0) {
    const how = 'give one file, or fields alone, such as symbol=AAPL side=BUY stop_loss_pct=0.05';
    throw new CliError(EXIT.usage, how);
  }
  const { value, flaws } = await readDocument(io, file);
  if (flaws.length === 0) return value;
  throw asEnd(new InvalidSignalError(flaws));
}

/** What is refused is an end of its own; anything else ends as for every command. */
function asEnd(error: unknown): unknown {
  const failed = (more: CliErrorOptions) =>
    new CliError(EXIT.failed, plainMessage(error), { cause: error, ...more });
  if (error instanceof InvalidSignalError) {
    return failed({ code: 'INVALID_SIGNAL', issues: error.issues });
  }
  if (error instanceof SignalKnownError) return failed({ code: 'SIGNAL_KNOWN' });
  if (error instanceof NoSuchPreviewError) return failed({ code: 'NOT_FOUND' });
  const away = (more: CliErrorOptions = {}) =>
    new CliError(EXIT.unreachable, plainMessage(error), { cause: error, ...more });
  if (error instanceof PreviewsBusyError) return away({ code: 'PREVIEWS_BUSY' });
  const isAway = error instanceof PreviewUnmadeError || error instanceof NoAccountError;
  return isAway ? away() : error;
}

async function execute(io: Io, previewId: string, { json }: Options): Promise<ExitCode> {
  return withApp(
    io,
    async (app) => {
      const executed = await executePreview(app, previewId).catch((error: unknown) => {
        throw asEnd(error);
      });
      tell(io, executed);
      if (json) io.out(jsonLine(outcomeOf(executed)));
      else if (executed.kind === 'executed') io.out(`${executed.tradeId}\n`);
      else if (executed.kind === 'changed') io.out(previewText(executed.preview));
      return executed.kind === 'executed' ? EXIT.ok : EXIT.failed;
    },
    { isPatient: true },
  );
}

function tell(io: Io, executed: Executed): void {
  switch (executed.kind) {
    case 'executed':
      io.err(executed.isNew ? 'executed: ballast watch follows the trade\n' : SENT_BEFORE);
      if (executed.startsLater) {
        io.err(`it is kept, and starts by itself later: ${executed.startsLater}\n`);
      }
      return;
    case 'changed':
      io.err(`nothing was sent: ${executed.why}\n`);
      io.err(`to send what it would be now: ballast execute ${executed.preview.preview_id}\n`);
      return;
    case 'refused':
      io.err(`nothing was sent: ${executed.reason}\n`);
  }
}

const SENT_BEFORE = 'executed before: nothing new was sent\n';

function outcomeOf(executed: Executed): object {
  switch (executed.kind) {
    case 'executed':
      return { outcome: 'executed', trade_id: executed.tradeId, is_new: executed.isNew };
    case 'changed':
      return { outcome: 'changed', why: executed.why, preview: executed.preview };
    case 'refused':
      return {
        outcome: 'refused',
        error: { code: executed.code, message: executed.reason },
      };
  }
}
