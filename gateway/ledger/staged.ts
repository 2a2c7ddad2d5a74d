/** Orders sent with transmit=0 and never released: groups somebody began and left behind. */
import type { RequestFact } from './inputs.js';

/** A group is sent within milliseconds; this is a client that died half-way, or forgot. */
const LEFT_BEHIND_MS = 10_000;
/** A flood of staged orders must not grow the ledger without end. */
const STAGED_MAX = 10_000;

export interface StagedOrder {
  clientId: number;
  orderId: number;
  parentId: number;
  orderRef: string;
  symbol: string;
  sinceMs: number;
}

export class StagedOrders {
  private readonly orders = new Map<string, StagedOrder>();
  /** Groups that were left behind and have gone since (a restart drops them). */
  private goneGroups = 0;

  add(key: string, clientId: number, orderId: number, request: RequestFact, atMs: number): void {
    if (this.orders.has(key) || this.orders.size >= STAGED_MAX) return;
    const { parentId, orderRef, symbol } = request;
    this.orders.set(key, { clientId, orderId, parentId, orderRef, symbol, sinceMs: atMs });
  }

  /** It was released, refused or cancelled. */
  remove(key: string): void {
    this.orders.delete(key);
  }

  /** The gateway restarted: staged orders are gone, but those left behind stay on record. */
  dropAll(atMs: number): void {
    this.goneGroups += this.leftBehind(atMs).length;
    this.orders.clear();
  }

  /** Groups (by parent) that have waited too long at that time. */
  leftBehind(atMs: number): StagedOrder[][] {
    const groups = new Map<string, StagedOrder[]>();
    for (const order of this.orders.values()) {
      if (atMs - order.sinceMs < LEFT_BEHIND_MS) continue;
      const group = `${order.clientId}:${order.parentId || order.orderId}`;
      groups.set(group, [...(groups.get(group) ?? []), order]);
    }
    return [...groups.values()];
  }

  count(atMs: number): number {
    return this.goneGroups + this.leftBehind(atMs).length;
  }

  all(): StagedOrder[] {
    return [...this.orders.values()];
  }
}
