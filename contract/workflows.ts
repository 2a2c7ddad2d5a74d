/**
 * What crosses between clients, workflows and workers: task queues, workflow ids, message names, and
 * the shapes they carry. No string of this kind stands anywhere else. Plain types only: workflows
 * import this file, so it may not pull in a validator.
 *
 * Terms: a *snapshot* is a trade as the database knew it after one change. Signals carry whole
 * snapshots, not changes, so the newest one wins and a repeated or skipped one does no harm.
 */
import type { DecimalText } from '../domain/money.js';
import type { Moves } from '../domain/trade/moves.js';
import type { TradeState } from '../domain/trade/states.js';
import type { EpochMs, Side } from '../domain/vocabulary.js';

// ── task queues ──────────────────────────────────────────────────────────────────────────────────

/** Where trade workers listen. `prefix` keeps installations apart that share a Temporal namespace. */
export function tradeQueue(prefix: string): string {
  return `${prefix}trades`;
}

/** The inverse of `tradeQueue`: the prefix of a queue that trade workers listen on. */
export function prefixOf(queue: string): string {
  return queue.slice(0, -tradeQueue('').length);
}

/** Two queues per account, because a queue is first come, first served: repairs must not wait. */
export type BrokerQueueKind = 'protect' | 'work';

export function brokerQueue(
  prefix: string,
  brokerAccountId: string,
  kind: BrokerQueueKind,
): string {
  return `${prefix}broker-${brokerAccountId}-${kind}`;
}

// ── the trade workflow ───────────────────────────────────────────────────────────────────────────

export const TRADE_WORKFLOW = 'trade';
const TRADE_ID_PREFIX = 'trade-';

export function tradeWorkflowId(tradeId: string): string {
  return `${TRADE_ID_PREFIX}${tradeId}`;
}

/** The inverse of `tradeWorkflowId`; null for the id of another kind of workflow. */
export function tradeIdOf(workflowId: string): string | null {
  return workflowId.startsWith(TRADE_ID_PREFIX) ? workflowId.slice(TRADE_ID_PREFIX.length) : null;
}

