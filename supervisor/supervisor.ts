/** Starts the parts in order, starts again what dies, and stops all in the reverse order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { PartState } from '../config/index.js';
import type { Progress } from '../scripts/lib/steps.mjs';
import type { Context, Part } from './context.js';
import type { RunningPart } from './node-child.js';
import { DEATHS_MAX, WINDOW_MS, judgeDeath } from './restarts.js';

interface Entry {
  part: Part;
  running: RunningPart | undefined;
  deathsMs: number[];
  /** Set while it is down and is not started again by itself. */
  isLeftDown: boolean;
  /** Since when it is up, or is not. */
  since: string;
}

export interface SupervisorOptions {
  context: Context;
  parts: readonly Part[];
  progress: Progress;
  /** Called when a part has come up or gone. */
  onChange: () => void;
}

const now = () => new Date().toISOString();
const logOf = ({ stateDir }: Context, name: string) => join(stateDir, 'logs', `${name}.log`);

export class Supervisor {
  /** Parts that run or should run, in the order of starting. */
  readonly #entries: Entry[] = [];
  readonly #options: SupervisorOptions;
  /** Resolves when a part keeps dying and the whole should end. */
  readonly givenUp: Promise<Error>;
  readonly #giveUp: (error: Error) => void;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    let giveUp: (error: Error) => void = () => undefined;
    this.givenUp = new Promise((resolve) => {
      giveUp = resolve;
    });
    this.#giveUp = giveUp;
  }

  /** Process ids by part. */
  pids(): Record<string, number> {
    const known = this.#entries.map(({ part, running }) => [part.name, running?.pid()] as const);
    return Object.fromEntries(known.filter((entry): entry is [string, number] => !!entry[1]));
  }

  /** How each part is, for whoever asks why one doesn't answer. */
  parts(): Record<string, PartState> {
    return Object.fromEntries(
      this.#entries.map((entry) => [entry.part.name, this.#stateOf(entry)]),
    );
  }

  #stateOf({ part, running, deathsMs, isLeftDown, since }: Entry): PartState {
    const pid = running?.pid();
    const pids = running?.pids?.() ?? (pid === undefined ? [] : [pid]);
    const attempt = deathsMs.filter((death) => Date.now() - death < WINDOW_MS).length;
    const state = running ? 'up' : isLeftDown ? 'down' : 'restarting';
    return { state, pids, since, attempt, log: logOf(this.#options.context, part.name) };
  }

  /** @throws Error of the first part that does not come up; what runs then is left to `stop` */
  async startAll(): Promise<void> {
    const { context, parts, progress } = this.#options;
    for (const part of parts) {
      if (this.#stopping) return;
      const reason = part.skipped(context);
      if (reason) {
        progress.line(`– ${part.title}: not started, ${reason}`);
        continue;
      }
      await this.#startFirst(part);
    }
  }

  /** @throws Error when the part does not come up, unless it is a spare one: that is tried again beside the rest */
  async #startFirst(part: Part): Promise<void> {
    const { context, progress } = this.#options;
    const entry: Entry = {
      part,
      running: undefined,
      deathsMs: [],
      isLeftDown: false,
      since: now(),
    };
    try {
      entry.running = await progress.step(part.title, (note) => part.start(context, note));
    } catch (error) {
      if (!part.isSpare) throw error;
      context.say(error instanceof Error ? error.message : String(error));
      this.#entries.push(entry);
      void this.#onDeath(entry, 1);
      return;
    }
    if (entry.running) this.#adopt(entry);
  }

  #adopt(entry: Entry): void {
    if (!this.#entries.includes(entry)) this.#entries.push(entry);
    const { running } = entry;
    entry.since = now();
    void running?.exited.then((code) => this.#onDeath(entry, code));
    this.#options.onChange();
  }

  async #onDeath(entry: Entry, code: number): Promise<void> {
    const { context, onChange } = this.#options;
    entry.running = undefined;
    entry.since = now();
    entry.isLeftDown = !context.config.ballastRestart;
    entry.deathsMs.push(Date.now());
    onChange();
    if (this.#stopping) return;
    const { title, name } = entry.part;
    context.say(`✗ ${title} ended (code ${code}); its log is ${logOf(context, name)}`);
    if (!context.config.ballastRestart) {
      context.say(`  BALLAST_RESTART is off: "npm start" in this checkout starts it again`);
      return;
    }
    const verdict = judgeDeath(entry.deathsMs, context.config.restartDelayMs);
    if (verdict.kind === 'give-up') {
      const often = `${DEATHS_MAX} times within ${WINDOW_MS / 1000} s`;
      const why = `${title} ended ${often}: its log says why`;
      if (!entry.part.isSpare) return this.#giveUp(new Error(why));
      entry.isLeftDown = true;
      onChange();
      context.say(`${why}; the rest goes on without it, and "npm start" once more starts it again`);
      return;
    }
    await sleep(verdict.delayMs);
    await this.#restart(entry);
  }

  async #restart(entry: Entry): Promise<void> {
    const { context, progress } = this.#options;
    if (this.#stopping || entry.running) return;
    entry.isLeftDown = false;
    try {
      const title = `${entry.part.title} started again`;
      entry.running = await progress.step(title, (note) => entry.part.start(context, note));
    } catch (error) {
      context.say(error instanceof Error ? error.message : String(error));
      return this.#onDeath(entry, 1);
    }
    if (this.#stopping) return entry.running?.stop();
    this.#adopt(entry);
  }

  /** Starts what is down and stayed down: asked for by a second `npm start`. */
  async restartDown(): Promise<void> {
    for (const entry of this.#entries) {
      if (entry.isLeftDown) await this.#restart(entry);
    }
  }

  /** Stops everything, the last started first. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    await this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const { part, running } of [...this.#entries].reverse()) {
      if (!running) continue;
      await this.#options.progress.step(`${part.title} stopped`, () => running.stop());
    }
  }
}
