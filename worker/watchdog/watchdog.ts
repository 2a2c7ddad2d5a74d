/** The watchdog: looks at who signs, and tells people itself of whoever does not (OPS-8). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../config/logger.js';
import { beginWatch, lookAgain, type Ages } from '../../domain/silence.js';
import type { Channel } from '../../notify/channel.js';
import { within } from '../within.js';
import { messageOf } from './words.js';
import { Teller } from './teller.js';

export interface WatchdogOptions {
  /** One that does not answer in time counts as failed, and is left behind. */
  readonly signs: () => Promise<Ages>;
  readonly channels: readonly Channel[];
  /** Kinds that are not told. */
  readonly off: readonly string[];
  readonly silentMs: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
}

/** So often within the time that is silence: it is told at most a tenth late. */
const LOOKS = 10;
/** A database is not asked more often than this. */
const LOOK_EVERY_MAX_MS = 5_000;
/** A look that comes later than so many: this process, or its machine, stood still. */
const GAP_LOOKS = 6;

/** Runs until the signal is aborted. Never rejects. */
export async function runWatchdog(options: WatchdogOptions): Promise<void> {
  const { channels, off, silentMs, log, signal } = options;
  const tellers = channels.map((channel) => new Teller(channel, log));
  const telling = tellers.map((teller) => teller.run(signal));
  const everyMs = Math.min(silentMs / LOOKS, LOOK_EVERY_MAX_MS);
  const bounds = { silentMs, gapMaxMs: Math.max(everyMs * GAP_LOOKS, 2 * ANSWER_MAX_MS) };
  let watch = beginWatch(steadyNowMs());
  while (!signal.aborted) {
    const ages = await agesOf(options);
    const atMs = steadyNowMs();
    const { watch: next, news } = lookAgain(watch, { atMs, ages }, bounds);
    watch = next;
    for (const one of news) {
      log.warn(one, one.kind === 'silent' ? 'no sign of life' : 'heard again');
      if (off.includes(one.kind)) continue;
      const message = messageOf(one, atMs);
      for (const teller of tellers) teller.add(message);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(telling);
}

/** The time of day when this process began, and on from there: a clock that is set meanwhile hides no silence. */
function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A database that takes longer to answer does not answer. */
export const ANSWER_MAX_MS = 5_000;

async function agesOf({ signs, log }: WatchdogOptions): Promise<Ages | null> {
  try {
    return await within(ANSWER_MAX_MS, signs());
  } catch (error) {
    log.warn({ error: String(error) }, 'the database did not answer');
    return null;
  }
}
