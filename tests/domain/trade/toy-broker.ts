/**
 * A toy broker for the protection planner: orders, OCA type 2, brackets with the switches that are poorly
 * attested, refusals; commands arrive in order, events are delivered in any order. It judges from its own
 * books. Everything is decided by a seeded generator, so a failing seed reproduces.
 */
import { decimal } from '../../../domain/money.js';
import { newLeg } from '../../../domain/orders/machine.js';
import type { OrderEvent } from '../../../domain/orders/leg.js';
import { stepAsAsked, type TradeLeg } from '../../../domain/trade/leg.js';
import type { LegRole, OrderStatus, Side } from '../../../domain/vocabulary.js';
import { UNTOUCHED } from './legs.js';

export interface Switches {
  readonly children: 'scaled' | 'full_size_on_first_fill' | 'on_complete_fill';
  readonly parentCancel: 'keeps' | 'kills';
  /** Cancelling one leg of a group takes the others along. */
  readonly cascade: boolean;
  /** How many new exits, modifications and closes are refused at the most. */
  readonly refusals: number;
  /** Full-size exits may fill beyond what is held. */
  readonly overfills: boolean;
  /** What becomes of a cancel of the entry; taken unless said otherwise. */
  readonly entryCancel?: 'taken' | 'refused' | 'unanswered';
}

interface BrokerOrder {
  readonly id: string;
  readonly role: LegRole;
  readonly side: Side;
  total: number;
  filled: number;
  state: 'working' | 'held' | 'dead';
  group: string | null;
  limit: string | null;
  stop: string | null;
}

type Message =
  | { readonly legId: string; readonly event: OrderEvent }
  | {
      readonly legId: string;
      readonly terms: {
        limit: string | null;
        stop: string | null;
        group: string | null;
        total: number;
      };
    }
  | { readonly legId: string; readonly modificationRefused: true };

