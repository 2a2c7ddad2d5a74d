/**
 * What this system sent, and which of the brokerage's orders it is. SnapTrade's lists carry no reference of
 * the client, so the brokerage's id that came with an answer is what an order is known by; where no
 * answer came, its terms and its time are (`claims.ts`).
 */
import { decimal, text } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import type { KnownOrder, OrderTerms, OrderToSend } from '../port.js';
import { MAX_REMEMBERED_ORDERS } from './options.js';
import type { OrderRecord } from './schemas.js';

/** What is known of the last order that was sent for a leg, or put in its place. */
export interface Sending {
  readonly terms: OrderTerms;
  /** How much was asked for: of one that replaces another, what that one had left. */
  readonly units: DecimalText;
  readonly writtenAtMs: EpochMs;
  /** When it was given up; null while its answer is waited for. */
  endedAtMs: EpochMs | null;
  /**
   * `asked`: on its way. `taken`: the brokerage told its id. `refused`: nothing was done. `unknown`: nobody told.
   */
  outcome: 'asked' | 'taken' | 'refused' | 'unknown';
}

export interface Leg {
  readonly clientOrderId: string;
  sessionOrderId: number;
  account: string;
  symbol: string;
  /** The brokerage's orders that it was, oldest first: each replacement has an id of its own. */
  readonly chain: string[];
  /** The newest record of each of them. */
  readonly records: Map<string, OrderRecord>;
  sending: Sending | null;
  /** What was told of it last, so that nothing is told twice. */
  told: string;
  hasEnded: boolean;
  /** When it was asked for by itself, in counts of looks. */
  lookedAt: number;
}

export class Legs {
  private readonly byClient = new Map<string, Leg>();
  private readonly bySession = new Map<number, Leg>();
  private readonly byBroker = new Map<string, Leg>();
  /** The order id under which a brokerage's order was sent. */
  private readonly sentAs = new Map<string, number>();
  private readonly strangers = new Map<string, EpochMs>();
  private highestId = 0;
  private looks = 0;

  /** Above every id that was ever given out, as far as this process knows. */
  get nextValidId(): number {
    return this.highestId + 1;
  }

  learn(known: readonly KnownOrder[]): void {
    for (const { sessionOrderId, clientOrderId, brokerOrderIds, sent, isLive } of known) {
      const leg = this.legOf(clientOrderId, sessionOrderId);
      for (const id of brokerOrderIds ?? []) this.link(leg, id);
      leg.hasEnded = isLive === false;
      if (!sent) continue;
      const { account, symbol, terms, writtenAtMs, filledBefore } = sent;
      Object.assign(leg, { account, symbol });
      if (leg.chain.length > 0 && filledBefore === undefined) continue;
      const units = text(decimal(terms.quantity).sub(filledBefore ?? '0'));
      leg.sending ??= { terms, units, writtenAtMs, endedAtMs: writtenAtMs, outcome: 'unknown' };
    }
    this.forget();
  }

  /** Notes what is about to be sent. */
  sending(order: OrderToSend, units: DecimalText, nowMs: EpochMs): Leg {
    const leg = this.legOf(order.clientOrderId, order.sessionOrderId);
    leg.account = order.account;
    leg.symbol = order.instrument.symbol;
    leg.sending = {
      ...{ terms: order.terms, units },
      writtenAtMs: nowMs,
      endedAtMs: null,
      outcome: 'asked',
    };
    leg.hasEnded = false;
    this.forget();
    return leg;
  }

  /** The brokerage's order is this leg's, from now on its newest. */
  link(leg: Leg, brokerageOrderId: string): void {
    if (!leg.chain.includes(brokerageOrderId)) leg.chain.push(brokerageOrderId);
    this.byBroker.set(brokerageOrderId, leg);
    this.sentAs.set(brokerageOrderId, leg.sessionOrderId);
  }

  /** The newest order of the brokerage that was sent under this id; one that was sent anew has another. */
  newestOf(sessionOrderId: number): { readonly leg: Leg; readonly brokerageId: string } | null {
    const leg = this.bySession.get(sessionOrderId);
    const own = leg?.chain.filter((id) => this.sentAs.get(id) === sessionOrderId) ?? [];
    const brokerageId = own.at(-1);
    return leg === undefined || brokerageId === undefined ? null : { leg, brokerageId };
  }

  nextLook(): number {
    return (this.looks += 1);
  }

  ofSession(sessionOrderId: number): Leg | undefined {
    return this.bySession.get(sessionOrderId);
  }

  ofBroker(brokerageOrderId: string): Leg | undefined {
    return this.byBroker.get(brokerageOrderId);
  }

  all(): IterableIterator<Leg> {
    return this.byClient.values();
  }

  /** Orders that are none of ours, and when they were seen first. */
  noteStrangers(brokerageOrderIds: readonly string[], nowMs: EpochMs): void {
    for (const id of brokerageOrderIds) {
      if (this.byBroker.has(id) || this.strangers.has(id)) continue;
      this.strangers.set(id, nowMs);
      const [oldest] = this.strangers.keys();
      if (this.strangers.size > MAX_REMEMBERED_ORDERS && oldest !== undefined) {
        this.strangers.delete(oldest);
      }
    }
  }

  /** Whether the order was listed before that instant: what was sent then is another one. */
  wasSeenBefore(brokerageOrderId: string, atMs: EpochMs): boolean {
    return (this.strangers.get(brokerageOrderId) ?? Number.POSITIVE_INFINITY) < atMs;
  }

  /** Whether an order of ours may be at work: then the account is looked at often. */
  get areAtWork(): boolean {
    return [...this.byClient.values()].some(({ hasEnded, sending, chain }) => {
      return !hasEnded && (chain.length > 0 || sending?.outcome === 'unknown');
    });
  }

  private legOf(clientOrderId: string, sessionOrderId: number): Leg {
    const known = this.byClient.get(clientOrderId);
    const leg: Leg = known ?? {
      ...{ clientOrderId, sessionOrderId, account: '', symbol: '' },
      ...{ chain: [], records: new Map(), sending: null, told: '', hasEnded: false, lookedAt: 0 },
    };
    leg.sessionOrderId = sessionOrderId;
    this.highestId = Math.max(this.highestId, sessionOrderId);
    this.byClient.delete(clientOrderId); // the newest stand last
    this.byClient.set(clientOrderId, leg);
    this.bySession.set(sessionOrderId, leg);
    return leg;
  }

  /** Those that have ended first, oldest first: the database remembers them. */
  private forget(): void {
    for (const [clientOrderId, leg] of this.byClient) {
      if (this.byClient.size <= MAX_REMEMBERED_ORDERS) return;
      if (!leg.hasEnded) continue;
      this.byClient.delete(clientOrderId);
      this.bySession.delete(leg.sessionOrderId);
      for (const id of leg.chain) {
        this.byBroker.delete(id);
        this.sentAs.delete(id);
      }
    }
  }
}
