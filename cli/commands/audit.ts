/** `ballast audit`: who decided what, and whether the log is whole (OPS-6). */
import { listAudit, verifyAudit } from '../../app/audit.js';
import { EXIT } from '../exit.js';
import { jsonText, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

const SHOWN_MAX = 50;

export const registerAudit: Register = (program, { io, finish }) => {
  program
    .command('audit')
    .description(`show the newest ${SHOWN_MAX} entries of the audit log`)
    .option('--verify', 'check the chain of hashes instead')
    .option('--json', 'print as JSON')
    .action(async ({ verify, json }: { verify?: boolean; json?: boolean }) => {
      if (verify) {
        const broken = await withApp(io, verifyAudit);
        const found = broken === null ? 'the chain is whole' : `entry ${broken} does not fit`;
        io.out(json ? jsonText({ is_whole: broken === null, broken_at: broken }) : `${found}\n`);
        return finish(broken === null ? EXIT.ok : EXIT.failed);
      }
      const entries = await withApp(io, (app) => listAudit(app, SHOWN_MAX));
      const rows = entries.map(({ at, actor, action, subject, body }) => [
        ...[when(at), actor, action, subject, JSON.stringify(body)],
      ]);
      io.out(json ? jsonText(entries) : table(io, ['at (UTC)', 'who', 'what', 'of', 'how'], rows));
      finish(EXIT.ok);
    });
};
