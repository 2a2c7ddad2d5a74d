/**
 * The stack under test: two trade workers, two broker workers for one connection, gateway, Temporal and
 * PostgreSQL, each a real process of its own that can be killed, frozen and started again.
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { migrate } from '../../scripts/infra/migrate.js';
import { EngineBooks } from '../judge/engine-books.js';
import { SHORT_STRATEGY } from '../traffic/plan.js';
import { FrontDoor } from './front-door.js';
import { GatewayControl } from './gateway-control.js';
import { setAhead } from './clock.js';
import { releaseDisk } from './disk.js';
import { keepFolder, openStackFolder } from './folder.js';
import type { NodePart, Part } from './part.js';
import type { Valve } from './valve.js';
import type { Switches } from './switches.js';
import { wire, type PartName, type StackOptions, type Wiring } from './wiring.js';

/** A lease that runs out, and a start after it. */
const TAKE_OVER_LIMIT_MS = 30_000;
const LEASE_LOOK_MS = 200;
/** The command line starts within seconds, and asks a database that answers. */
const COMMAND_LIMIT_MS = 30_000;

export class ChaosStack {
  readonly parts: Record<PartName, Part>;
  /** Processes beside those, in their order. */
  readonly also: readonly Part[];
  /** Where the notifier's mails go to. */
  readonly mailPort: number;
  readonly gateway: GatewayControl;
  readonly books: EngineBooks;
  readonly frontDoor: FrontDoor;
  readonly haltFile: string;
  readonly failpoints: string;
  /** Where the database's own small disk is mounted; null: it shares the folder's. */
  readonly databaseDisk: string | null;

  private constructor(
    readonly folder: string,
    private readonly wiring: Wiring,
  ) {
    this.parts = wiring.parts;
    this.also = wiring.also;
    this.mailPort = wiring.mailPort;
    this.gateway = new GatewayControl(wiring.controlPort);
    this.books = new EngineBooks(wiring.databaseUrl());
    this.frontDoor = new FrontDoor(wiring.databaseUrl(), wiring.temporalAddress);
    this.haltFile = join(folder, 'HALT');
    this.failpoints = join(folder, 'failpoints');
    this.databaseDisk = wiring.databaseDisk;
  }

