/**
 * This system's orders as SnapTrade's forms. The only place where decimals become numbers, and only when the
 * number's shortest text, which is what is sent, gives the decimal back.
 */
import { createHash } from 'node:crypto';
import type { ManualTradeFormWithOptions, ManualTradeReplaceForm } from 'snaptrade-typescript-sdk';
import { decimal, text } from '../../domain/money.js';
import type { Decimal, DecimalText } from '../../domain/money.js';
import type { OrderType } from '../../domain/vocabulary.js';
import { NotSentError } from '../port.js';
import type { OrderTerms, OrderToSend } from '../port.js';
import { CAPABILITIES } from './capabilities.js';

/** As long as any broker of this system keeps of a reference (BRK-2). */
const MAX_REF_LENGTH = 40;
const MAX_SYMBOL_LENGTH = 30;
/** Database ids are 32-bit numbers. */
const MAX_SESSION_ORDER_ID = 2_147_483_647;

type SnapTradeType = 'Market' | 'Limit' | 'Stop' | 'StopLimit';

export const ORDER_TYPES: Readonly<Partial<Record<OrderType, SnapTradeType>>> = {
  MKT: 'Market',
  LMT: 'Limit',
  STP: 'Stop',
  'STP LMT': 'StopLimit',
};

/**
 * The form of a new order.
 * @param universalSymbolId null: the ticker is sent.
 * @throws NotSentError `invalid` naming the field.
 */
export function encodePlace(
  order: OrderToSend,
  universalSymbolId: string | null,
): ManualTradeFormWithOptions {
  const { terms, instrument } = order;
  checkOrder(order);
  const ticker = checkedText('symbol', instrument.symbol, MAX_SYMBOL_LENGTH);
  return {
    account_id: order.account,
    ...bodyOf(terms, decimal(terms.quantity)),
    ...(universalSymbolId === null
      ? { symbol: ticker, universal_symbol_id: null }
      : { symbol: null, universal_symbol_id: universalSymbolId }),
    // Some brokerages know no other session than the regular one: nothing is said of it then.
    ...(terms.outsideRegularHours && { trading_session: 'EXTENDED' as const }),
    client_order_id: clientOrderIdOf(order.clientOrderId),
  };
}

/**
 * The form that replaces an order.
 * @param filled shares of it that were dealt already: what replaces it stands for the rest.
 * @throws NotSentError `invalid` naming the field, or when nothing would be left to trade.
 */
export function encodeReplace(
  order: OrderToSend,
  brokerageOrderId: string,
  filled: Decimal,
): ManualTradeReplaceForm {
  checkOrder(order);
  const units = decimal(order.terms.quantity).sub(filled);
  if (!units.gt(0)) invalid(`${text(filled)} of ${order.terms.quantity} shares are dealt already`);
  return {
    brokerage_order_id: brokerageOrderId,
    ...bodyOf(order.terms, units),
    symbol: checkedText('symbol', order.instrument.symbol, MAX_SYMBOL_LENGTH),
  };
}

/**
 * SnapTrade takes a UUID for the client's own id, and hands it on to the brokerage: the same for the same
 * reference, so that a brokerage that enforces it never takes one order twice.
 */
export function clientOrderIdOf(clientOrderId: string): string {
  const hex = createHash('sha256').update(`ballast ${clientOrderId}`).digest('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...groups, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function bodyOf(terms: OrderTerms, units: Decimal) {
  const { limitPrice, stopPrice } = terms;
  return {
    action: terms.side,
    order_type: ORDER_TYPES[terms.orderType]!,
    time_in_force: terms.timeInForce === 'GTC' ? ('GTC' as const) : ('Day' as const),
    units: exactNumber('quantity', text(units)),
    price: limitPrice === null ? null : exactNumber('limit price', limitPrice),
    stop: stopPrice === null ? null : exactNumber('stop price', stopPrice),
  };
}

function checkOrder({ sessionOrderId, clientOrderId, terms }: OrderToSend): void {
  if (
    !Number.isInteger(sessionOrderId) ||
    sessionOrderId < 1 ||
    sessionOrderId > MAX_SESSION_ORDER_ID
  ) {
    invalid(`session order id ${sessionOrderId} is not between 1 and ${MAX_SESSION_ORDER_ID}`);
  }
  checkedText('client order id', clientOrderId, MAX_REF_LENGTH);
  checkSupported(terms);
  checkTerms(terms);
}

/** What the capabilities deny is never sent. */
function checkSupported({
  orderType,
  timeInForce,
  goodTillMs,
  ocaGroup,
  ocaType,
}: OrderTerms): void {
  if (!CAPABILITIES.orderTypes.includes(orderType)) invalid(`SnapTrade has no ${orderType} orders`);
  if (timeInForce === 'GTD' || goodTillMs !== null) {
    invalid('not every brokerage behind SnapTrade has orders good till a time');
  }
  if (ocaGroup !== null || ocaType !== null) invalid('SnapTrade has no groups of orders');
}

function checkTerms({ orderType, quantity, limitPrice, stopPrice }: OrderTerms): void {
  const limited = orderType === 'LMT' || orderType === 'STP LMT';
  const stopped = orderType === 'STP' || orderType === 'STP LMT';
  if (!decimal(quantity).gt(0)) invalid(`quantity ${quantity} must be above 0`);
  if (limited !== (limitPrice !== null)) invalid(`${orderType} with limit price ${limitPrice}`);
  if (stopped !== (stopPrice !== null)) invalid(`${orderType} with stop price ${stopPrice}`);
  for (const price of [limitPrice, stopPrice]) {
    if (price !== null && !decimal(price).gt(0)) invalid(`a price of ${price} must be above 0`);
  }
}

/**
 * The number whose shortest text is this decimal.
 * @throws NotSentError `invalid` when there is none: it would be sent rounded.
 */
function exactNumber(field: string, value: DecimalText): number {
  const exact = decimal(value);
  const number = exact.toNumber();
  if (!Number.isFinite(number) || !decimal(exactText(number)).eq(exact)) {
    invalid(`${field} ${value} has no exact form as a number`);
  }
  return number;
}

/** Never in the form of an exponent, which no decimal is read from. */
function exactText(number: number): DecimalText {
  const shortest = String(number);
  return shortest.includes('e') ? '0' : shortest;
}

function checkedText(field: string, value: string, maxLength: number): string {
  if (value.length < 1 || value.length > maxLength || !/^[\x20-\x7e]+$/.test(value)) {
    const told = `must be 1 to ${maxLength} printable ASCII characters`;
    invalid(`${field} ${JSON.stringify(value)} ${told}`);
  }
  return value;
}

export function invalid(message: string): never {
  throw new NotSentError('invalid', `the order was not sent: ${message}`);
}
