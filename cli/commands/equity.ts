/** `ballast equity`: what accounts were worth, and how their days stood (SCH-1). */
import { InvalidArgumentError, Option } from 'commander';
import { listEquity } from '../../app/cash.js';
import type { EquityView } from '../../contract/views.js';
import { EXIT } from '../exit.js';
import { jsonText, money, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

/** Three sessions of an account, with their closes. */
const SHOWN = 24;
/** Half a year of one account. */
const SHOWN_MAX = 1_000;

const NUMBERS = ['net liquidation', 'cash', 'realized', 'unrealized', 'deposits'];
const COLUMNS = ['day', 'at (UTC)', '', 'account', ...NUMBERS];

interface Options {
  readonly account?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export const registerEquity: Register = (program, { io, finish }) => {
  program
    .command('equity')
    .option('--account <id>', 'of that account alone')
    .addOption(
      new Option('--limit <count>', `the newest so many, ${SHOWN_MAX} at the most`)
        .default(SHOWN)
        .argParser(countOf),
    )
    .option('--json', 'print as JSON')
    .action(async ({ account, limit, json }: Options) => {
      const rows = await withApp(io, (app) => listEquity(app, { account: account ?? null, limit }));
      if (json) io.out(jsonText(rows));
      else if (rows.length > 0) io.out(table(io, COLUMNS, rows.map(rowOf), NUMBERS));
      else
        io.out('nothing yet: the first is kept in the next session, by the values of the broker\n');
      finish(EXIT.ok);
    });
};

function rowOf(row: EquityView): string[] {
  const { day, at, kind, account_id: account, unrealized_pnl: unrealized } = row;
  return [
    ...[day, when(at), kind === 'close' ? 'close' : '', account],
    ...[money(row.net_liquidation), money(row.total_cash), money(row.realized_pnl)],
    ...[unrealized === null ? '' : money(unrealized), money(row.net_flows)],
  ];
}

function countOf(value: string): number {
  const count = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= SHOWN_MAX) return count;
  throw new InvalidArgumentError(`allowed is a whole number from 1 to ${SHOWN_MAX}.`);
}
