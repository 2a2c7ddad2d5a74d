/** One running system, and every way into it: the command line, HTTP, and MCP over HTTP, by tokens of two users. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { noteHaltFile } from '../../config/index.js';
import type { Scope } from '../../contract/tokens.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { servedApi, token, type ServedApi } from '../api/support.js';
import { overHttp } from '../mcp/support.js';
import { startStack, type StackOptions, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { cliSurface, type CliSurface } from './cli.js';
import { httpSurface, type HttpSurface } from './http.js';
import { mcpSurface } from './mcp.js';
import type { Surface } from './surface.js';

/** Longer than any of these tests. */
const TOKEN_S = 3_600;

export interface Ways {
  readonly stack: TestStack;
  readonly api: ServedApi;
  readonly cli: CliSurface;
  readonly http: HttpSurface;
  readonly mcp: Surface;
  /** All three. */
  readonly all: readonly Surface[];
  /** Those that take whole signals. */
  readonly both: readonly (CliSurface | HttpSurface)[];
  readonly haltFile: string;
  httpAs(user: string, scopes?: readonly Scope[]): Promise<HttpSurface>;
  mcpAs(user: string, scopes?: readonly Scope[]): Promise<Surface>;
  ledger(): Promise<LedgerReport>;
  stop(): Promise<void>;
}

/** Each case has trades of its own: what limits their number is another test's. */
const ROOM = {
  MAX_OPEN_POSITIONS: '200',
  MAX_TRADES_PER_DAY: '500',
  MAX_ORDERS_PER_MINUTE: '5000',
};

/** Starts it, with a market that stands still and a user `other` who has nothing. */
export async function startWays(options: StackOptions = {}): Promise<Ways> {
  const stack = await startStack({ ...options, env: { ...ROOM, ...options.env } });
  const haltFile = `${stack.stateDir}/HALT`;
  const env: Record<string, string> = {
    ...{ DATABASE_URL: stack.databaseUrl, TASK_QUEUE_PREFIX: stack.queuePrefix },
    ...{ TEMPORAL_ADDRESS: await temporalAddress(), BALLAST_STATE_DIR: stack.stateDir },
    ...{ HALT_FILE: haltFile, API_REQUESTS_PER_MINUTE: '100000', ...ROOM },
  };
  noteHaltFile(env, haltFile);
  const api = await servedApi(env);
  await stack.db.user.create({ data: { name: 'other' } });
  await stack.gateway.control('/market', { paused: true });
  const clients: Client[] = [];
  const bearer = (user: string, scopes?: readonly Scope[]) =>
    token({ user, expiresInS: TOKEN_S, ...(scopes && { scopes }) });
  const httpAs = async (user: string, scopes?: readonly Scope[]) =>
    httpSurface(api, await bearer(user, scopes));
  const mcpAs = async (user: string, scopes?: readonly Scope[]) => {
    const client = await overHttp(api.url, await bearer(user, scopes));
    clients.push(client);
    return mcpSurface(client);
  };
  const [cli, http, mcp] = [cliSurface(env), await httpAs('owner'), await mcpAs('owner')];
  return {
    ...{ stack, api, cli, http, mcp, haltFile, httpAs, mcpAs },
    ...{ all: [cli, http, mcp], both: [cli, http] },
    ledger: () => stack.gateway.control<LedgerReport>('/ledger'),
    stop: async () => {
      for (const client of clients) await client.close();
      await api.close();
      await stack.stop();
    },
  };
}
