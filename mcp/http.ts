/**
 * MCP over streamable HTTP, without sessions: each request is judged by its own token and answered by a server of its
 * own, so there is nothing to take over, nothing to bound, and nothing that a restart loses.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { guardOf, type GuardSettings } from './guard.js';
import { createMcpServer, type McpOptions } from './server.js';

export interface McpRequest {
  readonly headers: IncomingHttpHeaders;
  /** As parsed. */
  readonly body: unknown;
  /** Whose calls count together. */
  readonly userId: string;
  readonly options: McpOptions;
}

export interface McpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of one user, at one instant: a preview that nobody can make is waited for half a minute. */
const REQUESTS_AT_ONCE_MAX = 32;

/** By the JSON-RPC of the protocol: those of a server's own. */
const REFUSED = -32_000;

const RETRY_AFTER_S = '2';

/** Makes what answers the requests of one process. */
export function mcpOverHttp(settings: GuardSettings): (request: McpRequest) => Promise<McpAnswer> {
  const guard = guardOf(settings);
  const underWay = new Map<string, number>();
  return async (request) => {
    const { headers, body, userId } = request;
    const refusal = guard(headers);
    if (refusal !== null) return refused(403, REFUSED, refusal);
    // Many calls in one request would count as one.
    if (Array.isArray(body))
      return refused(400, ErrorCode.InvalidRequest, 'send one message at a time');
    const count = underWay.get(userId) ?? 0;
    if (count >= REQUESTS_AT_ONCE_MAX) return tooMany();
    underWay.set(userId, count + 1);
    try {
      return await answer(request);
    } finally {
      const left = (underWay.get(userId) ?? 1) - 1;
      if (left > 0) underWay.set(userId, left);
      else underWay.delete(userId);
    }
  };
}

async function answer({ headers, body, options }: McpRequest): Promise<McpAnswer> {
  const { mcp } = createMcpServer(options);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  try {
    await mcp.connect(transport);
    const request = new Request('http://mcp/', { method: 'POST', headers: headersOf(headers) });
    const response = await transport.handleRequest(request, { parsedBody: body });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } finally {
    await mcp.close();
  }
}

/** What of a request the protocol looks at. */
const LOOKED_AT = ['accept', 'content-type', 'mcp-protocol-version'] as const;

function headersOf(given: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const name of LOOKED_AT) {
    const value = given[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

function tooMany(): McpAnswer {
  const told = `${REQUESTS_AT_ONCE_MAX} requests are under way already: wait until they are answered`;
  const { headers, ...rest } = refused(429, REFUSED, told);
  return { ...rest, headers: { ...headers, 'retry-after': RETRY_AFTER_S } };
}

function refused(status: number, code: number, message: string): McpAnswer {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null });
  return { status, headers: { 'content-type': 'application/json' }, body };
}
