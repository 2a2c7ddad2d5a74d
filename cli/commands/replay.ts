/** `ballast replay`: the recorded histories of trades, replayed through the workflow code of this checkout (TRD-10). */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { App } from '../../app/app.js';
import { tradeList } from '../../app/reads.js';
import { historyOf, type TradeHistory } from '../../app/replay.js';
import { parsePayloadKeys } from '../../contract/payload-keys.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText } from '../print.js';
import { readConfig, withApp } from '../stack.js';
import type { Register } from './context.js';
import { tradeIdNamed } from './trades.js';

/** A replay takes some tenths of a second. */
const LIVE_MAX = 1_000;

interface Options {
  readonly file?: readonly string[];
  readonly json?: boolean;
}

interface Replayed {
  readonly workflow_id: string;
  readonly verdict: 'same' | 'differs' | 'no_history';
  /** Null unless it differs. */
  readonly reason: string | null;
}

export const registerReplay: Register = (program, { io, finish }) => {
  program
    .command('replay')
    .argument('[trade...]', 'ids of trades, or how they begin; without any, all live ones')
    .option(
      '--file <file...>',
      'histories that "temporal workflow show --output json" has printed, instead of trades',
    )
    .option('--json', 'print as JSON')
    .action(async (trades: string[], { file, json = false }: Options) => {
      if (file !== undefined && trades.length > 0) {
        throw new CliError(EXIT.usage, 'give trades, or files with --file, not both');
      }
      finish(await (file ? told(io, file.map(readHistory), json) : ofTrades(io, trades, json)));
    });
};

async function ofTrades(io: Io, names: readonly string[], isJson: boolean): Promise<ExitCode> {
  const histories = await withApp(io, async (app) => {
    const ids = names.length > 0 ? await idsOf(app, names) : await liveIds(io, app);
    const found: TradeHistory[] = [];
    for (const id of ids) found.push(await historyOf(app, id));
    return found;
  });
  return told(io, histories, isJson);
}

async function idsOf(app: App, names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await tradeIdNamed(app, name));
  return ids;
}

async function liveIds(io: Io, app: App): Promise<string[]> {
  const { trades, total } = await tradeList(app, { status: 'live', limit: LIVE_MAX });
  if (trades.length < total) io.err(`the newest ${trades.length} of ${total} live trades\n`);
  return trades.map(({ id }) => id);
}

function readHistory(file: string): TradeHistory {
  try {
    const history = JSON.parse(readFileSync(file, 'utf8')) as {
      events?: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[];
    };
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    if (started === undefined) throw new Error('it holds no history of a workflow');
    return { workflowId: started.workflowId ?? `trade-${basename(file)}`, history };
  } catch (error) {
    throw new CliError(EXIT.usage, `${file} can't be read: ${(error as Error).message}`);
  }
}

async function told(
  io: Io,
  histories: readonly TradeHistory[],
  isJson: boolean,
): Promise<ExitCode> {
  // It brings a worker's machinery along.
  const { replayHistory } = await import('../../worker/replay.js');
  const keys = parsePayloadKeys(readConfig(io).temporalPayloadKeys);
  const all: Replayed[] = [];
  for (const { workflowId, history } of histories) {
    const reason = history === null ? null : await replayHistory(workflowId, history, keys);
    const verdict = history === null ? 'no_history' : reason === null ? 'same' : 'differs';
    const one: Replayed = { workflow_id: workflowId, verdict, reason };
    all.push(one);
    if (!isJson) io.out(`${workflowId}: ${wordsOf(one)}\n`);
  }
  if (isJson) io.out(jsonText(all));
  else if (all.length === 0) io.out('no live trade: nothing to replay\n');
  return all.some(({ verdict }) => verdict === 'differs') ? EXIT.failed : EXIT.ok;
}

function wordsOf({ verdict, reason }: Replayed): string {
  if (verdict === 'same') return 'goes on with this code as it went';
  if (verdict === 'no_history') return 'Temporal has no history of it';
  return `this code takes another way: ${reason}; do not run it while this trade is live`;
}
