/** How the dashboard is opened in a browser: by a link whose code is exchanged for a session at once. */

/** Where the dashboard lies on the HTTP API's own origin. */
export const DASHBOARD_PATH = '/dashboard';

/**
 * The link that logs in. The code stands behind `#`, which no browser sends to a server or tells to another page: it is
 * in no log.
 * @param base such as `http://127.0.0.1:8484`
 */
export function loginUrl(base: string, code: string): string {
  return `${base.replace(/\/+$/, '')}${DASHBOARD_PATH}/#login=${code}`;
}

/** A trade's page. */
export function tradePageUrl(base: string, tradeId: string): string {
  return `${base.replace(/\/+$/, '')}${DASHBOARD_PATH}/trades/${tradeId}`;
}

/** Where a browser on this machine reaches what listens there: no browser opens an address that means all of them. */
export function localUrl(host: string, port: number | string): string {
  const isAll = host === '0.0.0.0' || host === '::';
  const name = isAll ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
