/** The official client, over real pipes and real HTTP. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';

/** Starting Node, and a preview on a busy machine. */
const ANSWER_WITHIN_MS = 90_000;

export const BALLAST = join(projectRoot(), 'bin', 'ballast.mjs');

/** Starts `ballast mcp` as a host does, and lists its tools: from then on the client checks what they give. */
export async function overStdio(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Client> {
  const transport = new StdioClientTransport({
    ...{ command: process.execPath, args: [BALLAST, 'mcp', ...args], stderr: 'ignore' as const },
    env: { ...getDefaultEnvironment(), ...env },
  });
  return connected(transport);
}

/** Connects to `/mcp` of an API. */
export function overHttp(
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Client> {
  const requestInit = { headers: { authorization: `Bearer ${token}`, ...headers } };
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit });
  return connected(transport);
}

async function connected(transport: Parameters<Client['connect']>[0]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport, { timeout: ANSWER_WITHIN_MS });
  await client.listTools();
  return client;
}

/** What the tests look at of what tools give. */
export interface Shown {
  readonly notice: string;
  readonly [name: string]: unknown;
}

/** Calls a tool, which must do it. */
export async function use<T = Shown>(client: Client, name: string, args: object = {}): Promise<T> {
  const result = await called(client, name, args);
  if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
  return result.structuredContent as T;
}

export interface RefusedCall {
  readonly code: string;
  readonly message: { readonly untrusted: string };
  readonly next: string;
  readonly issues?: readonly { readonly path: string }[];
}

/** Calls a tool, which must refuse it. */
export async function refusal(
  client: Client,
  name: string,
  args: object = {},
): Promise<RefusedCall> {
  const result = await called(client, name, args);
  const text = result.content[0]?.type === 'text' ? result.content[0].text : '';
  if (!result.isError) throw new Error(`${name} was not refused: ${text}`);
  return (JSON.parse(text) as { error: RefusedCall }).error;
}

async function called(client: Client, name: string, args: object): Promise<CallToolResult> {
  const params = { name, arguments: { ...args } };
  const result = await client.callTool(params, undefined, { timeout: ANSWER_WITHIN_MS });
  return result as CallToolResult;
}

/** Each text of a value with the names that lead to it. */
export function textsOf(value: unknown, path: readonly string[] = []): [string[], string][] {
  if (typeof value === 'string') return [[[...path], value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    [[...path, '(name)'], name] as [string[], string],
    ...textsOf(part, [...path, name]),
  ]);
}

export async function toolNames(client: Client): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}
