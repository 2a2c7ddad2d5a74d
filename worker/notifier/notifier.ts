/** The notifier: makes deliveries of what the outbox has, and runs a loop for each channel (NTF-1). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../config/logger.js';
import type { Channel } from '../../notify/channel.js';
import type { Database } from '../../store/database.js';
import { giveUpOld, routeNotifications } from '../../store/outbox/route.js';
import { ChannelLoop } from './channel-loop.js';

export interface NotifierOptions {
  readonly db: Database;
  readonly channels: readonly Channel[];
  readonly holder: string;
  /** Kinds that are not sent. */
  readonly off: readonly string[];
  readonly giveUpAfterMs: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  readonly leaseTtlMs?: number;
  readonly pollMs?: number;
}

const POLL_MS = 1_000;
/** What is hours old is given up within a minute. */
const OLD_EVERY_MS = 60_000;

/** Runs until the signal is aborted. Never rejects: what fails is tried again. */
export async function runNotifier(options: NotifierOptions): Promise<void> {
  const { channels } = options;
  const loops = channels.map((channel) =>
    new ChannelLoop({ ...options, channel, chance: Math.random }).run(),
  );
  await Promise.all([routeUntilStopped(options), ...loops]);
}

async function routeUntilStopped(options: NotifierOptions): Promise<void> {
  const { db, channels, off, giveUpAfterMs: maxAgeMs, log, signal, pollMs = POLL_MS } = options;
  const names = channels.map(({ name }) => name);
  let oldAtMs = -Infinity;
  const look = async (): Promise<boolean> => {
    if (performance.now() - oldAtMs >= OLD_EVERY_MS) {
      const given = await giveUpOld(db, maxAgeMs);
      if (given > 0) log.warn({ given }, 'messages were given up: they are too old');
      oldAtMs = performance.now();
    }
    return routeNotifications(db, { channels: names, off, maxAgeMs });
  };
  while (!signal.aborted) {
    const isMore = await look().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the outbox was not looked at');
      return false;
    });
    if (!isMore) await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
