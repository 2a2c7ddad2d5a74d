/** Carries what the exchange decided to the clients whom it concerns, and plays the wire's faults on it. */
import type { CommissionView, ExchangeEvent, ExecutionView, OrderView } from '../exchange/api.js';
import { LIVE_REQ_ID, commission, execution } from '../protocol/execution-messages.js';
import { openOrder, orderStatus } from '../protocol/order-messages.js';
import type { AccountFeed } from './account-feed.js';
import type { Hub } from './hub.js';
import type { Session } from './session.js';

/** A status that nothing overtakes is sent after this anyway. */
const OVERTAKEN_MS = 1000;
/** Fills left out by a fault, whose commissions are left out too. */
const HIDDEN_FILLS_MAX = 1000;

/** What is remembered of a silence. */
const MISSED_MAX = 10_000;

interface HeldStatus {
  send(): void;
  timer: NodeJS.Timeout;
}

export class Delivery {
  private readonly hidden = new Set<string>();
  private readonly heldStatuses = new Map<string, HeldStatus>();
  private stopEvents: (() => void) | undefined;
  /** How many losses of IBKR last just now; while any does, nothing is told. */
  private silences = 0;
  /** Last state of each order that changed in silence, and what was said of orders. */
  private readonly missedOrders = new Map<number, OrderView>();
  private readonly missedErrors: Extract<ExchangeEvent, { kind: 'error' }>[] = [];

  constructor(
    private readonly hub: Hub,
    private readonly accounts: AccountFeed,
  ) {}

  start(): void {
    this.stopEvents = this.hub.exchange.onEvent((event) => {
      if (this.silences > 0) this.miss(event);
      else this.deliver(event);
    });
  }

  stop(): void {
    this.stopEvents?.();
    for (const { timer } of this.heldStatuses.values()) clearTimeout(timer);
    this.heldStatuses.clear();
  }

  /** Tells nobody of anything until `speak`. */
  silence(): void {
    this.silences += 1;
  }

  /**
   * Goes on telling. Orders are told as they stand now; fills of the gap are not told again, clients
   * have to ask for them.
   */
  speak(): void {
    this.silences = Math.max(0, this.silences - 1);
    if (this.silences > 0) return;
    for (const event of this.missedErrors.splice(0)) this.deliver(event);
    for (const order of this.missedOrders.values()) this.deliver({ kind: 'order', order });
    this.missedOrders.clear();
  }

  private miss(event: ExchangeEvent): void {
    if (event.kind === 'order' && this.missedOrders.size < MISSED_MAX) {
      this.missedOrders.set(event.order.permId, event.order);
    } else if (event.kind === 'error' && this.missedErrors.length < MISSED_MAX) {
      this.missedErrors.push(event);
    }
  }

  private deliver(event: ExchangeEvent): void {
    switch (event.kind) {
      case 'order':
        for (const session of this.hub.listenersOf(event.order.clientId)) {
          this.tellOrder(session, event.order);
        }
        break;
      case 'execution':
        this.tellExecution(event.execution);
        break;
      case 'commission':
        this.tellCommission(event.report, event.clientId);
        break;
      case 'error':
        this.hub.session(event.clientId)?.error(event.orderId, event.code, event.message);
        break;
      case 'position':
        this.accounts.positionChanged(event.position);
        break;
      case 'unspoken':
        break;
    }
  }

  private tellOrder(session: Session, order: OrderView): void {
    const { account, action, orderType, orderRef } = order.request;
    const context = {
      ...{ clientId: order.clientId, orderId: order.orderId, status: order.status },
      ...{ account, action, orderType, orderRef, symbol: order.contract.symbol },
    };
    const pair = [openOrder(order, session.version), orderStatus(order)];
    const key = `${session.clientId}/${order.permId}`;
    const overtaken = this.heldStatuses.get(key);
    if (!overtaken && this.hub.faults.take('out-of-order-status', context)) {
      this.holdStatus(key, () => {
        pair.forEach((message) => session.send(message));
        this.hub.told(session, order.permId);
      });
      return;
    }
    pair.forEach((message) => session.send(message));
    this.hub.told(session, order.permId);
    if (this.hub.faults.take('duplicate-status', context)) {
      pair.forEach((message) => session.send(message));
    }
    if (overtaken) this.sendHeld(key);
  }

  private holdStatus(key: string, send: () => void): void {
    const timer = setTimeout(() => this.sendHeld(key), OVERTAKEN_MS).unref();
    this.heldStatuses.set(key, { send, timer });
  }

  private sendHeld(key: string): void {
    const held = this.heldStatuses.get(key);
    if (!held) return;
    this.heldStatuses.delete(key);
    clearTimeout(held.timer);
    held.send();
  }

  private tellExecution(view: ExecutionView): void {
    const listeners = this.hub.listenersOf(view.clientId);
    if (listeners.length === 0) return;
    const context = {
      account: view.account,
      clientId: view.clientId,
      orderId: view.orderId,
      orderRef: view.orderRef,
      symbol: view.contract.symbol,
      side: view.side,
    };
    if (this.hub.faults.take('missing-exec-details', context)) {
      if (this.hidden.size >= HIDDEN_FILLS_MAX) this.hidden.clear();
      this.hidden.add(view.execId);
      return;
    }
    for (const session of listeners) {
      session.send(execution(LIVE_REQ_ID, view, session.version));
      this.hub.told(session, view.permId);
    }
  }

  private tellCommission(report: CommissionView, clientId: number): void {
    if (this.hidden.delete(report.execId)) return;
    for (const session of this.hub.listenersOf(clientId)) session.send(commission(report));
  }
}
