/** `ballast flex`: lays the broker's Flex statements beside the books, and says what was found and done (REC-6). */
import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  fetchConfigured,
  FlexError,
  importStatements,
  listStatements,
  XML_BYTES_MAX,
} from '../../app/statements.js';
import type { App } from '../../app/app.js';
import type {
  StatementFindingView,
  StatementImportView,
  StatementReportView,
} from '../../contract/views.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { readBounded, type Io } from '../io.js';
import { jsonText, money, paint, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

/** A quarter of a year of daily statements. */
const SHOWN_MAX = 60;

interface FlexOptions {
  readonly save?: string;
  readonly json?: boolean;
}

export const registerFlex: Register = (program, { io, finish }) => {
  const flex = program.command('flex');
  const options = (command: Command) => command.opts<FlexOptions>();
  flex
    .command('import')
    .description('import a statement that was downloaded as XML')
    .argument('<file>', 'the file, or - for stdin')
    .option('--json', 'print as JSON')
    .action(async (file: string, _options: object, command: Command) => {
      const work = async (app: App) =>
        importStatements(app, await readBounded(io, file, XML_BYTES_MAX), 'file');
      finish(await show(io, `${file}: `, work, options(command)));
    });
  flex
    .command('fetch')
    .description('fetch the statement of FLEX_QUERY_ID from the broker, and import it')
    .option('--save <file>', 'keep the statement there as well; a file that is there stays')
    .option('--json', 'print as JSON')
    .action(async (_options: object, command: Command) => {
      const given = options(command);
      const work = async (app: App) => {
        const said = (progress: string) => io.err(`${progress}\n`);
        const xml = await fetchConfigured(app, said, (ms) => wait(ms));
        if (given.save !== undefined) await save(given.save, xml);
        return importStatements(app, xml, 'service');
      };
      finish(await show(io, '', work, given));
    });
  flex
    .command('list')
    .description(`show the newest ${SHOWN_MAX} imports`)
    .option('--json', 'print as JSON')
    .action(async (_options: object, command: Command) => {
      const reports = await withApp(io, (app) => listStatements(app, SHOWN_MAX));
      print(io, { reports, unknown_accounts: [] }, options(command));
      finish(EXIT.ok);
    });
};

async function show(
  io: Io,
  place: string,
  work: (app: App) => Promise<StatementImportView>,
  options: FlexOptions,
): Promise<ExitCode> {
  const found = await withApp(io, async (app) => {
    try {
      return await work(app);
    } catch (error) {
      if (error instanceof FlexError) throw new CliError(EXIT.failed, `${place}${error.message}`);
      throw error;
    }
  });
  print(io, found, options);
  return found.reports.some(({ open }) => open > 0) ? EXIT.failed : EXIT.ok;
}

async function save(file: string, xml: string): Promise<void> {
  try {
    // It tells of money: nobody else reads it.
    await writeFile(file, xml, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, `the statement can't be kept, and was not imported: ${why}`);
  }
}

function print(io: Io, found: StatementImportView, { json }: FlexOptions): void {
  if (json) return io.out(jsonText(found));
  if (found.reports.length === 0) io.out('no statement was imported\n');
  for (const report of found.reports) io.out(reportText(io, report));
  for (const account of found.unknown_accounts) {
    io.out(`${account} is none of this installation's accounts: nothing of it was used\n`);
  }
}

function reportText(io: Io, report: StatementReportView): string {
  const { account_id: account, from, to, imported_at: at, origin, findings } = report;
  const days = from === to ? from : `${from} to ${to}`;
  const open = report.open === 0 ? '' : `, ${report.open} need you`;
  const head = `${paint(io, 'bold', account)}  statement of ${days}, imported ${when(at)} (${origin})${open}`;
  const rest = report.more_findings > 0 ? [`… and ${report.more_findings} more findings`] : [];
  const lines = [
    ...[head, executionsText(report), cashText(report)],
    ...findings.map((found) => findingText(io, found)),
    ...[...rest, ...report.left_out.map((line) => `left out: ${line}`)],
  ];
  return `${lines.join('\n')}\n\n`;
}

function executionsText({ executions }: StatementReportView): string {
  const { rows, agreed, before, corrected, commissions } = executions;
  const early = before === 0 ? '' : `, ${before} of before the account was watched`;
  const sums = commissions.map(({ currency, before: was, after }) =>
    was === after ? `${money(after)} ${currency}` : `${money(was)} → ${money(after)} ${currency}`,
  );
  const total = sums.length === 0 ? '' : `; commissions in the books ${sums.join(', ')}`;
  return `  executions  ${rows}, of which ${agreed} agree${early}; ${corrected} corrected${total}`;
}

function cashText({ cash }: StatementReportView): string {
  const { rows, recorded, matched, sums } = cash;
  const told = matched === 0 ? '' : `, ${matched} of which a person had told`;
  const kinds = sums.map(({ kind, amount }) => `${kind} ${money(amount)}`).join(', ');
  return `  cash        ${rows}, ${recorded} recorded${told}${kinds === '' ? '' : `: ${kinds}`}`;
}

function findingText(io: Io, { kind, summary, done, open }: StatementFindingView): string {
  return `${paint(io, open ? 'yellow' : 'dim', kind)}  ${summary}\n  done  ${done}`;
}
