/** `ballast dashboard`: a link that opens the dashboard in a browser, logged in (UI-1). */
import { makeLogin } from '../../app/logins.js';
import { localUrl, loginUrl } from '../../contract/login.js';
import { SCOPES, type Scope } from '../../contract/tokens.js';
import { EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';
import { scopesOf } from './token.js';

interface Options {
  readonly scope: readonly Scope[];
  readonly url?: string;
  readonly json?: boolean;
}

export const registerDashboard: Register = (program, { io, finish }) => {
  program
    .command('dashboard')
    .description('print a link that opens the dashboard in a browser, once')
    .option('--scope <list>', `what it may do, of ${SCOPES.join(', ')}`, scopesOf, [...SCOPES])
    .option('--url <address>', 'where your browser reaches the HTTP API, when not on this machine')
    .option('--json', 'print as JSON')
    .action(async ({ scope, url, json }: Options) => {
      const made = await withApp(io, async (app) => {
        const { code, expiresAt } = await makeLogin(app, scope);
        const base = url ?? localUrl(app.config.apiHost, app.config.apiPort);
        return { url: loginUrl(base, code), scopes: scope, expires_at: expiresAt.toISOString() };
      });
      io.out(json ? jsonText(made) : `${made.url}\n`);
      if (!json) io.err('It logs in once, and is good for some minutes.\n');
      finish(EXIT.ok);
    });
};
