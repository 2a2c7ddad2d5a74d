/**
 * What others do in the contract of an open trade calls for a picture at once (TRD-3, REC-2): until the
 * guard has seen one, the exits of shares that a hand has sold stay live, and may sell them once more.
 */
import type { BrokerPosition } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { BrokerFact } from '../../domain/broker/fact.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import type { DecimalText } from '../../domain/money.js';
import { contractHoldings, differs } from '../../store/contract-holdings.js';
import type { Database } from '../../store/database.js';

/** A fill of ours is told and booked by then, and the position is no news. */
const SETTLE_MS = 400;
/** Pictures are long, and a hand that sells in many parts must not fill the line with them. */
const LOOK_EVERY_MS = 1_000;
/** Far more contracts than an account changes within a second: beyond it the guard's own look must do. */
const CONTRACTS_MAX = 1_000;

export interface OutsideWatchOptions {
  readonly db: Database;
  /** Takes a picture that all open trades are compared with. */
  readonly refresh: () => Promise<Snapshot>;
  /** The link is READY; before, its own sync takes the picture. */
  readonly isReady: () => boolean;
  readonly accounts: () => readonly { readonly id: string; readonly brokerAccountId: string }[];
  readonly log: Logger;
  readonly nowMs: () => number;
}

interface Told {
  readonly account: string;
  readonly brokerContractId: number;
  /** What the broker holds; null: others traded in it, whatever it holds. */
  readonly quantity: DecimalText | null;
  readonly atMs: number;
}

export class OutsideWatch {
  /** What was told and not looked at yet, the newest by contract. */
  private readonly told = new Map<string, Told>();
  private timer: NodeJS.Timeout | null = null;
  private lookedAtMs = 0;
  private stopped = false;

  constructor(private readonly options: OutsideWatchOptions) {}

  /** The broker told what an account holds of a contract. */
  position({ account, brokerContractId, quantity }: BrokerPosition): void {
    this.note({ account, brokerContractId, quantity, atMs: this.options.nowMs() });
  }

  /** Facts of no order of ours were committed. */
  foreign(facts: readonly BrokerFact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'execution') continue;
      const { account, brokerContractId } = fact.report;
      this.note({ account, brokerContractId, quantity: null, atMs: this.options.nowMs() });
    }
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private note(told: Told): void {
    const key = `${told.account}/${told.brokerContractId}`;
    const before = this.told.get(key);
    if (before === undefined && this.told.size >= CONTRACTS_MAX) return;
    // That others traded stays true, whatever is held since.
    const quantity = before?.quantity === null ? null : told.quantity;
    this.told.set(key, { ...told, quantity });
    this.schedule(SETTLE_MS);
  }

  private schedule(atLeastMs: number): void {
    if (this.timer !== null || this.stopped) return;
    const sinceLookMs = this.options.nowMs() - this.lookedAtMs;
    this.timer = setTimeout(
      () => {
        void this.look().finally(() => {
          this.timer = null;
          if (this.told.size > 0) this.schedule(LOOK_EVERY_MS);
        });
      },
      Math.max(atLeastMs, LOOK_EVERY_MS - sinceLookMs),
    );
  }

  /** What is in order is forgotten; what isn't, once a picture that began later shows it to the guard. */
  private async look(): Promise<void> {
    const { isReady, refresh, log } = this.options;
    if (!isReady()) return;
    try {
      const before = [...this.told];
      const found = await this.suspicious(before.map(([, told]) => told));
      const settled = before.filter(([, told]) => !found.has(told));
      this.forget(settled);
      if (found.size === 0) return;
      this.lookedAtMs = this.options.nowMs();
      log.warn({ contracts: found.size }, 'others traded where a trade is open: looking at once');
      const { isComplete, startedAtMs } = await refresh();
      if (isComplete) this.forget(before.filter(([, told]) => told.atMs <= startedAtMs));
    } catch (error) {
      log.warn({ error: String(error) }, 'what others did could not be looked at: trying again');
    }
  }

  private forget(entries: readonly (readonly [string, Told])[]): void {
    for (const [key, told] of entries) if (this.told.get(key) === told) this.told.delete(key);
  }

  private async suspicious(all: readonly Told[]): Promise<ReadonlySet<Told>> {
    const found = new Set<Told>();
    for (const { id, brokerAccountId } of this.options.accounts()) {
      const own = all.filter(({ account }) => account === brokerAccountId);
      if (own.length === 0) continue;
      const ids = own.map(({ brokerContractId }) => brokerContractId);
      const holdings = await contractHoldings(this.options.db, id, ids);
      for (const told of own) {
        const holding = holdings.find((row) => row.brokerContractId === told.brokerContractId);
        if (!holding?.isTraded) continue;
        if (told.quantity === null || differs(holding, told.quantity)) found.add(told);
      }
    }
    return found;
  }
}
