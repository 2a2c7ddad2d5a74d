/**
 * One channel's loop: takes the lease, sends what is due in order, one at a time, and waits. It fails for nobody but
 * itself: what it can't do now it does later.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../config/logger.js';
import { around } from '../../failpoints/failpoint.js';
import type { Channel, Outcome } from '../../notify/channel.js';
import type { Database } from '../../store/database.js';
import {
  beginDelivery,
  endFailed,
  endSent,
  failuresOf,
  holdChannel,
  releaseChannel,
  sumUpMissed,
  type ChannelHold,
  type Delivery,
} from '../../store/outbox/send.js';
import { pauseMs } from '../backoff.js';

export interface ChannelLoopOptions {
  readonly db: Database;
  readonly channel: Channel;
  /** Names this process among all notifiers. */
  readonly holder: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly leaseTtlMs?: number;
  readonly pollMs?: number;
}

/** Twice what an attempt may take: a holder that is slow is not taken for a dead one, and a dead one is not waited for long. */
const LEASE_TTL_MS = 30_000;
/** People don't notice a second; a database doesn't notice a look each second. */
const POLL_MS = 1_000;

export class ChannelLoop {
  private readonly hold: ChannelHold;
  private readonly pollMs: number;

  constructor(private readonly options: ChannelLoopOptions) {
    const { channel, holder, leaseTtlMs: ttlMs = LEASE_TTL_MS, pollMs = POLL_MS } = options;
    this.hold = { channel: channel.name, holder, ttlMs };
    this.pollMs = pollMs;
  }

  /** Runs until the signal is aborted; then the lease is given up. Never rejects. */
  async run(): Promise<void> {
    const { db, signal, log, channel } = this.options;
    while (!signal.aborted) {
      const waitMs = await this.step().catch((error: unknown) => {
        log.warn({ channel: channel.name, error: String(error) }, 'the outbox was not looked at');
        return this.pollMs;
      });
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
    await releaseChannel(db, this.hold).catch(() => undefined);
  }

  /** Sends one message if there is one. @returns how long to wait before the next step */
  private async step(): Promise<number> {
    const { db, channel, log } = this.options;
    const blockedMs = await holdChannel(db, this.hold);
    if (blockedMs === null) return this.pollMs;
    if (blockedMs > 0) return Math.min(blockedMs, this.pollMs);
    const delivery = await beginDelivery(db, this.hold);
    if (delivery === null) return this.pollMs;
    const outcome = await around('notify.send', contextOf(delivery), () =>
      channel.send(messageOf(delivery)),
    );
    if (outcome.kind === 'failed') {
      await this.noteFailure(delivery, outcome);
      return 0;
    }
    const { leftOut } = outcome;
    if (leftOut !== null) {
      const { notificationId } = delivery;
      log.warn(
        { channel: channel.name, notificationId, leftOut },
        'a message did not reach everybody',
      );
    }
    await endSent(db, channel.name, delivery, leftOut);
    await sumUpMissed(db, channel.name);
    return channel.paceMs;
  }

  private async noteFailure(
    delivery: Delivery,
    { error, isFinal, isUnknown, retryAfterMs }: Extract<Outcome, { kind: 'failed' }>,
  ): Promise<void> {
    const { db, channel, log, chance } = this.options;
    const failures = (await failuresOf(db, channel.name)) + 1;
    const channelRetryInMs = pauseMs(retryAfterMs, failures, chance());
    const retryInMs = pauseMs(retryAfterMs, delivery.attempts, chance());
    const failure = { error, isFinal, isUnknown, retryInMs, channelRetryInMs };
    await endFailed(db, channel.name, delivery, failure);
    const { notificationId, tradeId, kind, attempts } = delivery;
    log.warn(
      { channel: channel.name, notificationId, tradeId, kind, attempts, error, retryInMs, isFinal },
      isFinal ? 'a message was refused for good' : 'a message was not sent; it is tried again',
    );
  }
}

const contextOf = ({ tradeId }: Delivery) => (tradeId === null ? {} : { tradeId });

function messageOf({ notificationId, tradeId, kind, body, createdAt, isPerhapsRepeat }: Delivery) {
  const { summary = kind, ...detail } = body;
  const at = createdAt.toISOString();
  return { id: notificationId, kind, summary, detail, tradeId, at, isPerhapsRepeat };
}
