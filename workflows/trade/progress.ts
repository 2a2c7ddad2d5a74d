/**
 * How far a trade is: the newest snapshot the workflow has seen, and what people should read about it.
 * Pure state, no waiting and no effects, so that the story in trade.workflow.ts stays a story.
 */
import type { TradeInput, TradeSnapshot } from '../../contract/workflows.js';

const NOTHING_YET: TradeSnapshot = {
  seq: 0,
  state: 'RECEIVED',
  heldQuantity: '0',
  averageEntry: null,
  openedAtMs: null,
  stopPrice: null,
  targetPrice: null,
  isProtected: false,
  needsWork: false,
  isOver: false,
  exitReason: null,
  failure: null,
};

/** Soon, for most things that can't be done now can be done in a moment. */
const FIRST_PAUSE_MS = 1_000;
/** Long enough to be cheap over a weekend, short enough for a market that opens. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** What the Temporal UI should be told; one search-attribute update covers both. */
export interface Shown {
  readonly status: string;
  readonly isProtected: boolean;
}

export class Progress {
  snapshot: TradeSnapshot;
  summary: string;
  closeByMs: number | null;
  denialCodes: readonly string[] = [];
  realizedPnl: string | null = null;
  /** The step the story is at, in words. */
  step = 'received';
  private idlePursuits = 0;
  private shown: Shown = { status: 'RECEIVED', isProtected: false };

  constructor(readonly input: TradeInput) {
    this.snapshot = input.resumed?.snapshot ?? NOTHING_YET;
    this.summary = input.resumed?.summary ?? `${input.side} ${input.symbol}`;
    this.closeByMs = input.resumed?.closeByMs ?? null;
    if (input.resumed) this.shown = shownOf(this.snapshot);
  }

  /** Takes a snapshot unless a newer one was seen before. */
  adopt(snapshot: TradeSnapshot): void {
    if (snapshot.seq >= this.snapshot.seq) this.snapshot = snapshot;
  }

  /** Gives what changed since the last call, or null when people already see it. */
  takeChange(): Shown | null {
    const now = shownOf(this.snapshot);
    if (now.status === this.shown.status && now.isProtected === this.shown.isProtected) return null;
    this.shown = now;
    return now;
  }

  /**
   * After a pursuit that began at `seq`: how long to wait before the next, null when something changed.
   * The pause doubles, so that a trade that waits for a person costs a few events an hour.
   */
  pauseAfterPursuit(seq: number): number | null {
    const idle = this.snapshot.needsWork && this.snapshot.seq === seq;
    this.idlePursuits = idle ? this.idlePursuits + 1 : 0;
    if (!idle) return null;
    return Math.min(FIRST_PAUSE_MS * 2 ** (this.idlePursuits - 1), LONGEST_PAUSE_MS);
  }

  /** When the position must be closed by itself: the holding time or the session's end, if any. */
  closeDueAtMs(): number | null {
    const { openedAtMs } = this.snapshot;
    const { maxHoldingMs } = this.input;
    const held = openedAtMs !== null && maxHoldingMs !== null ? openedAtMs + maxHoldingMs : null;
    if (held === null) return this.closeByMs;
    return this.closeByMs === null ? held : Math.min(held, this.closeByMs);
  }

  /** Which of the two it was. */
  closeCause(): 'max_holding' | 'session_end' {
    return this.closeDueAtMs() === this.closeByMs ? 'session_end' : 'max_holding';
  }

  /** Markdown for the Temporal UI's details. */
  details(): string {
    const { snapshot, input } = this;
    const rows = [
      ['State', snapshot.state],
      ['Step', this.step],
      ['Held', `${snapshot.heldQuantity} ${input.symbol}`],
      ['Average entry', snapshot.averageEntry],
      ['Stop', snapshot.stopPrice],
      ['Target', snapshot.targetPrice],
      ['Protected', snapshot.isProtected ? 'yes' : 'no'],
      ['Exit', snapshot.exitReason],
      ['Denied', this.denialCodes.length > 0 ? this.denialCodes.join(', ') : null],
      ['Problem', snapshot.failure],
    ].filter(([, value]) => value !== null);
    const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
    return `**${this.summary}**\n\n| | |\n| --- | --- |\n${table}`;
  }
}

function shownOf(snapshot: TradeSnapshot): Shown {
  return { status: snapshot.state, isProtected: snapshot.isProtected };
}
