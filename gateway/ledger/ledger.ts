/**
 * The referee: keeps the gateway's own books of every order, execution and position, and judges from
 * them alone. Pure and incremental: fed with facts in time order, it gives the same report whenever the
 * same facts are fed again. Shares are counted against time in wall-clock seconds.
 */
import { decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { Archive } from './archive.js';
import { Attribution } from './attribution.js';
import { ContractBook } from './contracts.js';
import { TradingDay } from './day.js';
import { judgeEntries } from './entries.js';
import { Executions } from './executions.js';
import type { ExecutionFact, LedgerInput, ListedFact, OrderFact } from './inputs.js';
import { SignalList } from './listed.js';
import type { ListedSignal } from './listed.js';
import { Lookalikes } from './lookalikes.js';
import { Messages } from './messages.js';
import { BreachLog } from './meter.js';
import { isLive, newOrder, updateOrder } from './orders.js';
import type { LedgerOrder } from './orders.js';
import { roleOf } from './roles.js';
import { bookFill, bringsToFlat, newSignal } from './signals.js';
import type { Signal } from './signals.js';
import { StagedOrders } from './staged.js';
import { Verdicts } from './verdicts.js';

type Input<Kind extends LedgerInput['kind']> = Extract<LedgerInput, { kind: Kind }>;

const orderKey = (clientId: number, orderId: number): string => `${clientId}:${orderId}`;

export class Ledger {
  orders: LedgerOrder[] = [];
  readonly signals = new Map<string, Signal>();
  readonly contracts = new Map<string, ContractBook>();
  readonly executions = new Executions();
  readonly messages = new Messages();
  readonly staged = new StagedOrders();
  readonly breaches = new BreachLog();
  readonly verdicts = new Verdicts();
  readonly list = new SignalList();
  readonly archive: Archive;
  nowMs = 0;

  /** The latest order under a client's order id; ids can be used again after a roll-back. */
  private readonly byKey = new Map<string, LedgerOrder>();
  private readonly byPermId = new Map<number, LedgerOrder>();
  /** Order keys that a client sent, with the signals whose outcome it did not know then. */
  private readonly sent = new Map<string, Signal[]>();
  private readonly lookalikes = new Lookalikes();
  /** Name on the list → the signal whose entry has a reference of it. */
  private readonly ofListed = new Map<string, Signal | 'archived'>();
  private readonly attribution = new Attribution(this.list, this.signals, this.ofListed);
  private readonly day = new TradingDay();
  private readonly unsettled = new Set<ContractBook>();

  /** `ordersMax`: single records kept; older ones that are over are only counted. */
  constructor(ordersMax?: number) {
    this.archive = new Archive(ordersMax);
  }

  /** Takes one fact. Facts of the same millisecond count as one instant. */
  apply(input: LedgerInput): void {
    if (input.kind === 'up') this.up(input.at);
    else this.advance(input.at);
    this.messages.count(input);
    if (input.kind === 'connected') this.lookalikes.connected(input.clientId);
    else if (input.kind === 'placed') this.placed(input);
    else if (input.kind === 'cancel') this.cancelled(input);
    else if (input.kind === 'told') this.told(input);
    else if (input.kind === 'order') this.order(input.order, input.market, input.at);
    else if (input.kind === 'execution') this.execution(input.execution, input.at);
    else if (input.kind === 'commission') this.executions.commission(input);
    else if (input.kind === 'error') this.staged.remove(orderKey(input.clientId, input.orderId));
    else if (input.kind === 'position') this.position(input);
    else if (input.kind === 'signals') this.listSignals(input);
  }

  /** Lets time pass: what the last instant left unprotected or in excess counts until `nowMs`. */
  advance(nowMs: number): void {
    if (nowMs <= this.nowMs) return;
    this.settle();
    while (this.day.endMs <= nowMs) this.turnDay(nowMs);
    this.nowMs = nowMs;
  }

  /** A new day: stops that were good until the last one outlive it no more, from its first instant on. */
  private turnDay(nowMs: number): void {
    this.nowMs = Math.max(this.nowMs, this.day.endMs);
    for (const order of this.day.turn(nowMs)) this.exitChanged(order);
    this.settle();
  }

  /** Makes the changes of the latest instant count. */
  settle(): void {
    for (const contract of this.unsettled) {
      for (const signal of contract.settle(this.nowMs)) this.lookalikes.review(signal);
    }
    this.unsettled.clear();
    this.forgetOld();
  }

  private forgetOld(): void {
    const due = this.archive.due(this.orders);
    if (due.size === 0) return;
    this.judge();
    this.orders = this.orders.filter((order) => !due.has(order));
    for (const order of due) {
      for (const permId of order.permIds) this.byPermId.delete(permId);
      if (this.byKey.get(order.key) === order) {
        this.byKey.delete(order.key);
        this.sent.delete(order.key);
      }
      this.attribution.forget(order);
      if (this.archive.detach(order)) this.drop(order.signal);
    }
    this.executions.forget(due);
  }

  /** A signal loses its record; what it came to stays counted. */
  private drop(signal: Signal | undefined): void {
    if (!signal) return;
    this.verdicts.keep(signal);
    this.signals.delete(signal.key);
    const listed = signal.judged?.listed;
    if (!listed) return;
    listed.spent = listed.spent.add(signal.peak);
    if (listed.taken?.key === signal.key) listed.archived = listed.taken;
    if (this.ofListed.get(listed.name) === signal) this.ofListed.set(listed.name, 'archived');
  }

  /** Matches entries to the list anew; call before `judged` or `overfilled` of a signal is read. */
  judge(): void {
    judgeEntries(this.list, this.signals);
  }

  /** Counts every running meter up to now, for a report. */
  countAll(): void {
    this.settle();
    for (const contract of this.contracts.values()) contract.advance(this.nowMs);
  }

  private contract(account: string, symbol: string): ContractBook {
    const key = `${account} ${symbol}`;
    let contract = this.contracts.get(key);
    if (!contract) {
      contract = new ContractBook(account, symbol, this.breaches);
      this.contracts.set(key, contract);
    }
    return contract;
  }

  private up(atMs: number): void {
    this.settle();
    for (const contract of this.contracts.values()) contract.skip(this.nowMs, atMs);
    this.staged.dropAll(atMs);
    this.nowMs = atMs;
    while (this.day.endMs <= atMs) this.turnDay(atMs);
  }

  private placed({ clientId, orderId, receipt, request, at }: Input<'placed'>): void {
    if (receipt !== 'passed') return;
    const key = orderKey(clientId, orderId);
    const known = this.byKey.get(key);
    if (known && isLive(known)) return;
    const unknown = request.parentId === 0 ? this.lookalikes.unknownTo(clientId, request, at) : [];
    this.sent.set(key, unknown);
    if (!request.transmit) this.staged.add(key, clientId, orderId, request, at);
  }

  private cancelled({ clientId, orderId, receipt }: Input<'cancel'>): void {
    if (receipt !== 'dropped') this.staged.remove(orderKey(clientId, orderId));
  }

  private told({ clientId, permId }: Input<'told'>): void {
    const signal = this.byPermId.get(permId)?.signal;
    if (signal) this.lookalikes.told(signal, clientId);
  }

  /** The book's record of an order; a new one when the exchange shows it for the first time. */
  private find(fact: OrderFact): LedgerOrder | undefined {
    const byPermId = this.byPermId.get(fact.permId);
    // Orders by hand have no id of a client, so only the permId tells them apart.
    if (byPermId || fact.orderId === 0) return byPermId;
    const byKey = this.byKey.get(orderKey(fact.clientId, fact.orderId));
    // A modified order may go on under another permId; a reused id is another order.
    return byKey && isLive(byKey) && byKey.fact.orderRef === fact.orderRef ? byKey : undefined;
  }

  private order(fact: OrderFact, market: string | undefined, atMs: number): void {
    const contract = this.contract(fact.account, fact.symbol);
    const known = this.find(fact);
    const order = known ?? this.open(fact, contract, atMs);
    const wasAccepted = order.acceptedAtMs !== undefined;
    updateOrder(order, fact, { atMs, market, dayEndMs: this.day.endMs });
    this.byPermId.set(fact.permId, order);
    this.staged.remove(order.key);
    if (!wasAccepted && order.acceptedAtMs !== undefined) this.accepted(order, atMs);
    if (order.role === 'exit') this.exitChanged(order);
    contract.touch(order.signal);
    this.unsettled.add(contract);
  }

  private exitChanged(order: LedgerOrder): void {
    const contract = this.contract(order.fact.account, order.fact.symbol);
    contract.exposure.update(order);
    order.signal?.exposure.update(order);
    this.day.watch(order);
    contract.touch(order.signal);
    this.unsettled.add(contract);
  }

  private open(fact: OrderFact, contract: ContractBook, atMs: number): LedgerOrder {
    const key = orderKey(fact.clientId, fact.orderId);
    const listed = this.list.byReference(fact.orderRef);
    const role = roleOf(fact, this.sent.has(key), contract, listed);
    const order = newOrder(key, fact, role, atMs);
    this.orders.push(order);
    this.byKey.set(key, order);
    if (role === 'entry') {
      order.signal = this.overExited(listed, order) ?? this.signalOfEntry(fact);
      order.signal.entries.push(order);
    } else if (role === 'exit') {
      const parent =
        this.byPermId.get(fact.parentPermId) ??
        this.byKey.get(orderKey(fact.clientId, fact.parentId));
      order.signal = this.attribution.signalOf(fact, parent, contract);
      order.signal?.exits.push(order);
      this.attribution.learnExit(order);
    }
    return order;
  }

  /** The listed signal, where the order takes back what its exits have sold too much (after a bust). */
  private overExited(listed: ListedSignal | undefined, order: LedgerOrder): Signal | undefined {
    const signal = listed && this.ofListed.get(listed.name);
    if (!signal || signal === 'archived') return undefined;
    return bringsToFlat(signal, order.quantity) ? signal : undefined;
  }

  private signalOfEntry(fact: OrderFact): Signal {
    const name = fact.orderRef || `order ${fact.permId}`;
    const key = `${fact.account} ${fact.symbol} ${name}`;
    const signal = this.signals.get(key) ?? newSignal(key, fact);
    this.signals.set(key, signal);
    this.attribution.learnEntry(signal);
    this.bind(signal);
    return signal;
  }

  /** Notes a signal as the one that the list means by its reference. */
  private bind(signal: Signal): void {
    const listed = this.list.byReference(signal.orderRef);
    if (!listed || this.ofListed.has(listed.name)) return;
    const isMeant = listed.symbol === signal.symbol && listed.side === signal.action;
    if (isMeant) this.ofListed.set(listed.name, signal);
  }

  /**
   * Looks whether these signals can be listed or amended.
   * @throws ListConflict, RangeError: see listed.ts
   */
  checkSignals(facts: readonly ListedFact[]): void {
    this.judgeBefore(facts);
    this.list.check(facts);
  }

  /** What an entry was approved with stands once it is accepted: that is to be known before it is amended. */
  private judgeBefore(facts: readonly ListedFact[]): void {
    if (facts.some(({ signal }) => this.list.get(signal))) this.judge();
  }

  private listSignals({ signals, at }: Input<'signals'>): void {
    this.judgeBefore(signals);
    this.list.add(signals, at);
    for (const signal of this.signals.values()) this.bind(signal);
  }

  /** An order is live at the exchange for the first time: the moment to judge an entry. */
  private accepted(order: LedgerOrder, atMs: number): void {
    const { signal } = order;
    if (!signal) return;
    if (order.role === 'exit') signal.isWaived = false;
    if (order.role !== 'entry' || bringsToFlat(signal, order.quantity)) return;
    const earlier = signal.entries.filter(
      (each) => each !== order && each.acceptedAtMs !== undefined,
    );
    if (earlier.length > 0 || this.archive.has(signal.key)) {
      this.verdicts.duplicate(order, earlier, atMs);
      return;
    }
    signal.approved = order.quantity;
    const unknown = (this.sent.get(order.key) ?? []).filter((each) => each !== signal);
    const repeats = unknown.map(({ key, orderRef }) => ({ key, orderRef }));
    signal.accepted = { atMs, order, repeats };
    this.lookalikes.add(signal, atMs);
  }

  private execution(fact: ExecutionFact, atMs: number): void {
    const order =
      this.byPermId.get(fact.permId) ?? this.byKey.get(orderKey(fact.clientId, fact.orderId));
    const isManaged = order !== undefined && order.role !== 'external';
    const shares: Decimal = this.executions.book(fact, order, atMs);
    const contract = this.contract(fact.account, fact.symbol);
    contract.trade(fact.side === 'BOT' ? shares : shares.neg(), isManaged);
    if (order?.signal) bookFill(order.signal, order, shares);
    contract.touch(order?.signal);
    this.unsettled.add(contract);
  }

  private position({ account, symbol, position }: Input<'position'>): void {
    const contract = this.contract(account, symbol);
    contract.state(decimal(position));
    this.unsettled.add(contract);
  }
}
