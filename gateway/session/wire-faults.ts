/** Faults of the wire that happen the moment they are armed: lost servers, flaps, restarts, stalls. */
import { durationMs } from '../faults.js';
import type { FaultName } from '../faults.js';
import type { Delivery } from './delivery.js';
import { answerWaiting } from './dispatch.js';
import type { Hub } from './hub.js';
import type { TickFeed } from './ticks.js';

const NAMES = [
  'connection-lost-1101',
  'connection-lost-1102',
  'connection-cut',
  'data-farm-flap',
  'nightly-restart',
  'stall',
] as const satisfies readonly FaultName[];

type WireFault = (typeof NAMES)[number];

/** What these faults pull on. */
export interface WireLevers {
  delivery: Delivery;
  ticks: TickFeed;
  holdAll(): void;
  releaseAll(): void;
  dropAll(reason: string): void;
  /** Closes the sockets of one client id, or all. */
  cut(clientId: number | undefined): void;
  shutPort(): Promise<void>;
  openPort(): Promise<void>;
}

export class WireFaults {
  private readonly timers = new Set<NodeJS.Timeout>();
  private running = false;

  constructor(
    private readonly hub: Hub,
    private readonly levers: WireLevers,
  ) {
    for (const name of NAMES) hub.faults.onDue([name], () => this.due(name));
  }

  start(): void {
    this.running = true;
  }

  stop(): void {
    this.running = false;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private due(name: WireFault): void {
    const fault = this.running ? this.hub.faults.take(name, {}) : undefined;
    if (!fault) return;
    switch (name) {
      case 'connection-lost-1101':
        return this.loseConnection(durationMs(fault.params), false);
      case 'connection-lost-1102':
        return this.loseConnection(durationMs(fault.params), true);
      case 'connection-cut':
        return this.levers.cut(fault.params['clientId'] as number | undefined);
      case 'data-farm-flap':
        return this.flap(durationMs(fault.params));
      case 'nightly-restart':
        return this.restart(durationMs(fault.params));
      case 'stall':
        return this.stall(durationMs(fault.params));
    }
  }

  /**
   * Orders go on at the broker meanwhile; the fills of the gap have to be asked for. Of losses that
   * overlap the last one's end is the end, and it keeps subscriptions only if each did.
   */
  private loseConnection(lostMs: number, kept: boolean): void {
    const { outage } = this.hub;
    outage.begin(kept);
    this.hub.broadcast(1100, 'Connectivity between IBKR and Trader Workstation has been lost.');
    this.levers.delivery.silence();
    this.levers.ticks.breakUntil(this.hub.nowMs() + lostMs);
    this.later(lostMs, () => {
      const end = outage.end();
      if (end !== undefined) this.tellReturn(end === 'kept');
      this.levers.delivery.speak();
      if (end !== undefined) for (const session of this.hub.all()) answerWaiting(this.hub, session);
    });
  }

  private tellReturn(kept: boolean): void {
    const back = 'Connectivity between IBKR and Trader Workstation has been restored';
    if (kept) {
      const farms = 'All data farms are connected: usfarm; ushmds; secdefil.';
      this.hub.broadcast(1102, `${back} - data maintained. ${farms}`);
      return;
    }
    for (const session of this.hub.all()) {
      session.ticks.clear();
      session.bars.clear();
    }
    this.hub.broadcast(1101, `${back} - data lost.`);
  }

  private flap(brokenMs: number): void {
    this.hub.broadcast(2103, 'Market data farm connection is broken:usfarm');
    this.levers.ticks.breakUntil(this.hub.nowMs() + brokenMs);
    this.later(brokenMs, () => {
      this.hub.broadcast(2104, 'Market data farm connection is OK:usfarm');
    });
  }

  private restart(downMs: number): void {
    void this.levers.shutPort();
    this.levers.dropAll('nightly restart');
    this.later(downMs, () => {
      this.levers.openPort().catch((error: unknown) => {
        this.hub.report(error, 'TWS port after a restart');
      });
    });
  }

  private stall(stalledMs: number): void {
    this.levers.holdAll();
    this.later(stalledMs, () => this.levers.releaseAll());
  }

  private later(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, delayMs);
    this.timers.add(timer);
  }
}
