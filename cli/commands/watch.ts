/** `ballast watch`: trades as they happen. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app/app.js';
import { listTrades } from '../../app/reads.js';
import type { TradeSummary } from '../../contract/views.js';
import type { ExitCode } from '../exit.js';
import { followTrade } from '../follow.js';
import type { Io } from '../io.js';
import { lineText, type LifeLine } from '../life.js';
import { jsonLine, paint } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';
import { endCode, printHistory } from './signal.js';
import { tradeIdNamed } from './trades.js';

export const registerWatch: Register = (program, { io, finish }) => {
  program
    .command('watch')
    .argument('[trade]', "its id, the beginning of its id, or its signal's id")
    .option('--json', 'print one line of JSON for each event')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      const asJson = options.json === true;
      const code = await withApp(io, (app) =>
        name === undefined ? watchAll(io, app, asJson) : watchOne(io, app, name, asJson),
      );
      finish(code);
    });
};

async function watchOne(io: Io, app: App, name: string, asJson: boolean): Promise<ExitCode> {
  const tradeId = await tradeIdNamed(app, name);
  const { trade } = await followTrade(app, tradeId, {
    until: 'end',
    deadlineMs: null,
    onOutage: (message) => io.err(`${message}\n`),
    onLines: (lines, { created_at: startedAt }) => {
      for (const line of lines) {
        io.out(asJson ? eventLine(tradeId, line) : `${lineText(io, line, startedAt)}\n`);
      }
    },
  });
  if (!asJson) printHistory(io, app, tradeId);
  return endCode(trade);
}

/** How often new trades are looked for. */
const LOOK_MS = 500;
/** Trades that are followed side by side: each reads its rows five times a second. */
const FOLLOWED_MAX = 50;

/** Follows what lives and what comes, each line with its symbol, until the process is ended. */
async function watchAll(io: Io, app: App, asJson: boolean): Promise<ExitCode> {
  const followed = new Set<string>();
  // Those that are told to their end: while they are among the newest they would be told anew with each look.
  let over: ReadonlySet<string> = new Set();
  const startedAt = new Date().toISOString();
  io.err('watching live and new trades; Ctrl-C ends this, not the trades\n');
  for (;;) {
    const newest = await listTrades(app, { limit: FOLLOWED_MAX });
    const live = await listTrades(app, { status: 'live', limit: FOLLOWED_MAX });
    const fresh = newest.filter((trade) => trade.created_at >= startedAt);
    over = new Set(newest.flatMap(({ id }) => (over.has(id) ? [id] : [])));
    for (const trade of [...live, ...fresh]) {
      const { id } = trade;
      if (followed.has(id) || over.has(id) || followed.size >= FOLLOWED_MAX) continue;
      followed.add(id);
      void followTagged(io, app, trade, asJson)
        .then((isOver) => {
          if (isOver) over = new Set([...over, id]);
        })
        .finally(() => followed.delete(id));
    }
    await sleep(LOOK_MS);
  }
}

/** @returns whether it was told to its end */
async function followTagged(
  io: Io,
  app: App,
  { id, symbol }: TradeSummary,
  asJson: boolean,
): Promise<boolean> {
  const tag = paint(io, 'bold', `${symbol} ${id.slice(0, 8)}`);
  try {
    const { isDone } = await followTrade(app, id, {
      until: 'end',
      deadlineMs: null,
      onOutage: (message) => io.err(`${message}\n`),
      onLines: (lines, { created_at: startedAt }) => {
        for (const line of lines) {
          io.out(asJson ? eventLine(id, line) : `${tag} ${lineText(io, line, startedAt)}\n`);
        }
      },
    });
    return isDone;
  } catch (error) {
    io.err(`${tag}: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

function eventLine(tradeId: string, { at, kind, text }: LifeLine): string {
  return jsonLine({ trade_id: tradeId, at, kind, text });
}
