/** Whether charting services can reach the webhooks that were made. */
import type { App } from '../app.js';
import { listHooks } from '../hooks.js';
import { note, ok, wrong, type Check } from './check.js';

const NAME = 'webhooks';
const LOOPBACK = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/;

/** Nothing where none was made. */
export async function hookChecks(app: App): Promise<Check[]> {
  const open = (await listHooks(app)).filter(({ revoked_at: revokedAt }) => revokedAt === null);
  if (open.length === 0) return [];
  const { apiPublicUrl: url } = app.config;
  const count = open.length === 1 ? 'one is open' : `${open.length} are open`;
  if (url === undefined) {
    const found = `${count}, and API_PUBLIC_URL is not set: no service reaches this machine`;
    const remedy =
      'put a proxy that speaks TLS before the API, and set API_PUBLIC_URL to its address';
    return [note(NAME, found, remedy)];
  }
  if (LOOPBACK.test(url)) {
    const remedy = 'set API_PUBLIC_URL to an address that charting services reach';
    return [note(NAME, `${count}, at an address of this machine alone (${url})`, remedy)];
  }
  if (!url.startsWith('https:')) {
    const remedy = 'let a proxy speak TLS, and begin API_PUBLIC_URL with https://';
    return [wrong(NAME, `${count}, and their addresses, which are keys, go in plain text`, remedy)];
  }
  return [ok(NAME, `${count}, at ${url}`)];
}
