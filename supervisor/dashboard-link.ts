/** The link that a start prints: it opens the dashboard, logged in. */
import { openApp } from '../app/app.js';
import { LOGIN_VALID_MS, makeLogin } from '../app/logins.js';
import { within } from '../app/within.js';
import { loadConfig } from '../config/index.js';
import { DASHBOARD_PATH, loginUrl } from '../contract/login.js';
import { SCOPES } from '../contract/tokens.js';

/** A start does not wait longer for a link. */
const MAKE_TIMEOUT_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * @param api where the HTTP API is reached
 * @returns lines for people: the link, or why there is none
 */
export async function dashboardTold(api: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    const late = () => new Error('the database does not answer');
    const code = await within(codeOf(env), MAKE_TIMEOUT_MS, late);
    return [
      `  Open the dashboard: ${loginUrl(api, code)}`,
      `  The link logs in once, within ${LOGIN_VALID_MS / MINUTE_MS} minutes; "npx ballast dashboard" prints a new one.\n`,
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      `  The dashboard is at ${api}${DASHBOARD_PATH}/; a link to it could not be made: ${why}`,
    ];
  }
}

async function codeOf(env: NodeJS.ProcessEnv): Promise<string> {
  const app = await openApp(loadConfig(env), 'supervisor');
  try {
    return (await makeLogin(app, SCOPES)).code;
  } finally {
    await app.close();
  }
}
