/**
 * This system's orders as the TWS API's. The only place where decimals become numbers, and only when
 * the number's shortest text, which is what the client library sends, gives the decimal back.
 */
import { OrderAction, OrderType as ApiOrderType, SecType, TimeInForce as ApiTif } from '@stoqey/ib';
import type { Contract, Order } from '@stoqey/ib';
import { decimal, text } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { EpochMs, Instrument, OrderType, TimeInForce } from '../../domain/vocabulary.js';
import { NotSentError } from '../port.js';
import type { BracketToSend, OrderTerms, OrderToSend } from '../port.js';
import { FIRST_REQUEST_ID, TRIGGER_METHOD_NUMBER } from './words.js';

/** One placeOrder message. */
export interface EncodedOrder {
  readonly orderId: number;
  readonly contract: Contract;
  readonly order: Order;
}

/** IBKR keeps up to 40 characters of an order reference (BRK-2). */
const MAX_REF_LENGTH = 40;
const MAX_ACCOUNT_LENGTH = 20;
const MAX_SYMBOL_LENGTH = 30;
const MAX_GROUP_LENGTH = 64;

const ORDER_TYPES: Record<OrderType, ApiOrderType> = {
  MKT: ApiOrderType.MKT,
  LMT: ApiOrderType.LMT,
  STP: ApiOrderType.STP,
  'STP LMT': ApiOrderType.STP_LMT,
  TRAIL: ApiOrderType.TRAIL,
};

const TIMES_IN_FORCE: Record<TimeInForce, ApiTif> = {
  DAY: ApiTif.DAY,
  GTC: ApiTif.GTC,
  GTD: ApiTif.GTD,
};

/**
 * A bracket as placeOrder messages in sending order: the entry, then its children, each but the last
 * held back (`transmit` false), so that the last one, the stop, releases all.
 * @throws NotSentError `invalid` when a leg can't be expressed, or a lost message could leave an entry
 * without its stop.
 */
export function encodeBracket(bracket: BracketToSend): EncodedOrder[] {
  const { entry, exits } = bracket;
  checkBracket(bracket);
  const last = exits.length - 1;
  const children = exits.map((exit, index) =>
    encodeOrder(exit, { transmit: index === last, parentId: entry.sessionOrderId }),
  );
  return [encodeOrder(entry, { transmit: false, parentId: 0 }), ...children];
}

const STOPS: readonly OrderType[] = ['STP', 'STP LMT', 'TRAIL'];

function checkBracket({ entry, exits }: BracketToSend): void {
  const last = exits[exits.length - 1];
  if (!last) invalid('an entry goes out with its stop or not at all');
  if (!STOPS.includes(last.terms.orderType)) {
    invalid(
      `the last leg of a bracket is ${last.terms.orderType}: the stop is sent last, and transmits`,
    );
  }
  const ids = [entry, ...exits].map((leg) => leg.sessionOrderId);
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0))) {
    invalid(`the order ids of a bracket must rise as they are written: ${ids.join(', ')}`);
  }
}

/**
 * One order as a placeOrder message.
 * @throws NotSentError `invalid` naming the field.
 */
export function encodeOrder(
  toSend: OrderToSend,
  { transmit, parentId }: { transmit: boolean; parentId: number },
): EncodedOrder {
  const { sessionOrderId, terms } = toSend;
  if (
    !Number.isInteger(sessionOrderId) ||
    sessionOrderId < 1 ||
    sessionOrderId >= FIRST_REQUEST_ID
  ) {
    invalid(`session order id ${sessionOrderId} is not between 1 and ${FIRST_REQUEST_ID - 1}`);
  }
  checkTerms(terms);
  const order: Order = {
    action: terms.side === 'BUY' ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: exactNumber('quantity', terms.quantity),
    orderType: ORDER_TYPES[terms.orderType],
    tif: TIMES_IN_FORCE[terms.timeInForce],
    account: checkedText('account', toSend.account, MAX_ACCOUNT_LENGTH),
    orderRef: checkedText('client order id', toSend.clientOrderId, MAX_REF_LENGTH),
    transmit,
    parentId,
    outsideRth: terms.outsideRegularHours,
    triggerMethod: terms.triggerMethod ? TRIGGER_METHOD_NUMBER[terms.triggerMethod] : 0,
    ...prices(terms),
    ...(terms.goodTillMs !== null && { goodTillDate: utcText(terms.goodTillMs) }),
    ...(terms.ocaGroup !== null && {
      ocaGroup: checkedText('OCA group', terms.ocaGroup, MAX_GROUP_LENGTH),
      ocaType: terms.ocaType ?? 0,
    }),
  };
  return { orderId: sessionOrderId, contract: encodeContract(toSend.instrument), order };
}

