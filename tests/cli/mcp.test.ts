/** What `ballast mcp --print-config` gives a host. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { HOST_NAMES } from '../../mcp/hosts.js';
import { ballast } from './support.js';

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

const PLACES: Record<string, string> = { vscode: 'servers', zed: 'context_servers' };

test.each(HOST_NAMES)('[MCP-1] %s is told how to start it, from wherever it runs', async (host) => {
  const { code, out } = await ballast(['mcp', '--print-config', host]);
  expect(code).toBe(0);
  const config = JSON.parse(out) as Record<string, { ballast: Launch }>;
  expect(Object.keys(config)).toEqual([PLACES[host] ?? 'mcpServers']);
  const { command, args, env } = config[PLACES[host] ?? 'mcpServers']!.ballast;
  expect([existsSync(command), existsSync(args[0]!)]).toEqual([true, true]);
  // Read-only unless a person asks for more.
  expect([args.slice(1), env]).toEqual([['mcp'], {}]);
});

test('[MCP-1] trading stands in it when it was asked for; a password does not', async () => {
  const env = { DATABASE_URL: 'postgresql://me:secret@db/x', BALLAST_STATE_DIR: '.other' };
  const { out, err } = await ballast(['mcp', '--print-config', '--allow-trading'], { env });
  const { mcpServers } = JSON.parse(out) as { mcpServers: { ballast: Launch } };
  expect(mcpServers.ballast.args.slice(1)).toEqual(['mcp', '--allow-trading']);
  expect(mcpServers.ballast.env).toEqual({ BALLAST_STATE_DIR: '.other' });
  expect(out + err).not.toContain('secret');
  expect(err).toContain('DATABASE_URL');
});

test('[MCP-1] a host that is not known is refused with those that are', async () => {
  const { code, err } = await ballast(['mcp', '--print-config', 'notepad']);
  expect([code, err]).toEqual([2, expect.stringContaining('claude-desktop')]);
});
