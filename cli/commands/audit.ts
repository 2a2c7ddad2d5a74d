/** `ballast audit`: who decided what, and whether the log is whole (OPS-6). */
import type { Command } from 'commander';
import { listAudit, verifyAudit } from '../../app/audit.js';
import type { AuditCheck } from '../../contract/views.js';
import { EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

const SHOWN_MAX = 50;

interface Options {
  readonly verify?: boolean;
  readonly json?: boolean;
}

export const registerAudit: Register = (program, { io, finish }) => {
  const audit = program
    .command('audit')
    .option('--verify', 'the same as "ballast audit verify"')
    .option('--json', 'print as JSON')
    .action(async ({ verify: isCheck, json = false }: Options) => {
      finish(isCheck ? await verify(io, json) : await list(io, json));
    });
  audit
    .command('verify')
    .description('check the chain of hashes, and name the first entry that does not fit')
    .option('--json', 'print as JSON')
    .action(async (_options: object, command: Command) => {
      finish(await verify(io, command.optsWithGlobals<Options>().json === true));
    });
};

async function list(io: Io, asJson: boolean): Promise<ExitCode> {
  const entries = await withApp(io, (app) => listAudit(app, SHOWN_MAX));
  const rows = entries.map(({ at, actor, action, subject, body }) => [
    ...[when(at), actor, action, subject, JSON.stringify(body)],
  ]);
  io.out(asJson ? jsonText(entries) : table(io, ['at (UTC)', 'who', 'what', 'of', 'how'], rows));
  return EXIT.ok;
}

async function verify(io: Io, asJson: boolean): Promise<ExitCode> {
  const check = await withApp(io, verifyAudit);
  io.out(asJson ? jsonText(check) : `${checkText(check)}\n`);
  return check.broken === null ? EXIT.ok : EXIT.failed;
}

function checkText({ entries, head, broken }: AuditCheck): string {
  if (broken === null) return `the chain is whole: ${entries} entries, the newest hash is ${head}`;
  const { id, at, why } = broken;
  const which =
    id === null ? 'the audit log' : `entry ${id}${at === null ? '' : ` of ${when(at)}`}`;
  return `${which} does not fit: ${why}; the ${entries} entries before it do`;
}
