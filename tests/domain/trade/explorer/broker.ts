/**
 * A model of the broker for the search, after what is known of IBKR: orders of whole shares, brackets that
 * are staged until their last leg, children that sleep, OCA groups of type 2. Where behaviour is poorly
 * attested a switch decides. It is plain data; everything it would tell stands in `told`, in its order.
 */
import type { OrderTerms } from '../../../../domain/orders/terms.js';
import { signOf, type OrderStatus, type Side } from '../../../../domain/vocabulary.js';

/** What the broker does where nobody is sure: the paper gateway's two switches, six sides in all. */
export interface Switches {
  readonly children: 'scaled' | 'full_size_on_first_fill' | 'on_complete_fill';
  readonly parentCancel: 'keeps' | 'kills';
}

export const ALL_SWITCHES: readonly Switches[] = (
  ['scaled', 'full_size_on_first_fill', 'on_complete_fill'] as const
).flatMap((children) =>
  (['keeps', 'kills'] as const).map((parentCancel) => ({ children, parentCancel })),
);

export interface Order {
  readonly id: number;
  readonly reference: string;
  readonly terms: OrderTerms;
  /** The parent's id; 0: none. */
  readonly parent: number;
  /** As asked for last, before its parent's part and its group's cuts. */
  wanted: number;
  /** What fills of its group took off it. */
  cut: number;
  total: number;
  filled: number;
  limit: string | null;
  stop: string | null;
  /** `hanging`: a cancel was taken and nothing came of it; the order works on. */
  state: 'staged' | 'held' | 'working' | 'hanging' | 'filled' | 'cancelled';
  /** No list has it, and nobody is told of it any more. */
  isHidden: boolean;
}

export type Message =
  | {
      readonly kind: 'place';
      readonly id: number;
      readonly reference: string;
      readonly terms: OrderTerms;
      readonly parent: number;
      readonly transmits: boolean;
    }
  | { readonly kind: 'modify'; readonly id: number; readonly terms: OrderTerms }
  | { readonly kind: 'cancel'; readonly id: number };

export interface Execution {
  readonly id: number;
  readonly n: number;
  readonly side: Side;
  readonly quantity: number;
  /** 1, or 2 once it was taken back. */
  readonly correction: number;
  readonly isHidden: boolean;
}

export type Told =
  | {
      readonly what: 'order';
      readonly order: Readonly<Order>;
    }
  | { readonly what: 'execution'; readonly execution: Execution }
  | {
      readonly what: 'refusal';
      readonly id: number;
      readonly about: 'order' | 'cancel' | 'modification' | 'end';
      readonly code: number;
    };

type Refusal = Extract<Told, { what: 'refusal' }>;

export interface BrokerState {
  readonly orders: readonly Readonly<Order>[];
  readonly executions: readonly Execution[];
  /** Shares that the account holds; negative: short. */
  readonly position: number;
}

export const EMPTY: BrokerState = { orders: [], executions: [], position: 0 };

const DONE = new Set<Order['state']>(['filled', 'cancelled']);
export const isDead = ({ state }: Readonly<Order>): boolean => DONE.has(state);
export const rest = (order: Readonly<Order>): number =>
  isDead(order) ? 0 : Math.max(0, order.total - order.filled);
/** It can trade now. */
export const canFill = (order: Readonly<Order>): boolean =>
  (order.state === 'working' || order.state === 'hanging') && rest(order) > 0;
export const isEntry = ({ reference }: Readonly<Order>): boolean => reference === ENTRY_REFERENCE;
export const isExit = (order: Readonly<Order>): boolean =>
  !isEntry(order) && order.state !== 'staged';

/** Of the one entry of the trade, under whatever id. */
export const ENTRY_REFERENCE = 'ref-ENTRY';

/** `stop 12`, for stories. */
export function nameOf(id: number, reference: string): string {
  return `${reference.split('-')[1]!.toLowerCase()} ${id}`;
}

/** As this system's words have it. */
export function statusOf(order: Readonly<Order>): OrderStatus {
  if (order.state === 'hanging') return 'CANCEL_PENDING';
  if (order.state === 'held') return 'HELD';
  if (order.state === 'filled') return 'EXECUTED';
  if (order.state === 'cancelled') return 'CANCELLED';
  return order.filled > 0 ? 'PARTIAL' : 'ACCEPTED';
}

