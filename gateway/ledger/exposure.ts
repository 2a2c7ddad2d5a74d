/**
 * Adds up the exits of one contract (or of one signal): what they could fill at most, and how much is
 * under an armed stop. Of an OCA group only the largest leg counts, since one cancels the others. Kept
 * up to date order by order, so that ten thousand orders in one contract cost no more than one.
 */
import { ZERO, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { isHeldByParent, isLive } from './orders.js';
import type { LedgerOrder } from './orders.js';

export type Side = 'BUY' | 'SELL';
type BySide = Record<Side, Decimal>;

/** OCA types that block: only one order of the group is at the exchange at a time. */
const BLOCKING_OCA_TYPES = new Set([1, 2]);

interface Cluster {
  members: Set<LedgerOrder>;
  exits: BySide;
  armed: BySide;
}

const nothing = (): BySide => ({ BUY: ZERO, SELL: ZERO });

function clusterKey(order: LedgerOrder): string {
  return order.fact.ocaGroup === '' ? `order ${order.key}` : `oca ${order.fact.ocaGroup}`;
}

/** Could still trade; a leg that its blocking group is cancelling can't. */
function canFill(order: LedgerOrder): boolean {
  if (!isLive(order) || isHeldByParent(order)) return false;
  const { status, ocaGroup, ocaType } = order.fact;
  return !(status === 'PendingCancel' && ocaGroup !== '' && BLOCKING_OCA_TYPES.has(ocaType));
}

export class Exposure {
  private readonly clusters = new Map<string, Cluster>();
  private readonly clusterOf = new Map<LedgerOrder, string>();
  /** The most that exits of this side could fill. */
  readonly exits = nothing();
  /** Shares under an armed stop of this side. */
  readonly armed = nothing();

  /** Call after each change of an exit order. */
  update(order: LedgerOrder): void {
    const key = clusterKey(order);
    const before = this.clusterOf.get(order);
    if (before !== undefined && before !== key) this.remove(order, before);
    if (isLive(order)) this.put(order, key);
    else if (before === key) this.remove(order, key);
  }

  private put(order: LedgerOrder, key: string): void {
    const cluster = this.clusters.get(key) ?? {
      members: new Set(),
      exits: nothing(),
      armed: nothing(),
    };
    this.clusters.set(key, cluster);
    cluster.members.add(order);
    this.clusterOf.set(order, key);
    this.recount(cluster);
  }

  private remove(order: LedgerOrder, key: string): void {
    const cluster = this.clusters.get(key);
    this.clusterOf.delete(order);
    if (!cluster) return;
    cluster.members.delete(order);
    this.recount(cluster);
    if (cluster.members.size === 0) this.clusters.delete(key);
  }

  private recount(cluster: Cluster): void {
    for (const side of ['BUY', 'SELL'] as const) {
      let exits = ZERO;
      let armed = ZERO;
      for (const order of cluster.members) {
        if (order.fact.action !== side) continue;
        if (canFill(order)) exits = max(exits, order.remaining);
        if (order.isArmed) armed = max(armed, order.remaining);
      }
      this.exits[side] = this.exits[side].add(exits).sub(cluster.exits[side]);
      this.armed[side] = this.armed[side].add(armed).sub(cluster.armed[side]);
      cluster.exits[side] = exits;
      cluster.armed[side] = armed;
    }
  }
}

/** Shares of a signed position that no armed stop covers. */
export function unprotectedShares(position: Decimal, armed: BySide): Decimal {
  const stops = position.gt(ZERO) ? armed.SELL : armed.BUY;
  return max(ZERO, position.abs().sub(stops));
}

/**
 * Shares that exits could fill beyond a signed position. `entering`: shares a working entry may still
 * add on its side, whose exits are already there at full size.
 */
export function excessShares(position: Decimal, entering: BySide, exits: BySide): Decimal {
  const long = max(ZERO, position).add(entering.BUY);
  const short = max(ZERO, position.neg()).add(entering.SELL);
  return max(ZERO, exits.SELL.sub(long)).add(max(ZERO, exits.BUY.sub(short)));
}
