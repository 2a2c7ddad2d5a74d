/** `ballast flatten`: sells all that trades hold, and lets nothing new be opened (RSK-5). */
import { randomUUID } from 'node:crypto';
import type { App } from '../../app/app.js';
import {
  flatten,
  proposeFlatten,
  type Flattened,
  type FlattenProposal,
} from '../../app/flatten.js';
import type { FlattenedTrade, OpenTradeView } from '../../contract/views.js';
import { EXIT, notFound, type CliError, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, paint, table } from '../print.js';
import { withCommandApp } from '../stack.js';
import { toldText } from './command.js';
import type { Register } from './context.js';

interface FlattenOptions {
  readonly account?: string;
  readonly confirm?: boolean;
  readonly key?: string;
  readonly json?: boolean;
}

export const registerFlatten: Register = (program, { io, finish }) => {
  program
    .command('flatten')
    .option('--account <id>', 'only that account (default: all)')
    .option('--confirm', 'do it: without this it only shows what would be sold')
    .option('--key <key>', 'idempotency key: the same key is the same command to each trade')
    .option('--json', 'print as JSON')
    .action(async (options: FlattenOptions) => {
      const work = options.confirm === true ? done : shown;
      finish(await withCommandApp(io, (app) => work(io, app, options)));
    });
};

/** Nothing was done, which is no success of what was asked for. */
async function shown(io: Io, app: App, options: FlattenOptions): Promise<ExitCode> {
  const { account = null, json } = options;
  const proposal = await proposeFlatten(app, account);
  if (proposal === null) throw noAccount(account);
  if (json) io.out(jsonText({ done: false, ...proposal }));
  else io.out(proposalText(io, proposal));
  const named = account === null ? '' : ` --account ${account}`;
  io.err(`nothing is done yet: ballast flatten${named} --confirm does it\n`);
  return EXIT.failed;
}

function proposalText(io: Io, { open, accounts, untouched }: FlattenProposal): string {
  const ids = accounts.map(({ account_id: id }) => id).join(', ');
  const holds = `no entry more in ${ids || 'no account'}: their mode would be REDUCING\n`;
  return `${openTable(io, open)}${holds}${untouchedText(untouched)}`;
}

function openTable(io: Io, open: readonly OpenTradeView[]): string {
  if (open.length === 0) return 'no trade is open: nothing would be sold\n';
  const rows = open.map((trade) => [
    ...[trade.account_id, trade.symbol, trade.side, trade.held_quantity, trade.state],
    ...[trade.trade_id.slice(0, 8), trade.is_protected ? 'yes' : 'NO'],
  ]);
  const columns = ['account', 'symbol', 'side', 'shares', 'state', 'trade', 'protected'];
  return `would be sold at the market, and cancelled where unfilled:\n${table(io, columns, rows, ['shares'])}`;
}

function untouchedText(untouched: FlattenProposal['untouched']): string {
  return untouched
    .map(
      ({ symbol, quantity, account_id: id }) => `EXTERNAL ${quantity} ${symbol} in ${id}: stays\n`,
    )
    .join('');
}

async function done(io: Io, app: App, options: FlattenOptions): Promise<ExitCode> {
  const { account = null, key = randomUUID(), json } = options;
  const flattened = await flatten(app, { account, key });
  if (flattened === null) throw noAccount(account);
  const { told, ...view } = flattened;
  if (json) io.out(jsonText({ done: true, key, ...view }));
  else io.out(doneText(io, flattened));
  for (const line of new Set((await told).map(toldText))) if (line) io.err(`${line}\n`);
  io.err(
    '"ballast positions" shows what is left; "ballast mode ACTIVE --account ID" lets it trade\n',
  );
  const isHeldBack = flattened.accounts.every(({ mode }) => mode !== 'ACTIVE');
  const isDone = isHeldBack && flattened.trades.every(({ outcome }) => outcome !== 'failed');
  return isDone ? EXIT.ok : EXIT.failed;
}

function doneText(io: Io, { accounts, trades, untouched }: Flattened): string {
  const modes = accounts.map(({ account_id: id, mode }) =>
    mode === 'ACTIVE'
      ? `${id} is ${mode}: ${paint(io, 'red', 'ENTRIES GO ON')}, give "ballast flatten" again\n`
      : `${id} is ${mode}: no entry more\n`,
  );
  const lines = trades.map((trade) => `${tradeText(io, trade)}\n`);
  const none = trades.length === 0 ? 'no trade is open: nothing was sold\n' : '';
  return `${modes.join('')}${none}${lines.join('')}${untouchedText(untouched)}`;
}

function tradeText(io: Io, trade: FlattenedTrade): string {
  const { account_id: account, symbol, side, trade_id: id, held_quantity: held } = trade;
  const name = `${side} ${held} ${symbol} in ${account} (${id.slice(0, 8)})`;
  const why = trade.reason === null ? '' : `, ${trade.reason}`;
  if (trade.outcome === 'ending') return `closing: ${name}${why}`;
  const word = trade.outcome === 'failed' ? paint(io, 'red', 'NOT CLOSED') : 'left as it is';
  return `${word}: ${name}${why}`;
}

function noAccount(account: string | null): CliError {
  return notFound(`there is no account ${account}: "ballast account" lists them`);
}
