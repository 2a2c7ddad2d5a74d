/**
 * What a case works with: one connection of its own, orders under this run's references, what came back,
 * and a notebook. A desk asserts nothing by itself but that what is waited for comes.
 */
import { messagesIn } from '../broker/port.js';
import type {
  BracketToSend,
  BrokerPort,
  OrderReport,
  OrderTerms,
  OrderToSend,
  SendReceipt,
  Slot,
  Snapshot,
  WireGroup,
  WireMessage,
} from '../broker/port.js';
import { approve } from '../domain/risk/approved.js';
import type { Instrument, OrderStatus } from '../domain/vocabulary.js';
import { BrokenRule, CannotPlay } from './case.js';
import type { Controls, Observation, Role, World } from './case.js';
import { Market } from './market.js';
import { Seen } from './seen.js';

/** An order before it has an id: what is named here is sent, the rest is a plain day order. */
export interface Wanted {
  /** Of its reference, behind the run's and the case's. */
  readonly name: string;
  readonly terms: Partial<OrderTerms>;
  readonly account?: string;
  readonly instrument?: Instrument;
  readonly sessionOrderId?: number;
}

export const PASS = (): void => undefined;

/** Between two looks at what came. */
const LOOK_MS = 10;

export class Desk {
  readonly seen = new Seen();
  readonly market: Market;
  readonly notes: Observation[] = [];
  readonly port: BrokerPort;
  private lastId = 0;

  /** @param tag what references of the desk begin with, behind the run's. */
  constructor(
    readonly world: World,
    readonly tag: string,
    role: Role = 'first',
  ) {
    this.port = world.connect(role);
    this.port.onEvent((event) => this.seen.take(event));
    this.market = new Market(this.port, world);
  }

  // ── the connection ───────────────────────────────────────────────────────────────────────────────

  /** Connects, reads the first picture and declares it. @throws BrokenRule when that takes too long. */
  async open(): Promise<this> {
    this.port.open();
    await this.synced();
    return this;
  }

  /** Connected and with servers: questions are answered. */
  async connected(): Promise<void> {
    await this.until('the connection to stand', () => {
      const { socket, brokerServers } = this.port.state();
      return socket === 'up' && brokerServers;
    });
  }

  /** Reads pictures until one is whole and of the present generation, and declares that. */
  async synced(): Promise<Snapshot> {
    const deadline = Date.now() + this.world.patienceMs;
    for (;;) {
      await this.connected();
      const snapshot = await this.port.snapshot();
      if (snapshot.isComplete && snapshot.generation === this.port.state().generation) {
        this.port.declareSynced(snapshot.generation);
        return snapshot;
      }
      if (Date.now() > deadline)
        throw new BrokenRule(`no whole picture came: ${snapshot.problem ?? 'the link changed'}`);
      await pause(LOOK_MS);
    }
  }

  /** A whole picture. @throws BrokenRule when it isn't whole. */
  async picture(): Promise<Snapshot> {
    const snapshot = await this.port.snapshot();
    this.must('a picture on a standing connection is whole', snapshot.isComplete, snapshot.problem);
    return snapshot;
  }

  /** Where the world can be controlled. @throws CannotPlay where it can't. */
  get controls(): Controls {
    const { controls } = this.world;
    if (!controls) throw new CannotPlay('nothing can be set here');
    return controls;
  }

  // ── sending ──────────────────────────────────────────────────────────────────────────────────────

  ref(name: string): string {
    return `${this.world.run}-${this.tag}-${name}`;
  }

  /** Order ids that were never given out: those after the last one, and not below the broker's next. */
  take(slot: Slot, count: number): number {
    const first = Math.max(this.lastId + 1, slot.nextValidId);
    this.lastId = first + count - 1;
    return first;
  }

  /** The order of a wish. */
  order(wanted: Wanted, sessionOrderId: number): OrderToSend {
    const { world } = this;
    return {
      clientOrderId: this.ref(wanted.name),
      sessionOrderId: wanted.sessionOrderId ?? sessionOrderId,
      account: wanted.account ?? world.account,
      instrument: wanted.instrument ?? world.instrument,
      terms: { ...PLAIN, quantity: world.quantity, ...wanted.terms },
    };
  }

  /**
   * Writes a group in a turn of its own.
   * @param messages how many it will be.
   * @param group made when the turn has come, with the first of as many fresh order ids.
   */
  async write(messages: number, group: (firstId: number) => WireGroup): Promise<SendReceipt> {
    const slot = await this.turn(messages);
    try {
      return slot.write(group(this.take(slot, messages)), PASS);
    } finally {
      slot.release();
    }
  }

  /** A turn to write. @throws NotSentError. */
  turn(messages: number, priority: 'protect' | 'entry' = 'protect'): Promise<Slot> {
    const deadlineMs = Date.now() + this.world.patienceMs;
    return this.port.openSlot({ messages, priority, deadlineMs });
  }

