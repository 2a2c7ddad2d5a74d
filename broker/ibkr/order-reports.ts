/** Turns order callbacks into reports, with what is remembered of the order filled in. */
import type { Contract, Order, OrderState } from '@stoqey/ib';
import { hasEnded } from '../../domain/orders/table.js';
import { decimal, max, text } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { OrderError, OrderReport, OrderTerms, OrderToSend } from '../port.js';
import { brokerOrderIdOf, decodeTerms, numberText, quantityText } from './decode.js';
import { orderErrorMeaning } from './error-codes.js';
import type { OrderMemory, RememberedOrder } from './order-memory.js';
import { orderStatusFrom } from './status.js';

/** The fields of an orderStatus callback that this system reads. */
export interface StatusMessage {
  readonly orderId: number;
  readonly status: string;
  readonly filled: number | undefined;
  readonly remaining: number | undefined;
  readonly averageFillPrice: number | undefined;
  readonly permId: number | undefined;
  readonly parentId: number | undefined;
  readonly clientId: number | undefined;
  readonly whyHeld: string | undefined;
}

export class OrderReports {
  /** How many order messages were written. */
  writes = 0;

  constructor(private readonly memory: OrderMemory) {}

  /** Notes an order before it is written, so that its first callback finds its reference. */
  noteSent(order: OrderToSend, as: { kind: 'order' | 'modification'; parentId: number }): void {
    this.writes += 1;
    const remembered = this.memory.recallOwn(order.sessionOrderId);
    this.memory.stands(remembered, 'live');
    remembered.clientOrderId = order.clientOrderId;
    remembered.account = order.account;
    remembered.symbol = order.instrument.symbol;
    remembered.brokerContractId = order.instrument.brokerContractId ?? null;
    if (as.kind === 'modification') remembered.modification = order.terms;
    else if (as.parentId > 0) {
      remembered.sentAsChild = true;
      remembered.parentSessionOrderId = as.parentId;
    }
  }

  /**
   * What the first callback about an order proves to have been read; null for an id that was sent or
   * seen before, whose callbacks may speak of that.
   */
  freshMark(sessionOrderId: number): string | null {
    return this.memory.knowsOwn(sessionOrderId) ? null : orderMark(sessionOrderId);
  }

  /** The session order id of an own order's parent, 0 without one. */
  parentOf(sessionOrderId: number): number {
    return this.memory.recallOwn(sessionOrderId).parentSessionOrderId ?? 0;
  }

  noteCancel(sessionOrderId: number): void {
    this.writes += 1;
    this.memory.recallOwn(sessionOrderId).cancelSent = true;
  }

  /** An open order callback: everything but what was filled, which comes with its status. */
  openOrder(contract: Contract, order: Order, state: OrderState): OrderReport {
    const remembered = this.memory.recall({
      sessionOrderId: order.orderId ?? 0,
      sessionClientId: order.clientId ?? -1,
      brokerOrderId: brokerOrderIdOf(order.permId),
    });
    learnIdentity(remembered, contract, order);
    const terms = decodeTerms(order);
    settleModification(remembered, terms);
    const report = reportOf(remembered, {
      brokerStatus: state.status,
      whyHeld: whyHeldUntilStatus(remembered, state.status),
      remaining: remembered.remainingQuantity ?? quantityText(order.totalQuantity),
      terms,
    });
    this.noteStanding(remembered, report);
    return report;
  }

  /** A status callback: quantities and why it is held, no terms. */
  status(message: StatusMessage): OrderReport {
    const remembered = this.memory.recall({
      sessionOrderId: message.orderId,
      sessionClientId: message.clientId ?? -1,
      brokerOrderId: brokerOrderIdOf(message.permId),
    });
    remembered.acknowledged = true;
    remembered.filledQuantity = quantityText(message.filled);
    remembered.remainingQuantity = quantityText(message.remaining);
    remembered.averageFillPrice = positiveOrNull(message.averageFillPrice);
    remembered.whyHeld = heldBy(remembered, message.status, message.whyHeld ?? '');
    if (message.parentId) remembered.parentSessionOrderId = message.parentId;
    const report = reportOf(remembered, {
      brokerStatus: message.status,
      whyHeld: remembered.whyHeld,
      remaining: remembered.remainingQuantity,
      terms: null,
    });
    this.noteStanding(remembered, report);
    return report;
  }

  /** A completed order: it has no session ids, so what this session knows of its durable id counts. */
  completedOrder(contract: Contract, order: Order, state: OrderState): OrderReport {
    const brokerOrderId = brokerOrderIdOf(order.permId);
    const known = this.memory.findByBrokerId(brokerOrderId);
    const filled = decimal(quantityText(order.filledQuantity));
    const open = decimal(quantityText(order.totalQuantity)).sub(filled);
    const filledQuantity = text(filled);
    return {
      clientOrderId: order.orderRef || known?.clientOrderId || null,
      brokerOrderId,
      sessionOrderId: known?.sessionOrderId ?? 0,
      sessionClientId: known?.sessionClientId ?? -1,
      account: order.account ?? '',
      symbol: contract.symbol ?? null,
      brokerContractId: contract.conId || null,
      status: orderStatusFrom({
        brokerStatus: state.status,
        whyHeld: '',
        filledQuantity,
        rejectingCode: known?.rejectingCode ?? false,
      }),
      brokerStatus: state.completedStatus
        ? `${state.status}: ${state.completedStatus}`
        : state.status,
      whyHeld: '',
      filledQuantity,
      remainingQuantity: text(max(open, decimal('0'))),
      averageFillPrice: null,
      terms: decodeTerms(order),
      parentSessionOrderId: known?.parentSessionOrderId ?? null,
    };
  }

