/**
 * How far a trade is: the newest snapshot the workflow has seen, the stage of its story, and what it
 * waits for. Pure state, no waiting and no effects, so that the story in trade.workflow.ts stays a story.
 */
import type { EntryOutcome, PlanOutcome, SettleOutcome } from '../../contract/activities.js';
import type {
  ResumedTrade,
  TradeInput,
  TradeSnapshot,
  TradeWait,
} from '../../contract/workflows.js';
import { BEFORE_ENTRY } from '../../domain/trade/states.js';
import { OwnClose, pauseAfterMs } from './patience.js';

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

/**
 * How often an entry that never left this system is planned again. Each round passes every check with
 * fresh numbers; after that many the market has moved on and the trade is abandoned.
 */
const ENTRY_ROUNDS_MAX = 3;

/** The chapters of the story, in their order; `watch` and `settle` may follow each other often. */
export type Stage = 'plan' | 'enter' | 'look_up' | 'give_up' | 'watch' | 'settle' | 'done';

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
  /** What the story waits for; null while it is at work. */
  wait: TradeWait | null = null;
  /** Why the newest entry was not sent. */
  notSent = 'never sent';
  /** Which plan the trade is at, from 1. */
  round: number;
  /** Until when the trade may wait for the link to the broker; null when it never had to. */
  parkedUntilMs: number | null = null;
  /** That was for what parks entries, not for the link. */
  isOfParking = false;
  readonly ownClose = new OwnClose();
  private at: Stage;
  private lookUps: number;
  private idlePursuits = 0;
  private shown: Shown = { status: 'RECEIVED', isProtected: false };

  constructor(readonly input: TradeInput) {
    const { resumed } = input;
    this.snapshot = resumed?.snapshot ?? NOTHING_YET;
    this.summary = resumed?.summary ?? `${input.side} ${input.symbol}`;
    this.closeByMs = resumed?.closeByMs ?? null;
    this.round = resumed?.entry?.round ?? 1;
    this.lookUps = resumed?.entry?.lookUps ?? 0;
    this.at = stageAtStart(resumed);
    if (resumed) this.shown = shownOf(this.snapshot);
  }

  /** What comes next. Past its entry a trade that is over is settled, one that isn't is watched. */
  get stage(): Stage {
    if (this.at !== 'watch') return this.at;
    if (this.snapshot.isOver) return 'settle';
    // Proven absent by another than this story's own look-up: nothing is there to be watched.
    return BEFORE_ENTRY.has(this.snapshot.state) ? 'give_up' : 'watch';
  }

  /** Takes a snapshot unless a newer one was seen before. */
  adopt(snapshot: TradeSnapshot): void {
    if (snapshot.seq >= this.snapshot.seq) this.snapshot = snapshot;
  }

  /** A decision was made. */
  planned(outcome: Extract<PlanOutcome, { kind: 'approved' | 'denied' }>): void {
    this.adopt(outcome.snapshot);
    if (outcome.kind === 'denied') {
      this.denialCodes = outcome.codes;
      this.step = outcome.codes.length > 0 ? 'denied' : 'ended unsent';
      this.at = 'done';
      return;
    }
    this.summary = outcome.summary;
    this.closeByMs = outcome.closeByMs;
    this.at = 'enter';
  }

  /** The entry was tried, or looked up. */
  entered(outcome: EntryOutcome): void {
    this.adopt(outcome.snapshot);
    switch (outcome.kind) {
      case 'acknowledged':
      case 'refused':
        this.at = 'watch';
        return;
      case 'unknown':
        this.at = 'look_up';
        return;
      case 'not_sent':
        this.notSent = outcome.reason;
        this.lookUps = 0;
        this.round += 1;
        this.at = outcome.snapshot.isOver || this.round > ENTRY_ROUNDS_MAX ? 'give_up' : 'plan';
    }
  }

  /** How long to wait after one more look-up that found nothing. */
  pauseAfterLookUp(): number {
    this.lookUps += 1;
    return pauseAfterMs(this.lookUps);
  }

  /** It ended without a send; unless it was taken for one after all, which the rest of the story finds. */
  givenUp(): void {
    this.step = 'abandoned';
    this.at = this.snapshot.isOver ? 'done' : 'watch';
  }

  /** What came meanwhile counts: a trade that isn't over any more is watched on (TRD-15). */
  settled(outcome: SettleOutcome): void {
    this.adopt(outcome.snapshot);
    if (!outcome.snapshot.isOver) return;
    this.summary = outcome.summary;
    this.realizedPnl = outcome.realizedPnl;
    this.step = 'done';
    this.at = 'done';
  }

  /** The last look before the end: true when there is something to be watched again. */
  goesOn(): boolean {
    if (!this.snapshot.isOver) this.at = 'watch';
    return !this.snapshot.isOver;
  }

  /** Where the story goes on in a new run. */
  resumption(): ResumedTrade {
    const { snapshot, summary, closeByMs, round, lookUps } = this;
    const entry = this.at === 'look_up' ? { entry: { round, lookUps } } : {};
    return { snapshot, summary, closeByMs, ...entry };
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
    return idle ? pauseAfterMs(this.idlePursuits) : null;
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
}

function stageAtStart(resumed: ResumedTrade | null): Stage {
  // A story that was lost before its entry was sent begins anew: planning finds what was decided.
  if (resumed === null || BEFORE_ENTRY.has(resumed.snapshot.state)) return 'plan';
  return resumed.entry ? 'look_up' : 'watch';
}

function shownOf(snapshot: TradeSnapshot): Shown {
  return { status: snapshot.state, isProtected: snapshot.isProtected };
}
