/** `ballast close` and `ballast cancel`: commands to a trade, once each whoever repeats them. */
import { randomUUID } from 'node:crypto';
import type { App } from '../../app/app.js';
import { giveCommand, type CommandKind, type CommandTerms, type Told } from '../../app/commands.js';
import { EXIT, type ExitCode } from '../exit.js';
import { followTrade } from '../follow.js';
import type { Io } from '../io.js';
import { lineText } from '../life.js';
import { jsonText } from '../print.js';
import { withCommandApp } from '../stack.js';
import type { Register } from './context.js';
import { tradeIdNamed } from './trades.js';

/** What every command to a trade takes. */
export interface CommandOptions {
  readonly key?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

export const registerCommands: Register = (program, { io, finish }) => {
  const add = (name: string, kind: CommandKind) =>
    program
      .command(name)
      .argument('<trade>', "its id, the beginning of its id, or its signal's id")
      .option('--key <key>', 'idempotency key: the same key is the same command')
      .option('-w, --watch', 'then print what happens until the end')
      .option('--json', 'print the answer as JSON')
      .action(async (trade: string, options: CommandOptions) => {
        finish(await withCommandApp(io, (app) => command(io, app, { kind }, trade, options)));
      });
  add('close', 'close');
  add('cancel', 'cancel_entry');
};

/** Gives a command, says what came of it, and follows the trade if asked to. */
export async function command(
  io: Io,
  app: App,
  { kind, terms }: { readonly kind: CommandKind; readonly terms?: CommandTerms },
  name: string,
  { key = randomUUID(), watch, json }: CommandOptions,
): Promise<ExitCode> {
  const tradeId = await tradeIdNamed(app, name);
  const { verdict, reason, told } = await giveCommand(app, {
    ...{ tradeId, kind, key },
    ...(terms === undefined ? {} : { terms }),
  });
  if (json) io.out(jsonText({ trade_id: tradeId, kind, key, ...terms, verdict, reason }));
  else io.out(`${verdict}${reason ? `: ${reason}` : ''}\n`);
  if (verdict === 'refused') return EXIT.failed;
  const line = toldText(await told);
  if (line) io.err(`${line}\n`);
  if (watch) await watchToTheEnd(io, app, tradeId, json === true);
  return EXIT.ok;
}

/** What there is to say of a command beside its answer; null when its workflow is at work on it. */
export function toldText(told: Told): string | null {
  if (told.how === 'over') return `carried out: the trade is ${told.state}`;
  return told.how === 'later' ? `it is recorded; ${told.why}` : null;
}

/** The same of a resolution: it may be about a trade that was over long before. */
export function resolvedText(told: Told): string | null {
  if (told.how !== 'over') return toldText(told);
  return `it is in the books; the trade itself is over (${told.state}), and nothing waits in it`;
}

async function watchToTheEnd(io: Io, app: App, tradeId: string, isJson: boolean): Promise<void> {
  await followTrade(app, tradeId, {
    until: 'end',
    deadlineMs: null,
    onOutage: (message) => io.err(`${message}\n`),
    onLines: (lines, { created_at: startedAt }) => {
      if (!isJson) for (const line of lines) io.out(`${lineText(io, line, startedAt)}\n`);
    },
  });
}