  /** Starts everything; gives it when trades can be sent. Call `stop` at the end. */
  static async start(options: StackOptions): Promise<ChaosStack> {
    const folder = openStackFolder();
    const wiring = await wire(folder, options);
    try {
      for (const name of ['postgres', 'temporal', 'gateway'] as const) {
        options.say?.(`starting ${name}`);
        await wiring.parts[name].start();
        if (name === 'postgres') await migrate(wiring.databaseUrl());
      }
      const stack = new ChaosStack(folder, wiring);
      options.say?.('starting the workers');
      await stack.startWorkers();
      return stack;
    } catch (error) {
      for (const part of [...Object.values(wiring.parts), ...wiring.also].reverse())
        await part.stop();
      await wiring.databaseValve()?.stop();
      if (wiring.databaseDisk) releaseDisk(wiring.databaseDisk);
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async startWorkers(): Promise<void> {
    const { parts } = this;
    await parts['broker-1'].start();
    await (parts['broker-1'] as NodePart).ready();
    // Only now, so that the first one has the lease.
    await Promise.all([
      parts['broker-2'].start(),
      parts['trade-1'].start(),
      parts['trade-2'].start(),
      ...this.also.map((part) => part.start()),
    ]);
    await this.frontDoor.open();
    await this.frontDoor.makeStrategy(SHORT_STRATEGY, { allowShort: true });
  }

  /**
   * In the first broker worker's way to the database.
   * @throws Error when this stack was started without one
   */
  get databaseValve(): Valve {
    const valve = this.wiring.databaseValve();
    if (!valve) throw new Error('this stack has no valve before its database');
    return valve;
  }

  /**
   * Runs the command line of the engine.
   * @returns what it printed and its exit code
   */
  async ballast(...args: readonly string[]): Promise<{ code: number; printed: string }> {
    const program = join(projectRoot(), 'bin', 'ballast.mjs');
    const options = { env: this.wiring.env(), timeout: COMMAND_LIMIT_MS };
    return new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], options, (error, out, err) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? 1 : 0,
          printed: out + err,
        });
      });
    });
  }

  /** Starts this project's processes anew with a clock that is so far ahead of the machine's. */
  async setClockAhead(aheadMs: number): Promise<void> {
    const names = ['trade-1', 'trade-2', 'broker-1', 'broker-2', 'gateway'] as const;
    await Promise.all(
      [...names.map((name) => this.parts[name]), ...this.also].map((part) => part.stop()),
    );
    setAhead(this.folder, aheadMs);
    await this.startWhatIsDown();
  }

  /** Where a process of its own reaches the front door. */
  get addresses(): { readonly databaseUrl: string; readonly temporalAddress: string } {
    const { databaseUrl, temporalAddress } = this.wiring;
    return { databaseUrl: databaseUrl(), temporalAddress };
  }

  /** The switches of the gateway's next start. */
  set switches(switches: Switches) {
    this.wiring.switches = switches;
  }

  get switches(): Switches {
    return this.wiring.switches;
  }

  /**
   * The broker worker that holds the lease, and the other one.
   * @throws Error when neither does for longer than a take-over takes
   */
  async brokers(): Promise<{ active: Part; standBy: Part }> {
    const [first, second] = [this.parts['broker-1'], this.parts['broker-2']];
    const deadlineMs = Date.now() + TAKE_OVER_LIMIT_MS;
    while (Date.now() < deadlineMs) {
      const holderPid = await this.books.leaseHolderPid();
      if (holderPid !== undefined && holderPid === first.pid())
        return { active: first, standBy: second };
      if (holderPid !== undefined && holderPid === second.pid())
        return { active: second, standBy: first };
      await sleep(LEASE_LOOK_MS);
    }
    throw new Error(`no broker worker has had the lease for ${TAKE_OVER_LIMIT_MS / 1_000} s`);
  }

  /** Thaws what is frozen, starts what is down, lifts a halt. */
  async heal(): Promise<void> {
    for (const part of [...Object.values(this.parts), ...this.also]) part.thaw();
    this.wiring.databaseValve()?.open();
    await this.startWhatIsDown();
    this.liftHalt();
  }

  async startWhatIsDown(): Promise<void> {
    for (const name of ['postgres', 'temporal', 'gateway'] as const) await this.parts[name].start();
    const workers = ['broker-1', 'broker-2', 'trade-1', 'trade-2'] as const;
    const down = [...workers.map((name) => this.parts[name]), ...this.also];
    await Promise.all(down.map((part) => part.start()));
  }

  liftHalt(): void {
    rmSync(this.haltFile, { force: true });
  }

  halt(): void {
    writeFileSync(this.haltFile, 'halted by the judge\n');
  }

  /** The end of a part's log, for a failing run. */
  logTail(name: PartName, lines: number): string {
    const text = readFileSync(join(this.folder, `${name}.log`), 'utf8').trimEnd();
    return text.split('\n').slice(-lines).join('\n');
  }

  /** @returns where its folder is kept; null when it is gone */
  async stop(options: { keep?: boolean } = {}): Promise<string | null> {
    await this.frontDoor.close();
    await this.books.close();
    for (const part of this.also) await part.kill();
    for (const name of ['trade-1', 'trade-2', 'broker-1', 'broker-2'] as const) {
      await this.parts[name].kill();
    }
    for (const name of ['gateway', 'temporal', 'postgres'] as const) await this.parts[name].stop();
    await this.wiring.databaseValve()?.stop();
    if (this.databaseDisk) releaseDisk(this.databaseDisk);
    if (options.keep) return keepFolder(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
    return null;
  }
}
