/** Tells the watchdog's few messages on one channel, in order, until each has arrived. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../config/logger.js';
import type { Channel, Outcome } from '../../notify/channel.js';
import type { Message } from '../../notify/message.js';
import { pauseMs } from '../backoff.js';

/** Three parts that fall silent and come back, twice over: older news is overtaken by then. */
const KEPT_MAX = 12;
const POLL_MS = 250;

export class Teller {
  private readonly waiting: Message[] = [];
  /** What is being sent may have arrived when an attempt's end is unknown. */
  private isPerhapsRepeat = false;

  constructor(
    private readonly channel: Channel,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** Puts it behind those that wait; the oldest is dropped, and logged, when there are too many. */
  add(message: Message): void {
    this.waiting.push(message);
    if (this.waiting.length <= KEPT_MAX) return;
    const dropped = this.waiting.shift();
    this.isPerhapsRepeat = false;
    this.log.warn({ channel: this.channel.name, dropped: dropped?.summary }, 'too much to tell');
  }

  /** Runs until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const [message] = this.waiting;
      const outcome = message === undefined ? null : await this.attempt(message);
      const hasFailed = outcome?.kind === 'failed' && !outcome.isFinal;
      failures = hasFailed ? failures + 1 : 0;
      const waitMs = hasFailed ? pauseMs(outcome.retryAfterMs, failures, Math.random()) : POLL_MS;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Takes it off the list once nothing more is to be tried for it. */
  private async attempt(message: Message): Promise<Outcome> {
    const outcome = await this.channel.send({ ...message, isPerhapsRepeat: this.isPerhapsRepeat });
    const isOver = outcome.kind === 'sent' || outcome.isFinal;
    const said = { channel: this.channel.name, summary: message.summary };
    if (outcome.kind === 'sent') this.log.info({ ...said, leftOut: outcome.leftOut }, 'told');
    else this.log.warn({ ...said, error: outcome.error }, 'not told');
    this.isPerhapsRepeat = !isOver && (this.isPerhapsRepeat || outcome.isUnknown);
    if (isOver && this.waiting[0] === message) this.waiting.shift();
    return outcome;
  }
}
