/** A paper gateway of one's own for a test: the real process, on free ports. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'dist/gateway/main.js');
/** Starting takes some 300 ms; two busy cores may need ten times as long. */
const READY_TIMEOUT_MS = 20_000;

/** Recorded quotes that lie beside the project on some machines only. */
export const RECORDED_QUOTES = resolve(ROOT, '../shared/market-data');
export const hasRecordedQuotes = existsSync(join(RECORDED_QUOTES, '2013-10-08/IBM.csv.gz'));

export interface GatewayOptions {
  /** `simulated` (default) or `replay:DIR`. */
  market?: string;
  /** Kept by the caller; without it a folder of its own is made and removed at `stop`. */
  stateDir?: string;
  /** TWS port; default: any free one. */
  port?: number;
  controlPort?: number;
  /** Any further flags, such as `--paused`, `--hours`, `exchange`. */
  flags?: string[];
}

export interface TestGateway {
  port: number;
  controlPort: number;
  stateDir: string;
  pid: number;
  /** GET, or POST when a body is given; gives the parsed answer, throws on any status but 200. */
  control<Answer = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer>;
  /** Ends it with SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
  /** Ends it with SIGKILL; its state folder stays. */
  kill(): Promise<void>;
  /** Sends a signal such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
}

function argumentsOf(options: GatewayOptions, stateDir: string): string[] {
  return [
    ...['--port', String(options.port ?? 0), '--control-port', String(options.controlPort ?? 0)],
    ...['--state', stateDir, '--market', options.market ?? 'simulated', '--exit-with-parent'],
    ...(options.flags ?? []),
  ];
}

function waitUntilReady(child: ChildProcess): Promise<{ port: number; controlPort: number }> {
  return new Promise((onReady, reject) => {
    let errors = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the gateway was not ready within ${READY_TIMEOUT_MS} ms: ${errors}`));
    }, READY_TIMEOUT_MS);
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the gateway ended with code ${code}: ${errors}`));
    });
    if (!child.stdout) throw new Error('the gateway has no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready ')) return;
      clearTimeout(timer);
      onReady(JSON.parse(line.slice('ready '.length)) as { port: number; controlPort: number });
    });
  });
}

async function callControl<Answer>(port: number, path: string, body?: unknown): Promise<Answer> {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, post);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/**
 * Starts a gateway and waits until both its ports listen. It ends with the test process, too.
 * @throws Error with what it printed when it does not start
 */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build"`);
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'ballast-gateway-'));
  const child = spawn(process.execPath, [MAIN, ...argumentsOf(options, stateDir)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  child.stdin.on('error', () => undefined);
  const ports = await waitUntilReady(child);
  return {
    ...ports,
    stateDir,
    pid: child.pid ?? 0,
    control: (path, body) => callControl(ports.controlPort, path, body),
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