/** Where a Temporal UI shows workflows: behind it comes the id of one. */
export function workflowsUrl(uiUrl: string, namespace: string): string {
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/${namespace}/workflows/`;
}

export interface TradeInput {
  readonly tradeId: string;
  readonly brokerAccountId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly queuePrefix: string;
  readonly expiresAtMs: EpochMs | null;
  readonly maxHoldingMs: number | null;
  /**
   * When the signal was taken in, the market of its symbol was not known, and a broker could be asked: a plan
   * would say no more than that. Left out: the plan finds out. A hint only.
   */
  readonly isCold?: boolean;
  /**
   * When the signal was taken in, a broker could be asked: the first plan is made by the broker worker, in the
   * visit that sends the order. Left out: it is made before. A hint only.
   */
  readonly isAskable?: boolean;
  /** Set by continue-as-new: where the story goes on. */
  readonly resumed: ResumedTrade | null;
}

export interface ResumedTrade {
  readonly snapshot: TradeSnapshot;
  readonly summary: string;
  readonly closeByMs: EpochMs | null;
  /** Set while nobody knows what became of the entry: it is still looked up. */
  readonly entry?: UnknownEntry;
}

export interface UnknownEntry {
  /** Which plan it was sent by, from 1. */
  readonly round: number;
  /** Look-ups that found nothing: their pauses grow. */
  readonly lookUps: number;
}

/** What is waited for (TRD-16): for people and for logs. */
export interface TradeWait {
  /** `an answer to a write`. */
  readonly what: string;
  /** Null when only its event ends it. */
  readonly untilMs: EpochMs | null;
  /** What comes then: `look up`. */
  readonly then: string;
}

/** The trade as its rows tell it; `seq` grows with every change, so the highest is the newest. */
export interface TradeSnapshot {
  readonly seq: number;
  readonly state: TradeState;
  readonly heldQuantity: DecimalText;
  readonly averageEntry: DecimalText | null;
  readonly openedAtMs: EpochMs | null;
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
  readonly isProtected: boolean;
  /** The orders at the broker are not what the trade wants: `pursue` has something to do. */
  readonly needsWork: boolean;
  /** Nothing is held and nothing works at the broker any more. */
  readonly isOver: boolean;
  /** Somebody wants the unfilled entry gone. Like `wait`, absent in snapshots of older histories. */
  readonly cancelRequested?: boolean;
  /** Where its exits are wanted, and what became of that; absent while nobody moved one. */
  readonly moves?: Moves;
  /** What the trade itself waits for; null when all is as it is wanted. */
  readonly wait?: TradeWait | null;
  readonly exitReason: string | null;
  /** For people: what went wrong, if anything did. */
  readonly failure: string | null;
}

export interface TradeResult {
  readonly state: TradeState;
  readonly exitReason: string | null;
  readonly realizedPnl: DecimalText | null;
  readonly denialCodes: readonly string[];
}

/** Signal: one or more inbox rows were committed for this trade; carries the newest snapshot. */
export const TRADE_CHANGED_SIGNAL = 'tradeChanged';
/** Update: close the position now. */
export const CLOSE_TRADE_UPDATE = 'closeTrade';
/** Update: cancel what of the entry is unfilled. */
export const CANCEL_ENTRY_UPDATE = 'cancelEntry';
/** Update: move the stop, or the target, to a price. */
export const MOVE_STOP_UPDATE = 'moveStop';
export const MOVE_TARGET_UPDATE = 'moveTarget';
/** Update: let the stop follow the best price. */
export const TRAIL_UPDATE = 'trail';
/** Updates: a person's word on a trade that waits for it (SIG-3). */
export const APPROVE_UPDATE = 'approve';
export const REJECT_UPDATE = 'reject';
/** Query: the story so far, for people and tests. */
export const TRADE_STORY_QUERY = 'story';

/** What may be asked of a trade. */
export type CommandKind = 'close' | 'cancel_entry' | 'move_stop' | 'move_target' | 'trail';

/** The update that carries each. */
export const COMMAND_UPDATES: Readonly<Record<CommandKind, string>> = {
  close: CLOSE_TRADE_UPDATE,
  cancel_entry: CANCEL_ENTRY_UPDATE,
  move_stop: MOVE_STOP_UPDATE,
  move_target: MOVE_TARGET_UPDATE,
  trail: TRAIL_UPDATE,
};

export interface CommandInput {
  /** The caller's idempotency key: the same key is the same command. */
  readonly key: string;
  readonly actor: string;
  /** With a move or a trail. */
  readonly terms?: CommandTerms;
}

/** What a move asks for: a price, or a trail; never both. */
export interface CommandTerms {
  readonly price?: DecimalText;
  /** The stop may risk more than the one that stands. */
  readonly widen?: boolean;
  readonly trail?: { readonly amount: DecimalText } | { readonly fraction: DecimalText };
}

export interface ApprovalInput {
  /** The caller's idempotency key: the same key is the same decision. */
  readonly key: string;
  /** Who decides. */
  readonly actor: string;
  readonly reason?: string | null;
}

export interface CommandAnswer {
  readonly verdict: 'accepted' | 'refused';
  readonly reason: string | null;
}

export interface TradeStory {
  readonly snapshot: TradeSnapshot;
  readonly step: string;
  /** What the story waits for; null while it is at work. */
  readonly wait: TradeWait | null;
}

// ── search attributes of a trade (TRD-9) ─────────────────────────────────────────────────────────

export const SEARCH_ATTRIBUTES = {
  symbol: 'TradeSymbol',
  status: 'TradeStatus',
  strategy: 'StrategyId',
  account: 'AccountId',
  side: 'Side',
  isProtected: 'Protected',
} as const;
