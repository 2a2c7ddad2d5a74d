/** Publishes the link's health for everybody else: on each change, and by the clock. */
import type { ConnectionState } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { Parked } from '../../domain/broker/parking.js';
import { around } from '../../failpoints/failpoint.js';
import type { Database } from '../../store/database.js';
import { alertBack, alertBlind, publishHealth } from '../../store/link.js';
import { addedUp, type BreachNumbers } from './breach-count.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Health is published at least this often; others take a silent link for a dead one. */
const PUBLISH_EVERY_MS = 1_000;

export interface PublisherOptions {
  readonly db: Database;
  readonly lease: Pick<LeaseKeeper, 'current' | 'isHeld'>;
  readonly state: () => ConnectionState;
  readonly parked: () => Parked | null;
  readonly pictureAtMs: () => number | null;
  /** What the guard has counted (TRD-3), since this process began. */
  readonly numbers: () => BreachNumbers;
  /** What those of earlier processes had counted: both together are what the connection has had. */
  readonly countedBefore: BreachNumbers;
  /** Shares held without a link for longer than that are told. */
  readonly blindAlertMs: number;
  readonly log: Logger;
}

export class HealthPublisher {
  private timer: NodeJS.Timeout | null = null;
  private isUnderWay = false;
  private isDue = false;
  /** As it was published last. */
  private wasReady = false;

  constructor(private readonly options: PublisherOptions) {}

  start(): void {
    this.timer = setInterval(() => this.changed(), PUBLISH_EVERY_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.isDue = false;
  }

  /** One write at a time, so that an older state never comes after a newer one. */
  changed(): void {
    this.isDue = true;
    if (!this.isUnderWay) void this.publish();
  }

  private async publish(): Promise<void> {
    const { db, lease, log, blindAlertMs } = this.options;
    this.isUnderWay = true;
    while (this.isDue && lease.isHeld()) {
      this.isDue = false;
      const health = this.health();
      const { connectionId } = lease.current;
      const write = async () => {
        if (health.ready && !this.wasReady) await this.tellBack(connectionId);
        await publishHealth(db, lease.current, health);
        this.wasReady = health.ready;
        if (!health.ready) await alertBlind(db, connectionId, blindAlertMs);
      };
      await around('health.publish', {}, write).catch((error: unknown) =>
        log.warn({ error: String(error) }, 'health was not published'),
      );
    }
    this.isUnderWay = false;
  }

  /** Entries wait for the link, and not for what people are told of it. */
  private async tellBack(connectionId: string): Promise<void> {
    const { db, log } = this.options;
    await alertBack(db, connectionId).catch((error: unknown) =>
      log.warn({ error: String(error) }, 'it was not told that the link is back'),
    );
  }

  private health() {
    const { state, parked, pictureAtMs, numbers, countedBefore } = this.options;
    const { ready, lastMessageAtMs, clockSkewMs, ...detail } = state();
    const guard = numbers();
    return {
      ...{ ready, lastMessageAtMs, clockSkewMs },
      detail: { ...detail, guard, guardTotals: addedUp(countedBefore, guard) },
      ...{ parked: parked(), pictureAtMs: pictureAtMs() },
    };
  }
}
