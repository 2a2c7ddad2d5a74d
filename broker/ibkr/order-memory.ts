/**
 * What this process has sent and seen of orders, to complete messages that carry only part of it (a
 * status has no reference, an open order no filled quantity). Bounded but for live orders, whose
 * messages would be taken for somebody else's; the database is the memory.
 */
import type { DecimalText } from '../../domain/money.js';
import type { OrderTerms } from '../port.js';
import { MAX_REMEMBERED_ORDERS } from './options.js';

export interface RememberedOrder {
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  clientOrderId: string | null;
  brokerOrderId: string | null;
  account: string;
  symbol: string | null;
  brokerContractId: number | null;
  parentSessionOrderId: number | null;
  filledQuantity: DecimalText;
  remainingQuantity: DecimalText | null;
  averageFillPrice: DecimalText | null;
  whyHeld: string | null;
  /** A status has shown it beyond what its parent holds: no later one puts it back. */
  isAwake: boolean;
  /** Shown by the broker at least once. */
  acknowledged: boolean;
  rejectingCode: boolean;
  cancelSent: boolean;
  sentAsChild: boolean;
  /** The terms of a modification until they are read back or refused. */
  modification: OrderTerms | null;
}

export interface OrderIds {
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  readonly brokerOrderId: string | null;
}

/**
 * How an order stands: learned from the database or by an execution alone, alive (sent by this process
 * or shown to be), or ended.
 */
export type Standing = 'learned' | 'live' | 'ended';

interface Entry {
  readonly order: RememberedOrder;
  /** All durable ids that were seen for it: a modification may bring a second one. */
  readonly brokerIds: string[];
}

/** More durable ids for one order than any broker was seen to give. */
const MAX_BROKER_IDS = 8;

export class OrderMemory {
  /** By key, the one that was longest not spoken of first. */
  private readonly byStanding: Readonly<Record<Standing, Map<string, Entry>>> = {
    learned: new Map(),
    live: new Map(),
    ended: new Map(),
  };
  private readonly keyByBrokerId = new Map<string, string>();

  constructor(
    private readonly ownClientId: number,
    private readonly maxOrders: number = MAX_REMEMBERED_ORDERS,
  ) {}

  /** The order of these ids, remembered from now on. */
  recall(ids: OrderIds): RememberedOrder {
    const key = this.keyOf(ids);
    const standing = this.standingOf(key) ?? 'learned';
    const entry = this.byStanding[standing].get(key) ?? { order: freshOrder(ids), brokerIds: [] };
    this.keep(key, entry, standing);
    if (ids.brokerOrderId !== null) this.learnBrokerId(key, entry, ids.brokerOrderId);
    this.forgetOldest(key);
    return entry.order;
  }

  /** An own order by its session id. */
  recallOwn(sessionOrderId: number): RememberedOrder {
    return this.recall(this.ownIds(sessionOrderId));
  }

  /** Whether an own order of this id was sent, seen or learned of, without remembering it. */
  knowsOwn(sessionOrderId: number): boolean {
    return this.standingOf(this.keyOf(this.ownIds(sessionOrderId))) !== null;
  }

  /** Says how an order stands. Live ones are never forgotten: the broker's own limits bound them. */
  stands(order: RememberedOrder, standing: Standing): void {
    const key = this.keyOf(order);
    const former = this.standingOf(key);
    const entry = former && this.byStanding[former].get(key);
    if (!former || !entry || former === standing) return;
    this.byStanding[former].delete(key);
    this.keep(key, entry, standing);
    this.forgetOldest(key);
  }

  /** An order by the broker's durable id, if this session has seen it. */
  findByBrokerId(brokerOrderId: string | null): RememberedOrder | null {
    if (brokerOrderId === null) return null;
    const key = this.keyByBrokerId.get(brokerOrderId);
    const standing = key === undefined ? null : this.standingOf(key);
    return (standing && this.byStanding[standing].get(key ?? '')?.order) ?? null;
  }

  get size(): number {
    const { learned, live, ended } = this.byStanding;
    return learned.size + live.size + ended.size;
  }

  private ownIds(sessionOrderId: number): OrderIds {
    return { sessionOrderId, sessionClientId: this.ownClientId, brokerOrderId: null };
  }

  /** Orders entered by hand share the id 0, so without an own id the durable one is the key. */
  private keyOf({ sessionOrderId, sessionClientId, brokerOrderId }: OrderIds): string {
    const own = sessionClientId === this.ownClientId && sessionOrderId > 0;
    if (own) return `own ${sessionOrderId}`;
    return brokerOrderId === null
      ? `session ${sessionClientId} ${sessionOrderId}`
      : `broker ${brokerOrderId}`;
  }

  private standingOf(key: string): Standing | null {
    const { learned, live, ended } = this.byStanding;
    if (live.has(key)) return 'live';
    if (ended.has(key)) return 'ended';
    return learned.has(key) ? 'learned' : null;
  }

  /** As the one that was spoken of last. */
  private keep(key: string, entry: Entry, standing: Standing): void {
    this.byStanding[standing].delete(key);
    this.byStanding[standing].set(key, entry);
  }

  private learnBrokerId(key: string, { order, brokerIds }: Entry, brokerOrderId: string): void {
    order.brokerOrderId = brokerOrderId;
    if (this.keyByBrokerId.get(brokerOrderId) === key) return;
    this.keyByBrokerId.set(brokerOrderId, key);
    brokerIds.push(brokerOrderId);
    if (brokerIds.length <= MAX_BROKER_IDS) return;
    for (const oldest of brokerIds.splice(0, 1)) this.keyByBrokerId.delete(oldest);
  }

  /** Ended ones first, then those of which nothing was heard; live ones, and the one at hand, never. */
  private forgetOldest(exceptKey: string): void {
    const { ended, learned } = this.byStanding;
    while (this.size > this.maxOrders) {
      const from = ended.size > 0 ? ended : learned;
      const oldest = from.entries().next().value;
      if (!oldest) return;
      const [key, { brokerIds }] = oldest;
      if (key === exceptKey) return;
      from.delete(key);
      for (const brokerId of brokerIds) this.keyByBrokerId.delete(brokerId);
    }
  }
}

function freshOrder(ids: OrderIds): RememberedOrder {
  return {
    sessionOrderId: ids.sessionOrderId,
    sessionClientId: ids.sessionClientId,
    clientOrderId: null,
    brokerOrderId: ids.brokerOrderId,
    account: '',
    symbol: null,
    brokerContractId: null,
    parentSessionOrderId: null,
    filledQuantity: '0',
    remainingQuantity: null,
    averageFillPrice: null,
    whyHeld: null,
    isAwake: false,
    acknowledged: false,
    rejectingCode: false,
    cancelSent: false,
    sentAsChild: false,
    modification: null,
  };
}
