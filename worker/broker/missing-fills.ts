/**
 * A status may tell of fills whose executions never come. Only executions count, so the broker is asked
 * for its list until every such trade has them: soon, then ever less often.
 */
import type { Logger } from '../../config/logger.js';
import type { Committed } from '../../store/inbox.js';

/** An execution follows its status within milliseconds: after this it was lost on the way. */
const FIRST_ASK_AFTER_MS = 1_000;
/** What the broker has not listed for minutes, reconciliation must explain. */
const ASK_EVERY_MAX_MS = 30_000;

export class MissingFills {
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private pauseMs = FIRST_ASK_AFTER_MS;
  private stopped = false;
  private sinceMs = 0;

  /** `ask` feeds the broker's executions of today through the inbox; `waitedMs`: since one was missed first. */
  constructor(
    private readonly ask: (waitedMs: number) => Promise<unknown>,
    private readonly log: Logger,
  ) {}

  /** Called after each commit of the inbox. */
  committed({ tradeId, view }: Committed): void {
    if (!view.awaitsExecutions) {
      this.waiting.delete(tradeId);
    } else if (!this.waiting.has(tradeId)) {
      if (this.waiting.size === 0) this.sinceMs = performance.now();
      this.waiting.add(tradeId);
      this.pauseMs = FIRST_ASK_AFTER_MS;
      this.schedule();
    }
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.askAgain(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, ASK_EVERY_MAX_MS);
  }

  private async askAgain(): Promise<void> {
    if (this.waiting.size === 0) return;
    this.log.warn({ trades: [...this.waiting] }, 'fills without executions: asking for them');
    await this.ask(performance.now() - this.sinceMs).catch((error: unknown) => {
      this.log.warn({ error: String(error) }, 'the executions could not be asked for');
    });
    this.schedule();
  }
}
