/** MCP over standard input and output: a host starts it, and whoever started it is the owner of what runs here. */
import { Writable } from 'node:stream';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { healthReader } from '../app/health.js';
import { openShared, OWNER_NAME, type SharedApp } from '../app/users.js';
import { NotReachableError } from '../app/not-reachable.js';
import type { Config } from '../config/index.js';
import { createMcpServer } from './server.js';
import type { World } from './tool.js';

export interface StdioOptions {
  /** Whether tools that change trades are there. */
  readonly mayTrade: boolean;
  /** Who acts, for the record: `mcp:anna`. */
  readonly actor: string;
  readonly env: NodeJS.ProcessEnv;
  /** The settings as what runs here has them now. @throws NotReachableError */
  config(): Config;
  /** What happened here, for whoever started it: the host shows it, the protocol does not carry it. */
  say(line: string): void;
}

/** A call has one each, and a few are made at once. */
const POOL_SIZE = 4;
/** Longer than a plan holds an account's lock; what takes longer hangs. */
const ANSWER_TIMEOUT_MS = 15_000;
/** Far above any call; what is longer is not kept in memory. */
const MESSAGE_BYTES_MAX = 1_024 * 1_024;
/** Answers that are still to come when the input ends: an execution that makes a preview and waits for its verdict. */
const LAST_ANSWERS_MS = 60_000;

/** Serves until the input ends, or the process is told to stop. */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { mayTrade, say } = options;
  const installation = new Installation(options);
  const { mcp, settled } = createMcpServer({
    mayTrade,
    open: () => installation.open(),
    onFailure: (error, tool) => say(`${tool} failed: ${detailOf(error)}`),
  });
  const ended = untilEnd(mcp, say);
  const limits = { maxBufferSize: MESSAGE_BYTES_MAX };
  await mcp.connect(new StdioServerTransport(process.stdin, protocolOutput(), limits));
  say(`serving the Model Context Protocol, ${mayTrade ? 'with trading' : 'read-only'}`);
  if ((await ended) === 'input ended') await lastAnswers(settled);
  await mcp.close();
  await installation.close();
}

/** Everything but the protocol goes to standard error, whoever writes it: one stray line would end the connection. */
function protocolOutput(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout) as (chunk: unknown, done: () => void) => boolean;
  stdout.write = stderr.write.bind(stderr);
  return new Writable({
    write: (chunk, _encoding, done) => void write(chunk, () => done()),
  });
}

type End = 'input ended' | 'stopped';

function untilEnd({ server }: McpServer, say: StdioOptions['say']): Promise<End> {
  return new Promise((resolve) => {
    server.onerror = (error) => say(`not of the protocol: ${error.message}`);
    server.onclose = () => resolve('stopped');
    for (const event of ['end', 'close']) process.stdin.once(event, () => resolve('input ended'));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve('stopped'));
  });
}

/** What was asked before the input ended is answered, unless that takes too long. */
async function lastAnswers(settled: () => Promise<void>): Promise<void> {
  // Of what was read last the calls begin only now.
  await immediate();
  const timer = new AbortController();
  const tooLong = sleep(LAST_ANSWERS_MS, undefined, { signal: timer.signal }).catch(
    () => undefined,
  );
  await Promise.race([settled(), tooLong]);
  timer.abort();
  await immediate();
}

/** What runs here, opened by the first call; opened anew when it runs with other settings, as after a restart. */
class Installation {
  private current: {
    readonly key: string;
    readonly shared: SharedApp;
    health: World['health'];
  } | null = null;

  constructor(private readonly options: StdioOptions) {}

  /** @throws NotReachableError */
  async open(): Promise<World> {
    const { actor, env } = this.options;
    const { shared, health } = await this.opened();
    const app = async () => {
      const owner = await shared.as(OWNER_NAME, actor);
      if (owner !== null) return owner.app;
      throw new NotReachableError('the database has no owner: run "npm start"');
    };
    return { app, health, env };
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.shared.close();
  }

  private async opened() {
    const config = this.options.config();
    const key = JSON.stringify(config);
    if (this.current?.key === key) return this.current;
    const before = this.current;
    const limits = { poolSize: POOL_SIZE, answerTimeoutMs: ANSWER_TIMEOUT_MS };
    const shared = openShared(config, limits);
    this.current = { key, shared, health: healthReader(shared) };
    const { current } = this;
    await before?.shared.close();
    return current;
  }
}

function detailOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