/** One thing happening at the broker: works on a copy, then gives it with all that was told. */
export class Happening {
  readonly told: Told[] = [];
  private readonly orders: Order[];
  private readonly executions: Execution[];
  private position: number;

  constructor(
    before: BrokerState,
    private readonly switches: Switches,
  ) {
    this.orders = before.orders.map((order) => ({ ...order }));
    this.executions = [...before.executions];
    this.position = before.position;
  }

  get after(): BrokerState {
    const { orders, executions, position } = this;
    return { orders, executions, position };
  }

  // ── what is asked of it ────────────────────────────────────────────────────────────────────────

  take(message: Message): void {
    if (message.kind === 'cancel') return this.cancel(message.id);
    if (message.kind === 'modify') return this.modify(message.id, message.terms);
    this.place(message);
  }

  /** It says no, and the order that there is stays as it is. */
  refuse(message: Message): void {
    if (message.kind !== 'place') {
      const about = message.kind === 'cancel' ? 'cancel' : 'modification';
      return this.no(message.id, about, about === 'cancel' ? 10148 : 110);
    }
    // A child that is refused lets its parent live.
    if (message.transmits) this.release();
    this.no(message.id, 'order', 201);
  }

  /** The cancel is taken, and for now nothing comes of it. */
  hang(id: number): void {
    const order = this.live(id);
    if (!order) return this.cancel(id);
    order.state = 'hanging';
    this.tell(order);
  }

  private place(message: Extract<Message, { kind: 'place' }>): void {
    const { id, reference, terms, parent, transmits } = message;
    const quantity = Number(terms.quantity);
    if (parent !== 0 && !this.orders.some((order) => order.id === parent)) {
      return this.no(id, 'order', 135);
    }
    this.orders.push({
      ...{ id, reference, terms, parent, wanted: quantity, cut: 0, total: quantity, filled: 0 },
      ...{ limit: terms.limitPrice, stop: terms.stopPrice, state: 'staged', isHidden: false },
    });
    if (transmits) this.release();
  }

  /** One family at a time is sent, so what is staged belongs together. */
  private release(): void {
    for (const order of this.orders.filter(({ state }) => state === 'staged')) {
      order.state = order.parent === 0 ? 'working' : 'held';
      this.tell(order);
    }
  }

  private modify(id: number, terms: OrderTerms): void {
    const order = this.live(id);
    if (!order) return this.no(id, 'modification', 104);
    const asked = Number(terms.quantity);
    order.limit = terms.limitPrice;
    order.stop = terms.stopPrice;
    if (asked !== order.total) {
      order.wanted = asked;
      order.cut = 0;
    }
    order.total = this.sizeOf(order);
    if (order.total <= order.filled) {
      order.state = 'filled';
      this.siblingsOf(order).forEach((other) => this.end(other));
    }
    this.tell(order);
  }

  /** As TWS does however it came about, the rest of the group goes along. */
  cancel(id: number): void {
    const staged = this.orders.find((order) => order.id === id && order.state === 'staged');
    if (staged) {
      for (const order of this.orders) {
        if (order.state !== 'staged' || (order !== staged && order.parent !== id)) continue;
        order.state = 'cancelled';
        order.isHidden = true;
        this.no(order.id, 'end', 202);
      }
      return;
    }
    const order = this.live(id);
    if (!order)
      return this.no(id, 'cancel', this.orders.some((each) => each.id === id) ? 10148 : 10147);
    const siblings = this.siblingsOf(order);
    this.end(order);
    if (isEntry(order)) this.settleChildren(order);
    siblings.forEach((other) => this.end(other));
  }

  // ── what the market and others do ──────────────────────────────────────────────────────────────

  /** Some of an order fills. `isTold`: false when the reports of it are kept back. */
  fill(id: number, quantity: number, isTold = true): void {
    const order = this.live(id)!;
    const before = rest(order);
    order.filled += quantity;
    this.position += signOf(order.terms.side) * quantity;
    const n = 1 + this.executions.filter((other) => other.id === id).length;
    const { side } = order.terms;
    const execution = { id, n, side, quantity, correction: 1, isHidden: !isTold };
    this.executions.push(execution);
    if (order.filled >= order.total) order.state = 'filled';
    if (isTold) {
      this.tell(order);
      this.told.push({ what: 'execution', execution });
    } else order.isHidden = true;
    if (isEntry(order)) this.wakeChildren(order);
    else this.reduceSiblings(order, quantity, before);
  }

