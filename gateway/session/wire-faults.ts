/** Faults of the wire that happen the moment they are armed: lost servers, flaps, restarts, stalls. */
import { secondsParamMs } from '../faults.js';
import type { FaultName } from '../faults.js';
import type { Delivery } from './delivery.js';
import type { Hub } from './hub.js';
import type { TickFeed } from './ticks.js';

const LOST_SECONDS = 2;
const FLAP_SECONDS = 2;
const RESTART_SECONDS = 5;
const STALL_SECONDS = 10;

const NAMES = [
  'connection-lost-1101',
  'connection-lost-1102',
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
    const fault = this.running ? this.hub.faults.take(name) : undefined;
    if (!fault) return;
    switch (name) {
      case 'connection-lost-1101':
        return this.loseConnection(secondsParamMs(fault.params, LOST_SECONDS), false);
      case 'connection-lost-1102':
        return this.loseConnection(secondsParamMs(fault.params, LOST_SECONDS), true);
      case 'data-farm-flap':
        return this.flap(secondsParamMs(fault.params, FLAP_SECONDS));
      case 'nightly-restart':
        return this.restart(secondsParamMs(fault.params, RESTART_SECONDS));
      case 'stall':
        return this.stall(secondsParamMs(fault.params, STALL_SECONDS));
    }
  }

  /** Orders go on at the broker meanwhile; the fills of the gap have to be asked for. */
  private loseConnection(lostMs: number, kept: boolean): void {
    const lost = 'Connectivity between IBKR and Trader Workstation has been lost.';
    this.hub.broadcast(1100, lost);
    const untilMs = this.hub.nowMs() + lostMs;
    this.levers.delivery.silence();
    this.levers.ticks.breakUntil(untilMs);
    this.later(lostMs, () => {
      const back = 'Connectivity between IBKR and Trader Workstation has been restored';
      if (kept) {
        const farms = 'All data farms are connected: usfarm; ushmds; secdefil.';
        this.hub.broadcast(1102, `${back} - data maintained. ${farms}`);
      } else {
        for (const session of this.hub.all()) {
          session.ticks.clear();
          session.bars.clear();
        }
        this.hub.broadcast(1101, `${back} - data lost.`);
      }
      this.levers.delivery.speak();
    });
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
