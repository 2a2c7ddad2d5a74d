/** What activities are given: ports and stores, never a concrete adapter. */
import type { BrokerPort } from '../broker/port.js';
import type { Parked } from '../domain/broker/parking.js';
import type { Instrument, Quote } from '../domain/vocabulary.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { InstallationState } from '../domain/risk/context.js';
import type { Snapshot } from '../domain/broker/snapshot.js';
import type { Lease } from '../store/connections.js';
import type { Database } from '../store/database.js';
import type { Committed } from '../store/inbox.js';
import type { OrderOwner } from '../store/order-owner.js';
import type { Planned } from '../store/planning/plan.js';
import type { PreviewLimits } from '../domain/preview/rule.js';
import type { Foreseen, WantedPreview } from '../store/previews/make.js';
import type { Logger } from '../config/logger.js';

/** The link to the broker as its owner offers it. */
export interface BrokerLink {
  readonly port: BrokerPort;
  readonly sessionClientId: number;
  /** Rejects when the link is not READY within the time. */
  ready(timeoutMs: number): Promise<void>;
  /** Takes a picture of the broker; its facts are committed when this resolves. */
  picture(): Promise<Snapshot>;
  /** The same, compared with all open trades, as the guard does every 30 s. */
  pictureOfAll(): Promise<Snapshot>;
  /** Since when the link is READY without a break; null while it isn't. */
  readySinceMs(): number | null;
  /** When the newest complete picture was begun; null before the first. */
  pictureAtMs(): number | null;
  /** Why entries must wait now (BRK-8); null when they may go. */
  parked(): Parked | null;
  /** The connection's lease. @throws when it was never acquired. */
  lease(): Lease;
  /** True while this process may send. */
  maySend(): boolean;
}

/** Told of each send that has ended, for metrics; it takes no time. */
export type SendMeter = (
  priority: 'protect' | 'entry',
  outcome: 'written' | 'not_written' | 'refused',
  tookMs: number,
) => void;

/** The market as the broker worker keeps it. */
export interface MarketDesk {
  warm(instrument: Instrument): Promise<void>;
  /** The newest quote, for this process alone: its row follows. A contract that isn't known is warmed. */
  look(instrument: Instrument): Promise<void>;
  refreshAccount(account: string): Promise<void>;
  /** Waits for the daily closes that are under way, so long at the most. */
  closesSettled(waitMs: number): Promise<void>;
  latest(instrument: Instrument): Quote | null;
}

/** Commits of the inbox, as they happen in this process. */
export interface CommitWatch {
  learn(clientOrderId: string, owner: OrderOwner): void;
  /** The first commit of the trade that satisfies `test`, or null after `timeoutMs`. */
  next(
    tradeId: string,
    test: (committed: Committed) => boolean,
    timeoutMs: number,
  ): Promise<Committed | null>;
  /** Everything that the broker sent so far is committed, but for what is stuck. */
  drained(): Promise<void>;
  /** Something that the broker told of the trade can't be booked now: its book lacks it. */
  isStuck(tradeId: string): boolean;
}

/** Runs work whose result carries the trade's snapshot to the workflow, so nobody else need tell it. */
export interface DeliveryHold {
  whileHeld<T>(tradeId: string, work: () => Promise<T>): Promise<T>;
}

/** Plans that are made where the order is sent. */
export interface PlanDesk {
  /** Decides on a trade, or gives what was decided; `final`: with what there is of the market. */
  plan(tradeId: string, final: boolean): Promise<Planned>;
  /** What a plan would say now; nothing of it is kept. @throws SignalKnownError */
  foresee(wanted: WantedPreview): Promise<Foreseen>;
}

export interface EntrySettings {
  /** How long an answer to a write is waited for before its fate counts as unknown. */
  readonly ackTimeoutMs: number;
  readonly entrySendWindowMs: number;
  /** The broker restarts at night, and its lists may be short then; our own paper gateway does not. */
  readonly knowsNights: boolean;
  readonly limits: Partial<RiskLimits>;
  readonly switches: () => Omit<InstallationState, 'mode'>;
  readonly preview: PreviewLimits;
}

export interface BrokerDeps {
  readonly db: Database;
  readonly link: BrokerLink;
  readonly market: MarketDesk;
  readonly commits: CommitWatch;
  readonly delivery: DeliveryHold;
  readonly plans: PlanDesk;
  readonly settings: EntrySettings;
  /** Groups that this process has claimed, and neither written nor given up: not to be proven absent. */
  readonly writing: Set<string>;
  readonly installationId: string;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** Left out where nobody counts. */
  readonly sent?: SendMeter;
}
