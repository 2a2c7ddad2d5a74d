/**
 * The processes of one installation, started one by one as containers are: each by its own command, from one folder,
 * with settings from the environment alone, under an account that may write nothing but the state folder.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { tailOf } from './tethered.js';

export interface InstallationOptions {
  /** The folder of a release or a checkout that is built. */
  readonly root: string;
  /** State and logs; made if it isn't there. */
  readonly stateDir: string;
  /** All that the processes know, beside what is added for each. */
  readonly env: Readonly<Record<string, string>>;
}

export interface OwnProcess {
  readonly name: string;
  readonly logFile: string;
  pid(): number | undefined;
  /** Asks it to end, and waits. @returns its exit code; null when it had to be killed */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 50;
/** A process is gone 8.5 s after it was asked. */
const STOP_LIMIT_MS = 12_000;
const COMMAND_LIMIT_MS = 60_000;

/** Root's stand-in: `nobody` everywhere. Who is not root runs them as what they are. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const account = () => (process.getuid?.() === 0 ? NOBODY : {});

export class Installation {
  readonly #running: OwnProcess[] = [];

  constructor(readonly options: InstallationOptions) {
    mkdirSync(options.stateDir, { recursive: true });
    if (process.getuid?.() === 0) chownSync(options.stateDir, NOBODY.uid, NOBODY.gid);
  }

  /** What a process is started with. */
  envOf(name: string): NodeJS.ProcessEnv {
    const { stateDir, env } = this.options;
    return {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      BALLAST_STATE_DIR: stateDir,
      BALLAST_ALIVE_FILE: join(stateDir, `${name}.alive`),
      ...env,
    };
  }

  /**
   * Starts a process and waits for its `ready` line.
   * @param script below the folder, such as `dist/api/main.js`
   * @throws Error with the end of its log
   */
  async start(name: string, script: string, args: readonly string[] = []): Promise<OwnProcess> {
    const { root, stateDir } = this.options;
    const logFile = join(stateDir, `${name}.log`);
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const pipe = pathToFileURL(join(root, 'scripts', 'parent-pipe.mjs')).href;
    // Whatever ends this process ends those, too.
    const child = spawn(process.execPath, ['--import', pipe, script, ...args], {
      ...{ cwd: root, env: { ...this.envOf(name), BALLAST_TETHERED: '1' }, detached: true },
      ...{ stdio: ['pipe', log, log] as const, ...account() },
    });
    closeSync(log);
    const own = processOf(name, child, logFile);
    this.#running.push(own);
    await this.#ready(own, child);
    return own;
  }

  async #ready({ name, logFile }: OwnProcess, child: ChildProcess): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    while (!/^ready\b/m.test(readFileSync(logFile, 'utf8'))) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (hasEnded || Date.now() > deadline) {
        throw new Error(`${name} did not get ready. The end of its log:\n${tailOf(logFile)}`);
      }
      await sleep(READY_POLL_MS);
    }
  }

  /** Runs a program of the folder to its end. @returns what it printed @throws Error with all that it said */
  async command(script: string, ...args: readonly string[]): Promise<string> {
    const { root } = this.options;
    const options = { cwd: root, env: this.envOf('command'), timeout: COMMAND_LIMIT_MS };
    try {
      const all = { ...options, ...account() };
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], all);
      return stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${script} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Kills all that runs, at once. */
  async kill(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((own) => own.kill()));
  }

  /** Ends all that runs, the last started first. @returns those that did not end as they were asked to */
  async stop(): Promise<string[]> {
    const wrong: string[] = [];
    for (const own of this.#running.splice(0).reverse()) {
      const code = await own.stop();
      if (code !== 0) wrong.push(`${own.name} ended with ${code}`);
    }
    return wrong;
  }
}

function processOf(name: string, child: ChildProcess, logFile: string): OwnProcess {
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
  child.stdin?.on('error', () => undefined);
  const signal = (kind: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, kind);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  return {
    name,
    logFile,
    pid: () => child.pid,
    async stop() {
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), STOP_LIMIT_MS);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    async kill() {
      signal('SIGKILL');
      await ended;
    },
  };
}