/**
 * An instrument as the API's contract.
 * @throws NotSentError `invalid` naming the field.
 */
export function encodeContract(instrument: Instrument): Contract {
  const { brokerContractId } = instrument;
  return {
    symbol: checkedText('symbol', instrument.symbol, MAX_SYMBOL_LENGTH),
    secType: securityType(instrument.securityType),
    exchange: checkedText('exchange', instrument.exchange, MAX_SYMBOL_LENGTH),
    currency: checkedText('currency', instrument.currency, MAX_SYMBOL_LENGTH),
    ...(brokerContractId !== undefined && { conId: brokerContractId }),
  };
}

/** `20260406-13:30:00`: the form that TWS reads as UTC. */
export function utcText(instant: EpochMs): string {
  const iso = new Date(instant).toISOString();
  return `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19)}`;
}

/**
 * The number whose shortest text is this decimal.
 * @throws NotSentError `invalid` when there is none: it would be sent rounded.
 */
export function exactNumber(field: string, value: DecimalText): number {
  const exact = decimal(value);
  const number = Number(text(exact));
  if (!Number.isFinite(number) || String(number) !== text(exact)) {
    invalid(`${field} ${value} has no exact form on the wire`);
  }
  return number;
}

function prices(terms: OrderTerms): Partial<Order> {
  const { limitPrice, stopPrice, trailAmount, trailFraction } = terms;
  const limit = limitPrice === null ? {} : { lmtPrice: exactNumber('limit price', limitPrice) };
  if (terms.orderType !== 'TRAIL') {
    const stop = stopPrice === null ? {} : { auxPrice: exactNumber('stop price', stopPrice) };
    return { ...limit, ...stop };
  }
  const percent = trailFraction === null ? null : text(decimal(trailFraction).mul(100));
  return {
    ...(trailAmount !== null && { auxPrice: exactNumber('trail amount', trailAmount) }),
    ...(percent !== null && { trailingPercent: exactNumber('trail percent', percent) }),
    ...(stopPrice !== null && { trailStopPrice: exactNumber('stop price', stopPrice) }),
  };
}

/** Which prices each type needs; anything else set would be dropped or misread by the terminal. */
function checkTerms(terms: OrderTerms): void {
  const { orderType, limitPrice, stopPrice, trailAmount, trailFraction } = terms;
  const limited = orderType === 'LMT' || orderType === 'STP LMT';
  const stopped = orderType === 'STP' || orderType === 'STP LMT';
  if (!decimal(terms.quantity).gt(0)) invalid(`quantity ${terms.quantity} must be above 0`);
  if (limited !== (limitPrice !== null)) invalid(`${orderType} with limit price ${limitPrice}`);
  if (orderType !== 'TRAIL' && stopped !== (stopPrice !== null)) {
    invalid(`${orderType} with stop price ${stopPrice}`);
  }
  const trails = [trailAmount, trailFraction].filter((value) => value !== null).length;
  if (trails !== (orderType === 'TRAIL' ? 1 : 0)) {
    invalid(`${orderType} with ${trails} trailing values: TRAIL takes one, other types none`);
  }
  if ((terms.timeInForce === 'GTD') !== (terms.goodTillMs !== null)) {
    invalid('a good-till instant goes with GTD, and only with it');
  }
  if ((terms.ocaGroup === null) !== (terms.ocaType === null)) {
    invalid('an OCA group and its type go together');
  }
}

function securityType(word: string): SecType {
  const found = Object.values(SecType).find((known) => String(known) === word);
  return found ?? invalid(`security type ${JSON.stringify(word)} is not one of IBKR's`);
}

/** A NUL or another unprintable character would shift every later field of the message. */
function checkedText(field: string, value: string, maxLength: number): string {
  if (value.length < 1 || value.length > maxLength || !/^[\x20-\x7e]+$/.test(value)) {
    invalid(
      `${field} ${JSON.stringify(value)} must be 1 to ${maxLength} printable ASCII characters`,
    );
  }
  return value;
}

function invalid(message: string): never {
  throw new NotSentError('invalid', `the order was not sent: ${message}`);
}