  /** An execution is taken back: the order stays as done as it was. */
  bust(n: number): void {
    const execution = this.executions[n]!;
    const order = this.orders.find(({ id }) => id === execution.id)!;
    const busted = { ...execution, correction: 2, quantity: 0 };
    this.executions[n] = busted;
    this.position -= signOf(order.terms.side) * execution.quantity;
    this.told.push({ what: 'execution', execution: busted });
  }

  /** It is gone without a word. */
  vanish(id: number): void {
    const order = this.live(id)!;
    order.state = 'cancelled';
    order.isHidden = true;
  }

  /** Both exits of a group fill, though only one should. */
  burst(id: number): void {
    const order = this.live(id)!;
    for (const each of [order, ...this.siblingsOf(order)]) {
      const quantity = rest(each);
      if (quantity === 0) continue;
      each.filled += quantity;
      each.state = 'filled';
      this.position += signOf(each.terms.side) * quantity;
      const n = 1 + this.executions.filter((other) => other.id === each.id).length;
      const { side } = each.terms;
      const execution = { id: each.id, n, side, quantity, correction: 1, isHidden: false };
      this.executions.push(execution);
      this.tell(each);
      this.told.push({ what: 'execution', execution });
    }
  }

  // ── brackets and groups ────────────────────────────────────────────────────────────────────────

  private wakeChildren(parent: Order): void {
    if (!isDead(parent) && this.switches.children === 'on_complete_fill') return;
    for (const child of this.childrenOf(parent)) this.wake(child);
  }

  private wake(child: Order): void {
    const size = this.sizeOf(child);
    if (size <= child.filled || (child.state !== 'held' && size === child.total)) return;
    child.total = size;
    if (child.state === 'held') child.state = 'working';
    this.tell(child);
  }

  private settleChildren(parent: Order): void {
    const children = this.childrenOf(parent);
    if (parent.filled === 0 || this.switches.parentCancel === 'kills') {
      return children.forEach((child) => this.end(child));
    }
    for (const child of children) {
      if (this.switches.children !== 'full_size_on_first_fill') {
        child.wanted = Math.floor((child.wanted * parent.filled) / parent.total);
        if (this.sizeOf(child) <= child.filled) {
          this.end(child);
          continue;
        }
      }
      this.wake(child);
    }
  }

  /** What works now: under `scaled` a child follows its part-filled parent. */
  private sizeOf(order: Order): number {
    const parent = this.live(order.parent);
    const isPart = parent && this.switches.children === 'scaled' && parent.filled > 0;
    const base = isPart ? Math.floor((order.wanted * parent.filled) / parent.total) : order.wanted;
    return Math.max(order.filled, base - order.cut);
  }

  /** In proportion; all of it when the order is done. */
  private reduceSiblings(order: Order, shares: number, before: number): void {
    for (const other of this.siblingsOf(order)) {
      if (isDead(order)) {
        this.end(other);
        continue;
      }
      other.cut += Math.ceil((rest(other) * shares) / before);
      const size = this.sizeOf(other);
      if (size <= other.filled) this.end(other);
      else if (size !== other.total) {
        other.total = size;
        this.tell(other);
      }
    }
  }

  // ── small things ───────────────────────────────────────────────────────────────────────────────

  private live(id: number): Order | undefined {
    return this.orders.find(
      (order) => order.id === id && order.state !== 'staged' && !isDead(order),
    );
  }

  private childrenOf(parent: Order): Order[] {
    return this.orders.filter((order) => order.parent === parent.id && !isDead(order));
  }

  private siblingsOf(order: Order): Order[] {
    const { ocaGroup } = order.terms;
    return this.orders.filter(
      (other) =>
        other !== order && ocaGroup !== null && other.terms.ocaGroup === ocaGroup && !isDead(other),
    );
  }

  private end(order: Order): void {
    order.state = 'cancelled';
    this.tell(order);
  }

  private tell(order: Order): void {
    if (!order.isHidden) this.told.push({ what: 'order', order: { ...order } });
  }

  private no(id: number, about: Refusal['about'], code: number): void {
    this.told.push({ what: 'refusal', id, about, code });
  }
}
