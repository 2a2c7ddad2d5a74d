/** `ballast session`: who is logged in to the dashboard and which tokens there are, and calling them back. */
import { Argument, Option, type Command } from 'commander';
import {
  listSessions,
  revokeSession,
  revokeSessions,
  SESSIONS_LISTED_MAX,
} from '../../app/sessions.js';
import { SESSION_KINDS, type SessionKind, type SessionView } from '../../contract/views.js';
import { CliError, EXIT, notFound } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

interface RevokeOptions {
  readonly all?: SessionKind | 'any';
  readonly json?: boolean;
}

export const registerSession: Register = (program, { io, finish }) => {
  const session = program.command('session');
  session
    .command('list')
    .description('list browsers that are logged in and tokens, the newest first')
    .option('--json', 'print as JSON')
    .action(async (_options: object, command: Command) => {
      const found = await withApp(io, listSessions);
      io.out(command.opts<{ json?: boolean }>().json ? jsonText(found) : sessionsTable(io, found));
      if (found.length === SESSIONS_LISTED_MAX)
        io.err(`${found.length} shown, there may be more\n`);
      finish(EXIT.ok);
    });
  session
    .command('revoke')
    .description('sign a browser out, or call a token back, for good')
    .addArgument(new Argument('[session]', 'its id, as "ballast session list" shows it'))
    .addOption(
      new Option('--all <kind>', 'all of a kind, this user’s').choices([...SESSION_KINDS, 'any']),
    )
    .option('--json', 'print as JSON')
    .action(async (id: string | undefined, options: RevokeOptions) => {
      if ((id === undefined) === (options.all === undefined)) {
        throw new CliError(EXIT.usage, 'name one session, or --all and which kind');
      }
      if (id !== undefined) await revokeOne(io, id, options);
      else await revokeAll(io, options);
      finish(EXIT.ok);
    });
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function revokeOne(io: Io, id: string, { json }: RevokeOptions): Promise<void> {
  const revoked = UUID.test(id) ? await withApp(io, (app) => revokeSession(app, id)) : null;
  if (revoked === null) {
    throw notFound(
      `there is no session ${id}, or it is over: "ballast session list" shows what there is`,
    );
  }
  io.out(json ? jsonText(revoked) : `${id} is revoked\n`);
}

async function revokeAll(io: Io, { all, json }: RevokeOptions): Promise<void> {
  const kinds = SESSION_KINDS.filter((kind) => all === 'any' || all === kind);
  const { length: count } = await withApp(io, (app) => revokeSessions(app, kinds, null));
  io.out(json ? jsonText({ revoked: count }) : `${count} revoked\n`);
}

function sessionsTable(io: Io, sessions: readonly SessionView[]): string {
  if (sessions.length === 0) return 'nobody is logged in, and there is no token\n';
  const rows = sessions.map((one) => [
    ...[one.id, one.kind, one.scopes.join(', '), `${when(one.created_at)} by ${one.created_by}`],
    one.last_used_at === null ? 'never' : `${when(one.last_used_at)} from ${one.used_from}`,
    one.revoked_at === null
      ? `until ${when(one.expires_at)}`
      : `revoked ${when(one.revoked_at)} by ${one.revoked_by}`,
  ]);
  return table(io, ['session', 'kind', 'scopes', 'made (UTC)', 'last used', ''], rows);
}