  private noteStanding(remembered: RememberedOrder, { status }: OrderReport): void {
    this.memory.stands(remembered, hasEnded(status) ? 'ended' : 'live');
  }

  /** An error on an order's id. */
  error(sessionOrderId: number, code: number, message: string): OrderError {
    const remembered = this.memory.recallOwn(sessionOrderId);
    const meaning = orderErrorMeaning(code, {
      acknowledged: remembered.acknowledged,
      modificationInFlight: remembered.modification !== null,
      cancelSent: remembered.cancelSent,
      sentAsChild: remembered.sentAsChild,
    });
    if (meaning.about === 'modification') remembered.modification = null;
    if (meaning.about === 'cancel') remembered.cancelSent = false;
    if (meaning.about === 'order' && meaning.errorClass === 'rejection') {
      remembered.rejectingCode = true;
      if (!remembered.acknowledged) this.memory.stands(remembered, 'ended');
    }
    const { clientOrderId } = remembered;
    return { clientOrderId, sessionOrderId, code, message: oneLine(message), ...meaning };
  }
}

/** The broker breaks the lines of what it says, also by HTML's mark: told in lists and logs, it is one. */
function oneLine(message: string): string {
  return message
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** How a callback about an own order names the message that placed it. */
export function orderMark(sessionOrderId: number): string {
  return `order ${sessionOrderId}`;
}

function learnIdentity(remembered: RememberedOrder, contract: Contract, order: Order): void {
  remembered.acknowledged = true;
  remembered.clientOrderId = order.orderRef || remembered.clientOrderId;
  remembered.account = order.account ?? remembered.account;
  remembered.symbol = contract.symbol ?? remembered.symbol;
  remembered.brokerContractId = contract.conId || remembered.brokerContractId;
  if (order.parentId) remembered.parentSessionOrderId = order.parentId;
}

/**
 * An open order doesn't say what holds it. Until its status does, a waiting child counts as held by
 * its parent: taking a stop for armed too early is the worse mistake.
 */
function whyHeldUntilStatus(remembered: RememberedOrder, brokerStatus: string): string {
  if (brokerStatus !== 'PreSubmitted') return '';
  return remembered.whyHeld ?? (remembered.parentSessionOrderId === null ? '' : 'child');
}

/**
 * What holds an order by its status. Statuses come out of order: a child that was at the exchange, or waited
 * for its trigger alone, is not held by its parent again.
 */
function heldBy(remembered: RememberedOrder, brokerStatus: string, whyHeld: string): string {
  const isByParent = /child/.test(whyHeld);
  remembered.isAwake ||= !isByParent && (brokerStatus === 'Submitted' || whyHeld === 'trigger');
  if (!isByParent || !remembered.isAwake) return whyHeld;
  const others = whyHeld.split(/[\s,]+/).filter((reason) => reason !== 'child');
  return others.join(',');
}

/** A modification is settled once its prices and quantity are read back. */
function settleModification(remembered: RememberedOrder, terms: OrderTerms | null): void {
  const asked = remembered.modification;
  if (!asked || !terms) return;
  const settled =
    sameDecimal(asked.quantity, terms.quantity) &&
    sameDecimal(asked.limitPrice, terms.limitPrice) &&
    sameDecimal(asked.stopPrice, terms.stopPrice);
  if (settled) remembered.modification = null;
}

function sameDecimal(first: DecimalText | null, second: DecimalText | null): boolean {
  if (first === null || second === null) return first === second;
  return decimal(first).eq(decimal(second));
}

function positiveOrNull(value: number | undefined): DecimalText | null {
  const read = numberText(value);
  return read !== null && decimal(read).gt(0) ? read : null;
}

function reportOf(
  remembered: RememberedOrder,
  message: {
    readonly brokerStatus: string;
    readonly whyHeld: string;
    readonly remaining: DecimalText;
    readonly terms: OrderTerms | null;
  },
): OrderReport {
  const { brokerStatus, whyHeld } = message;
  return {
    clientOrderId: remembered.clientOrderId,
    brokerOrderId: remembered.brokerOrderId,
    sessionOrderId: remembered.sessionOrderId,
    sessionClientId: remembered.sessionClientId,
    account: remembered.account,
    symbol: remembered.symbol,
    brokerContractId: remembered.brokerContractId,
    status: orderStatusFrom({
      brokerStatus,
      whyHeld,
      filledQuantity: remembered.filledQuantity,
      rejectingCode: remembered.rejectingCode,
    }),
    brokerStatus,
    whyHeld,
    filledQuantity: remembered.filledQuantity,
    remainingQuantity: message.remaining,
    averageFillPrice: remembered.averageFillPrice,
    terms: message.terms,
    parentSessionOrderId: remembered.parentSessionOrderId,
  };
}
