/** One process of the stack under test: what can be done to it, and back. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchNodeChild, type LaunchedPart } from '../../supervisor/node-child.js';

export interface Part {
  readonly name: string;
  isUp(): boolean;
  /**
   * Process id of the one that works, which leads a group of its own; undefined while it is down. Of a
   * broker worker that is not the small parent, which only watches: freezing that one as well would
   * show what no real freeze does, for they don't share a group.
   */
  pid(): number | undefined;
  start(): Promise<void>;
  /** SIGTERM, then its end; gives how long that took. */
  stop(): Promise<number>;
  /** SIGKILL, and its end. */
  kill(): Promise<void>;
  /** SIGSTOP to what works, until `thaw`. */
  freeze(): void;
  /** The same to whatever watches over it, too, as a machine does that is suspended. */
  suspend(): void;
  thaw(): void;
}

export interface NodePartOptions {
  readonly name: string;
  readonly script: string;
  /** Read at each start: a restart may come with others. */
  readonly args: () => string[];
  readonly env: () => NodeJS.ProcessEnv;
  readonly logFile: string;
  /** False for a stand-by, which says nothing until it takes over. */
  readonly awaitReady: boolean;
}

/** Two busy cores start a worker in 3 to 8 s; a slow one is not the defect that is looked for. */
const READY_LIMIT_MS = 60_000;

/** A process of this project. */
export class NodePart implements Part {
  private running: LaunchedPart | null = null;
  /** Groups that stand still. */
  private readonly frozen = new Set<number>();

  constructor(private readonly options: NodePartOptions) {}

  get name(): string {
    return this.options.name;
  }

  isUp(): boolean {
    return this.running !== null && !this.running.hasExited();
  }

  pid(): number | undefined {
    return this.isUp() ? this.running?.pid() : undefined;
  }

  async start(): Promise<void> {
    if (this.isUp()) return;
    const { name, script, args, env, logFile, awaitReady } = this.options;
    this.running = launchNodeChild({
      name,
      script,
      args: args(),
      env: env(),
      logFile,
      readyLimitMs: READY_LIMIT_MS,
    });
    if (awaitReady) await this.running.ready();
  }

  /** Resolves when it has said that it does its work. */
  async ready(): Promise<void> {
    await this.running?.ready();
  }

  async stop(): Promise<number> {
    const startedAtMs = Date.now();
    this.thaw();
    await this.running?.stop();
    this.running = null;
    return Date.now() - startedAtMs;
  }

  async kill(): Promise<void> {
    const pid = this.pid();
    if (pid !== undefined) signalIfThere(pid, 'SIGKILL');
    // Its parent, if it has one, ends with it.
    this.thaw();
    await this.running?.exited;
    this.running = null;
  }

  freeze(): void {
    this.stopGroup(this.pid());
  }

  suspend(): void {
    // Whoever watches first: it is to miss nothing.
    if (this.isUp()) this.stopGroup(this.running?.topPid());
    this.stopGroup(this.pid());
  }

  thaw(): void {
    for (const pid of this.frozen) signalIfThere(pid, 'SIGCONT');
    this.frozen.clear();
  }

  private stopGroup(pid: number | undefined): void {
    if (pid === undefined || this.frozen.has(pid)) return;
    wakeWithoutUs(pid);
    signalIfThere(pid, 'SIGSTOP');
    this.frozen.add(pid);
  }
}

/** What is signalled may have ended meanwhile: a broker worker's parent kills it when it is frozen. */
function signalIfThere(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A stopped process can't see that we are gone: somebody wakes it then, and it ends by itself. */
function wakeWithoutUs(group: number): void {
  const script = `while kill -0 ${process.pid} 2>/dev/null && kill -0 -${group} 2>/dev/null; do sleep 1; done; kill -CONT -${group} 2>/dev/null`;
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' }).unref();
}

/** A server that is not ours, as its starter gives it. */
export interface ForeignServer {
  pid(): number | undefined;
  exited: Promise<number>;
  hasExited(): boolean;
  stop(): Promise<void>;
}

/** After a kill, PostgreSQL's own children need a moment to notice; a start before that is refused. */
const START_TRIES = 5;
const START_AGAIN_AFTER_MS = 500;

/** PostgreSQL or Temporal: killed and frozen as a whole process group. */
export class ForeignPart implements Part {
  private server: ForeignServer | null = null;
  private frozen = false;

  constructor(
    readonly name: string,
    private readonly begin: () => Promise<ForeignServer>,
  ) {}

  isUp(): boolean {
    return this.server !== null && !this.server.hasExited();
  }

  pid(): number | undefined {
    return this.isUp() ? this.server?.pid() : undefined;
  }

  async start(): Promise<void> {
    if (this.isUp()) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.server = await this.begin();
        return;
      } catch (error) {
        if (attempt >= START_TRIES) throw error;
        await sleep(START_AGAIN_AFTER_MS);
      }
    }
  }

  async stop(): Promise<number> {
    const startedAtMs = Date.now();
    this.thaw();
    await this.server?.stop();
    this.server = null;
    return Date.now() - startedAtMs;
  }

  async kill(): Promise<void> {
    const pid = this.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await this.server?.exited;
    this.server = null;
    this.frozen = false;
  }

  freeze(): void {
    const pid = this.pid();
    if (this.frozen || pid === undefined) return;
    wakeWithoutUs(groupOf(pid));
    this.signalGroup('SIGSTOP');
    this.frozen = true;
  }

  suspend(): void {
    this.freeze();
  }

  thaw(): void {
    if (this.frozen) this.signalGroup('SIGCONT');
    this.frozen = false;
  }

  private signalGroup(signal: NodeJS.Signals): void {
    const pid = this.pid();
    if (pid !== undefined) process.kill(-groupOf(pid), signal);
  }
}

/** Field 5 of /proc/PID/stat; counted after the name, which may hold blanks. */
const GROUP_FIELD_AFTER_NAME = 2;

function groupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[GROUP_FIELD_AFTER_NAME]);
}
