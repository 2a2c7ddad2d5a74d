/**
 * From where MCP is asked over HTTP: a page in a browser may reach this machine under a name of its own (DNS
 * rebinding), so the names that a request may come by are those of this machine, and those that were set.
 */
import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** Addresses to listen on that are no names to ask by. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

export interface GuardSettings {
  readonly apiHost: string;
  readonly mcpHosts: readonly string[];
}

/** @returns why a request by these headers is not taken; null when it is */
export function guardOf({ apiHost, mcpHosts }: GuardSettings) {
  const own = ANY_ADDRESS.has(apiHost) ? [] : [apiHost.includes(':') ? `[${apiHost}]` : apiHost];
  const names = new Set([...LOOPBACK, ...own, ...mcpHosts].map((name) => name.toLowerCase()));
  return ({ host, origin }: IncomingHttpHeaders): string | null => {
    if (!names.has(nameOf(`http://${host ?? ''}`))) return refusalOf('Host');
    if (origin === undefined || names.has(nameOf(origin))) return null;
    return refusalOf('Origin');
  };
}

function refusalOf(header: string): string {
  return `the header ${header} names none of the places that this server is asked from: MCP_HOSTS lists them`;
}

/** The host of an address without its port; empty for what is no address of the web. */
function nameOf(address: string): string {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return '';
  return new URL(address).hostname.toLowerCase();
}