export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export class ToyBroker {
  readonly orders = new Map<string, BrokerOrder>();
  /** What the system knows: legs by id. */
  readonly legs = new Map<string, TradeLeg>();
  readonly commands: (() => void)[] = [];
  readonly messages: Message[] = [];
  private refusalsLeft: number;
  private executions = 0;
  private readonly sequences = new Map<LegRole, number>();
  /** The size that a modification under way asks for. */
  private readonly asked = new Map<string, string>();

  constructor(
    readonly side: Side,
    readonly switches: Switches,
    private readonly random: (below: number) => number,
  ) {
    this.refusalsLeft = switches.refusals;
  }

  // ── the system's hand ──────────────────────────────────────────────────────────────────────────

  send(role: LegRole, side: Side, quantity: number, terms: Partial<TradeLeg>): string {
    const sequence = (this.sequences.get(role) ?? 0) + 1;
    this.sequences.set(role, sequence);
    const legId = `${role}-${sequence}`;
    const leg: TradeLeg = {
      ...newLeg({ legId, role, side, quantity: String(quantity) }),
      sequence,
      orderType: role === 'STOP' ? 'STP' : role === 'TARGET' ? 'LMT' : 'MKT',
      limitPrice: null,
      stopPrice: null,
      ocaGroup: null,
      ...UNTOUCHED,
      ...terms,
    };
    this.legs.set(legId, leg);
    this.apply(legId, { kind: 'sendStarted' });
    const isChild = role !== 'ENTRY' && role !== 'CLOSE' && terms.ocaGroup === 'bracket';
    this.commands.push(() => this.receive(leg, isChild));
    return legId;
  }

  cancel(legId: string): void {
    this.apply(legId, { kind: 'cancelRequested' });
    this.commands.push(() => this.onCancel(legId));
  }

  modify(
    legId: string,
    quantity: string,
    limitPrice: string | null,
    stopPrice: string | null,
  ): void {
    const leg = this.legs.get(legId)!;
    this.legs.set(legId, { ...leg, modificationInFlight: true });
    this.asked.set(legId, quantity);
    this.commands.push(() => this.onModify(legId, Number(quantity), limitPrice, stopPrice));
  }

  // ── the broker's side ──────────────────────────────────────────────────────────────────────────

  net(): number {
    let net = 0;
    for (const order of this.orders.values()) {
      net += order.side === this.side ? order.filled : -order.filled;
    }
    return net;
  }

  working(order: BrokerOrder): number {
    return order.state === 'dead' ? 0 : order.total - order.filled;
  }

  live(): BrokerOrder[] {
    return [...this.orders.values()].filter((order) => order.state !== 'dead');
  }

  entry(): BrokerOrder | undefined {
    return [...this.orders.values()].find(({ role }) => role === 'ENTRY');
  }

  /** Fills some of an order that works, as the market would. */
  fill(order: BrokerOrder, quantity: number): void {
    order.filled += quantity;
    if (order.filled >= order.total) order.state = 'dead';
    this.executions += 1;
    const key = `x${this.executions}`;
    this.tell(order.id, {
      kind: 'executed',
      executionId: `${key}.01`,
      executionKey: key,
      correction: 1,
      quantity: String(quantity),
      price: '100',
    });
    this.tellStatus(order, order.state === 'dead' ? 'EXECUTED' : 'PARTIAL');
    if (order.role === 'ENTRY') this.wakeChildren(order);
    else this.reduceSiblings(order, quantity);
  }

  /** Somebody, or the broker itself, ends the exits. */
  endExits(): void {
    for (const order of this.live().filter(({ role }) => role !== 'ENTRY')) this.kill(order);
  }

  /** What stops would sell now. */
  armed(): number {
    const stops = this.live().filter(({ role, state }) => role === 'STOP' && state === 'working');
    return stops.reduce((most, stop) => Math.max(most, this.working(stop)), 0);
  }

  fillableExits(): BrokerOrder[] {
    const held = this.net();
    return this.live().filter(
      (order) =>
        order.role !== 'ENTRY' &&
        order.state === 'working' &&
        this.working(order) > 0 &&
        (order.side === this.side ? held < 0 : held > 0 || this.switches.overfills),
    );
  }

  private receive(leg: TradeLeg, isChild: boolean): void {
    const entry = this.entry();
    const refused =
      (leg.role !== 'ENTRY' && this.refuses()) || (isChild && entry?.state === 'dead');
    const order: BrokerOrder = {
      id: leg.legId,
      role: leg.role,
      side: leg.side,
      total: Number(leg.quantity),
      filled: 0,
      state: refused ? 'dead' : isChild ? 'held' : 'working',
      group: leg.ocaGroup,
      limit: leg.limitPrice,
      stop: leg.stopPrice,
    };
    this.orders.set(leg.legId, order);
    if (refused) return this.tell(leg.legId, { kind: 'rejected', code: 201, message: 'refused' });
    this.tellStatus(order, order.state === 'held' ? 'HELD' : 'ACCEPTED');
  }

  private onCancel(legId: string): void {
    const order = this.orders.get(legId)!;
    const fate = order.role === 'ENTRY' ? (this.switches.entryCancel ?? 'taken') : 'taken';
    if (fate === 'unanswered') return;
    if (order.state === 'dead' || fate === 'refused') {
      return this.tell(legId, { kind: 'cancelRejected', code: 10148, message: 'not cancellable' });
    }
    this.kill(order);
    if (order.role === 'ENTRY') this.onEntryCancelled(order);
    else if (this.switches.cascade && order.group !== null) {
      this.live()
        .filter(({ group }) => group === order.group)
        .forEach((other) => this.kill(other));
    }
  }

  private onEntryCancelled(entry: BrokerOrder): void {
    const children = this.live().filter(({ group }) => group === 'bracket');
    if (entry.filled === 0 || this.switches.parentCancel === 'kills')
      children.forEach((c) => this.kill(c));
    else if (this.switches.children === 'scaled')
      children.forEach((c) => this.resize(c, entry.filled));
  }

  private onModify(legId: string, total: number, limit: string | null, stop: string | null): void {
    const order = this.orders.get(legId)!;
    if (order.state === 'dead' || this.refuses()) {
      this.messages.push({ legId, modificationRefused: true });
      return;
    }
    Object.assign(order, { total: Math.max(total, order.filled), limit, stop });
    if (order.total === order.filled) order.state = 'dead';
    this.messages.push({ legId, terms: { limit, stop, group: order.group, total: order.total } });
    this.tellStatus(order, this.statusOf(order));
  }

  private wakeChildren(entry: BrokerOrder): void {
    const children = this.live().filter(({ group }) => group === 'bracket');
    const { children: how } = this.switches;
    if (how === 'on_complete_fill' && entry.state !== 'dead') return;
    for (const child of children) {
      child.state = 'working';
      if (how === 'scaled') this.resize(child, entry.filled);
      else this.tellStatus(child, this.statusOf(child));
    }
  }

  private reduceSiblings(order: BrokerOrder, quantity: number): void {
    if (order.group === null) return;
    for (const other of this.live()) {
      if (other === order || other.group !== order.group) continue;
      const left = this.working(other) - quantity;
      if (left <= 0 || order.state === 'dead') this.kill(other);
      else this.resize(other, other.filled + left);
    }
  }

  private resize(order: BrokerOrder, total: number): void {
    order.total = Math.max(total, order.filled);
    this.tellStatus(order, this.statusOf(order));
  }

  private kill(order: BrokerOrder): void {
    order.state = 'dead';
    this.tellStatus(order, 'CANCELLED');
  }

  private refuses(): boolean {
    if (this.refusalsLeft === 0 || this.random(3) > 0) return false;
    this.refusalsLeft -= 1;
    return true;
  }

  private statusOf(order: BrokerOrder): OrderStatus {
    if (order.state === 'dead') return 'EXECUTED';
    if (order.state === 'held') return 'HELD';
    return order.filled > 0 ? 'PARTIAL' : 'ACCEPTED';
  }

  private tellStatus(order: BrokerOrder, status: OrderStatus): void {
    this.tell(order.id, {
      kind: 'statusReported',
      status,
      filled: String(order.filled),
      remaining: String(order.total - order.filled),
      whyHeld: status === 'HELD' ? 'child' : '',
    });
  }

  private tell(legId: string, event: OrderEvent): void {
    this.messages.push({ legId, event });
  }

  // ── delivery ───────────────────────────────────────────────────────────────────────────────────

  /** Delivers one waiting message, any of them; duplicates come now and then. */
  deliverAny(): void {
    const index = this.random(this.messages.length);
    const message = this.messages[index]!;
    if (this.random(5) > 0) this.messages.splice(index, 1);
    this.deliver(message);
  }

  /** What a snapshot of open orders would tell: the present state of every leg. */
  listOrders(): void {
    for (const order of this.orders.values()) {
      const { limit, stop, group, total } = order;
      if (order.state !== 'dead')
        this.deliver({ legId: order.id, terms: { limit, stop, group, total } });
      if (order.state === 'dead') continue;
      this.tellStatus(order, this.statusOf(order));
      this.deliver(this.messages.pop()!);
      const held = order.state === 'held';
      const event: OrderEvent = {
        kind: 'foundPresent',
        status: this.statusOf(order),
        whyHeld: held ? 'child' : '',
      };
      this.deliver({ legId: order.id, event });
    }
  }

  private deliver(message: Message): void {
    const leg = this.legs.get(message.legId)!;
    if ('event' in message) return this.apply(message.legId, message.event);
    if ('modificationRefused' in message) {
      this.legs.set(leg.legId, { ...leg, modificationInFlight: false, modificationRefused: true });
      return;
    }
    const { limit, stop, group, total } = message.terms;
    this.legs.set(leg.legId, {
      ...leg,
      limitPrice: limit,
      stopPrice: stop,
      ocaGroup: group,
      modificationInFlight: false,
    });
    this.apply(leg.legId, { kind: 'quantityRead', quantity: String(total) });
  }

  private apply(legId: string, event: OrderEvent): void {
    const leg = this.legs.get(legId)!;
    // A cancel that came to nothing may be repeated after a pause: here it is over at once.
    const pause = event.kind === 'cancelRejected' ? { pauseUntilMs: 0 } : {};
    const isAlone = leg.role === 'STOP' && leg.ocaGroup === null && leg.modificationInFlight;
    const asked = isAlone ? (this.asked.get(legId) ?? null) : null;
    this.legs.set(legId, { ...leg, ...stepAsAsked(leg, event, asked), ...pause });
  }

  /** Held as the system sees it. */
  knownHeld(): number {
    let held = decimal('0');
    for (const leg of this.legs.values()) {
      const filled = decimal(leg.filledQuantity);
      held = leg.side === this.side ? held.add(filled) : held.sub(filled);
    }
    return held.toNumber();
  }
}
