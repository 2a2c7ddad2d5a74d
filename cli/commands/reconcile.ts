/** `ballast reconcile`: compares the books with the broker, and says what was found and done (REC-1). */
import {
  listReports,
  NoSuchAccountError,
  reconcileNow,
  ReconcileTimeoutError,
} from '../../app/reconcile.js';
import type { ComparedView, DifferenceView, ReconciliationView } from '../../contract/views.js';
import { CliError, EXIT, notFound, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, money, paint, span, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

interface ReconcileOptions {
  readonly account?: string;
  readonly last?: string;
  readonly json?: boolean;
}

export const registerReconcile: Register = (program, { io, finish }) => {
  program
    .command('reconcile')
    .option('--account <id>', 'that account alone')
    .option('--last <count>', 'show the newest reports instead of comparing', countOf)
    .option('--json', 'print as JSON')
    .action(async (options: ReconcileOptions) => finish(await reconcile(io, options)));
};

function countOf(value: string): string {
  if (/^[1-9]\d{0,2}$/.test(value)) return value;
  throw new CliError(EXIT.usage, `${value} is no count: write it as 10`);
}

async function reconcile(io: Io, { account, last, json }: ReconcileOptions): Promise<ExitCode> {
  const reports = await withApp(io, async (app) => {
    try {
      if (last !== undefined) return await listReports(app, Number(last));
      return await reconcileNow(app, account ?? null);
    } catch (error) {
      if (error instanceof NoSuchAccountError) throw notFound(error.message);
      if (error instanceof ReconcileTimeoutError) {
        throw new CliError(EXIT.unreachable, error.message);
      }
      throw error;
    }
  });
  if (json) io.out(jsonText({ reconciliations: reports }));
  else for (const report of reports) io.out(reportText(io, report));
  const isWell = ({ outcome }: ReconciliationView) => outcome === 'clean' || outcome === 'found';
  return last !== undefined || reports.every(isWell) ? EXIT.ok : EXIT.failed;
}

function reportText(io: Io, report: ReconciliationView): string {
  const { account_id: account, findings, more_findings: more } = report;
  const lines = findings.map((found) => findingText(io, found)).join('');
  const rest = more > 0 ? `… and ${more} more: see the database's table findings\n` : '';
  return `${paint(io, 'bold', account)}  ${headOf(report)}\n${comparedText(io, report)}${lines}${rest}\n`;
}

function headOf(report: ReconciliationView): string {
  const { trigger, started_at: from, finished_at: to, findings, reason } = report;
  if (to === null) return `runs since ${when(from)}, by ${trigger}`;
  const took = span(new Date(to).getTime() - new Date(from).getTime());
  const count = findings.length + report.more_findings;
  const found = report.compared ? `${count} finding${count === 1 ? '' : 's'}` : 'nothing compared';
  const why = reason === null ? '' : `: ${report.outcome}, ${reason}`;
  return `${found} at ${when(from)}, by ${trigger}, in ${took}${why}`;
}

function comparedText(
  io: Io,
  { compared, unexplained_value: unexplained }: ReconciliationView,
): string {
  if (!compared) return '';
  const rows = [
    [
      'contracts',
      `${compared.contracts}`,
      `${compared.held_contracts} held by trades, ${compared.external_contracts} external`,
    ],
    ['open trades', `${compared.trades}`, `${compared.orders_in_books} live orders in their books`],
    [
      'orders at the broker',
      `${compared.own_orders_at_broker}`,
      `and ${compared.foreign_orders} of others`,
    ],
    ['executions', `${compared.executions}`, 'that the broker lists'],
    ...seenRows(compared),
    ['unexplained', unexplained === null ? '?' : money(unexplained), 'value of positions'],
  ];
  return table(io, ['compared', 'count', ''], rows, ['count']);
}

/** What a restored backup lacks, once a person has resumed after it. */
function seenRows({ unknown_orders_over: count }: ComparedView): string[][] {
  if (count === 0) return [];
  return [['orders unknown here', `${count}`, 'over, and seen by whoever resumed: no findings']];
}

function findingText(io: Io, found: DifferenceView): string {
  const { kind, summary, value, why, done, trade_ids: trades } = found;
  const worth = value === null ? '' : ` (${money(value)})`;
  const colour = kind === 'foreign_order' || kind === 'missed_execution' ? 'dim' : 'yellow';
  const of = trades.length === 0 ? '' : `  of    trade ${trades.join(', ')}\n`;
  return `${paint(io, colour, kind)}  ${summary}${worth}\n${of}  why   ${why}\n  done  ${done}\n`;
}