  /** Writes messages that need no fresh ids. */
  send(...messages: WireMessage[]): Promise<SendReceipt> {
    const group: WireGroup = { cancelsFirst: [], bracket: null, messages };
    return this.write(messagesIn(group), () => group);
  }

  /** Places orders in one group. */
  async place(...wanted: Wanted[]): Promise<OrderToSend[]> {
    let orders: OrderToSend[] = [];
    await this.write(wanted.length, (firstId) => {
      orders = wanted.map((one, index) => this.order(one, firstId + index));
      const messages = orders.map((order) => ({ kind: 'place', order }) as const);
      return { cancelsFirst: [], bracket: null, messages };
    });
    return orders;
  }

  async placeOne(wanted: Wanted): Promise<OrderToSend> {
    return (await this.place(wanted))[0]!;
  }

  /** Sends an entry with its exits as one group. */
  async bracket(entry: Wanted, ...exits: Wanted[]): Promise<BracketToSend> {
    let sent: BracketToSend | null = null;
    await this.write(1 + exits.length, (firstId) => {
      const bracket: BracketToSend = {
        entry: this.order(entry, firstId),
        exits: exits.map((exit, index) => this.order(exit, firstId + 1 + index)),
      };
      sent = bracket;
      // Whoever starts the suite has decided that these orders are sent.
      const decided = { decisionId: this.ref('decision'), verdict: 'approved' } as const;
      return { cancelsFirst: [], bracket: approve(bracket, decided), messages: [] };
    });
    return sent!;
  }

  /** Gives an order new terms. */
  async modify(order: OrderToSend, terms: Partial<OrderTerms>): Promise<OrderToSend> {
    const changed = { ...order, terms: { ...order.terms, ...terms } };
    await this.send({ kind: 'modify', order: changed });
    return changed;
  }

  async cancel(...orders: readonly Pick<OrderToSend, 'sessionOrderId'>[]): Promise<void> {
    await this.send(
      ...orders.map(({ sessionOrderId }) => ({ kind: 'cancel', sessionOrderId }) as const),
    );
  }

  // ── waiting ──────────────────────────────────────────────────────────────────────────────────────

  /** @throws BrokenRule when it does not come about within the world's patience. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = Date.now() + this.world.patienceMs;
    while (!condition()) {
      if (Date.now() > deadline)
        throw new BrokenRule(`waited ${this.world.patienceMs} ms in vain for ${what}`);
      await pause(LOOK_MS);
    }
  }

  /** Waits until the order was told to have one of these statuses. */
  async status(order: OrderToSend, ...statuses: OrderStatus[]): Promise<OrderReport> {
    const { clientOrderId: ref } = order;
    const isThere = () => statuses.some((status) => this.seen.last(ref)?.status === status);
    await this.until(`${ref} to be ${statuses.join(' or ')}`, isThere).catch((error: Error) => {
      const errors = this.seen.errors(ref).map(({ code, message }) => `${code} ${message}`);
      const told = [`it was ${this.seen.statuses(ref)}`, ...errors].join('; ');
      throw new BrokenRule(`${error.message}: ${told}`);
    });
    return this.seen.last(ref)!;
  }

  /** Rests: it works, or waits for the session. */
  rests(order: OrderToSend): Promise<OrderReport> {
    return this.status(order, 'ACCEPTED', 'HELD');
  }

  /** Until nothing new has come for a while, but no longer than the world's patience. */
  async quiet(): Promise<void> {
    const deadline = Date.now() + this.world.patienceMs;
    await pause(this.world.quietMs);
    while (this.seen.quietMs() < this.world.quietMs && Date.now() < deadline) await pause(LOOK_MS);
  }

  // ── the notebook ─────────────────────────────────────────────────────────────────────────────────

  /** Keeps a fact, in plain words and without what differs between runs (ids, prices, times). */
  note(name: string, value: string | boolean): void {
    if (this.notes.some((known) => known.name === name))
      throw new Error(`two observations are called "${name}"`);
    this.notes.push({ name, value: typeof value === 'string' ? value : value ? 'yes' : 'no' });
  }

  /** @throws BrokenRule with the rule, and what was there instead. */
  must(rule: string, isHeld: boolean, instead?: unknown): asserts isHeld {
    if (isHeld) return;
    const told = instead === undefined ? '' : `: ${shown(instead)}`;
    throw new BrokenRule(`${rule}${told}`);
  }
}

/** A plain day order to buy. */
const PLAIN: Omit<OrderTerms, 'quantity'> = {
  side: 'BUY',
  orderType: 'LMT',
  limitPrice: null,
  stopPrice: null,
  trailAmount: null,
  trailFraction: null,
  timeInForce: 'DAY',
  goodTillMs: null,
  outsideRegularHours: false,
  ocaGroup: null,
  ocaType: null,
  triggerMethod: null,
};

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function shown(value: unknown): string {
  if (value instanceof Error) return `${value.name} ${value.message}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
