/** Calls at once, however they come: so many, and no more. */
import { describe, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { mcpOverHttp, type McpAnswer } from '../../mcp/http.js';
import { createMcpServer, type McpOptions } from '../../mcp/server.js';
import type { World } from '../../mcp/tool.js';

const AT_ONCE_MAX = 32;
const health = { status: 'up', parts: [] } as const;

/** Health that nobody tells until the gate is opened. */
function gated(): { readonly options: McpOptions; open(): void } {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const world = { health: () => gate.then(() => health) } as unknown as World;
  const options: McpOptions = {
    mayTrade: false,
    open: () => Promise.resolve(world),
    onFailure: () => undefined,
  };
  return { options, open };
}

const ask = { name: 'get_health', arguments: {} };

describe('[MCP-1] calls under way at once', () => {
  test('over one connection are bounded; the next is told to wait, and is taken later', async () => {
    const { options, open } = gated();
    const { mcp, settled } = createMcpServer(options);
    const [near, far] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: 'test', version: '1' });
    await Promise.all([mcp.connect(far), client.connect(near)]);
    const first = Array.from({ length: AT_ONCE_MAX }, () => client.callTool(ask));
    const next = await client.callTool(ask);
    expect(next).toMatchObject({ isError: true });
    expect(JSON.stringify(next)).toContain('TOO_MANY_CALLS');
    open();
    await settled();
    expect((await Promise.all(first)).every(({ isError }) => !isError)).toBe(true);
    expect((await client.callTool(ask)).isError).not.toBe(true);
    await client.close();
  });

  test('over HTTP are bounded for each user', async () => {
    const { options, open } = gated();
    const answer = mcpOverHttp({ apiHost: '127.0.0.1', mcpHosts: [] });
    const accept = 'application/json, text/event-stream';
    const headers = { host: 'localhost', accept, 'content-type': 'application/json' };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: ask };
    const send = (userId: string) => answer({ headers, body, userId, options });
    const first = Array.from({ length: AT_ONCE_MAX }, () => send('one'));
    const refused = await send('one');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
    const other = send('other');
    open();
    const statuses = (answers: McpAnswer[]) => [...new Set(answers.map(({ status }) => status))];
    expect(statuses(await Promise.all([...first, other]))).toEqual([200]);
    expect((await send('one')).status).toBe(200);
  });
});
