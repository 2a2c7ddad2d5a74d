/** What the gateway tells of orders: openOrder, orderStatus, completedOrder, what-if answers. */
import { ZERO, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractSpec, OrderRequest, OrderView, WhatIfResult } from '../exchange/api.js';
import { UNSET_DOUBLE, UNSET_INT, escapeText, fieldText } from './fields.js';
import type { FieldValues } from './layout.js';
import { LayoutWriter } from './layout-writer.js';
import { REPLY } from './message-ids.js';
import { COMPLETED_ORDER, OPEN_ORDER } from './order-layouts.js';
import { unzonedText, zonedText } from './time-texts.js';
import { GATE } from './versions.js';

/** What TWS writes where an order has nothing to say; names left out here are empty fields. */
const ORDER_DEFAULTS: FieldValues = {
  strike: '0',
  right: '?',
  origin: '0',
  hidden: '0',
  discretionaryAmt: '0',
  shortSaleSlot: '0',
  exemptCode: '-1',
  auctionStrategy: '0',
  displaySize: UNSET_INT,
  blockOrder: '0',
  sweepToFill: '0',
  eTradeOnly: '0',
  firmQuoteOnly: '0',
  volatilityType: '0',
  deltaNeutralOrderType: 'None',
  deltaNeutralConId: '0',
  deltaNeutralOpenClose: '?',
  deltaNeutralShortSale: '0',
  deltaNeutralShortSaleSlot: '0',
  continuousUpdate: '0',
  referencePriceType: '0',
  comboLegs: '0',
  orderComboLegs: '0',
  smartComboRoutingParams: '0',
  optOutSmartRouting: '0',
  clearingIntent: 'IB',
  notHeld: '0',
  deltaNeutralContract: '0',
  solicited: '0',
  randomizeSize: '0',
  randomizePrice: '0',
  conditions: '0',
  adjustedOrderType: 'None',
  triggerPrice: UNSET_DOUBLE,
  lmtPriceOffset: UNSET_DOUBLE,
  adjustedStopPrice: UNSET_DOUBLE,
  adjustedStopLimitPrice: UNSET_DOUBLE,
  adjustedTrailingAmount: UNSET_DOUBLE,
  adjustableTrailingUnit: '0',
  cashQty: '0',
  dontUseAutoPriceForHedge: '0',
  isOmsContainer: '0',
  discretionaryUpToLimitPrice: '0',
  usePriceMgmtAlgo: '0',
  duration: UNSET_INT,
  postToAts: UNSET_INT,
  autoCancelParent: '0',
  professionalCustomer: '0',
  includeOvernight: '0',
  manualOrderIndicator: UNSET_INT,
};

const NO_MARGINS: FieldValues = {
  initMarginBefore: UNSET_DOUBLE,
  maintMarginBefore: UNSET_DOUBLE,
  equityWithLoanBefore: UNSET_DOUBLE,
  initMarginChange: UNSET_DOUBLE,
  maintMarginChange: UNSET_DOUBLE,
  equityWithLoanChange: UNSET_DOUBLE,
  initMarginAfter: UNSET_DOUBLE,
  maintMarginAfter: UNSET_DOUBLE,
  equityWithLoanAfter: UNSET_DOUBLE,
  commission: UNSET_DOUBLE,
  minCommission: UNSET_DOUBLE,
  maxCommission: UNSET_DOUBLE,
};

/** TWS's own word when an order's owner is no insider. */
const SHAREHOLDER_TEXT = 'Not an insider or substantial shareholder';
/** OCA type that TWS shows for orders without one. */
const OCA_TYPE_DEFAULT = 3;

const OPEN_ORDERS = new LayoutWriter(OPEN_ORDER, { ...ORDER_DEFAULTS, ...NO_MARGINS });
const COMPLETED_ORDERS = new LayoutWriter(COMPLETED_ORDER, ORDER_DEFAULTS);

/** TWS writes 0.0 for a price that the order type doesn't have. */
function priceText(price: Decimal | undefined): string {
  return price === undefined ? '0.0' : text(price);
}

/** What the gateway knows of the order itself; it wins over what the client sent along. */
function ownValues(order: OrderView): FieldValues {
  const { contract, request } = order;
  // Clients keep only the second trail stop of the message, and lose it when that is empty.
  const trailStop = order.trailStopPrice ?? request.trailStopPrice;
  return {
    orderId: String(order.orderId),
    conId: String(contract.conId),
    symbol: contract.symbol,
    secType: contract.secType,
    exchange: contract.exchange,
    currency: contract.currency,
    localSymbol: contract.localSymbol,
    tradingClass: contract.tradingClass,
    action: request.action,
    totalQuantity: text(request.totalQuantity),
    orderType: request.orderType,
    lmtPrice: priceText(request.lmtPrice),
    auxPrice: priceText(request.auxPrice),
    trailingPercent: fieldText(request.trailingPercent),
    trailStopPrice: trailStop === undefined ? UNSET_DOUBLE : text(trailStop),
    tif: request.tif || 'DAY',
    goodTillDate: request.goodTillDate,
    goodAfterTime: request.goodAfterTime,
    ocaGroup: request.ocaGroup,
    ocaType: String(request.ocaType || OCA_TYPE_DEFAULT),
    account: request.account,
    orderRef: request.orderRef,
    parentId: String(request.parentId),
    outsideRth: fieldText(request.outsideRth),
    triggerMethod: String(request.triggerMethod),
    allOrNone: fieldText(request.allOrNone),
    minQty: fieldText(request.minQty),
    displaySize: request.displaySize === undefined ? UNSET_INT : String(request.displaySize),
    whatIf: fieldText(request.whatIf),
    clientId: String(order.clientId),
    permId: String(order.permId),
    status: order.status,
    warningText: escapeText(order.warningText),
  };
}

/** openOrder (5) of a live order. */
export function openOrder(order: OrderView, version: number): string[] {
  const fields = OPEN_ORDERS.write(version, ownValues(order), order.request.echoed);
  return [String(REPLY.OPEN_ORDER), ...fields];
}

function marginValues(result: WhatIfResult): FieldValues {
  return {
    initMarginBefore: text(result.initMarginBefore),
    maintMarginBefore: text(result.maintMarginBefore),
    equityWithLoanBefore: text(result.equityWithLoanBefore),
    initMarginChange: text(result.initMarginChange),
    maintMarginChange: text(result.maintMarginChange),
    equityWithLoanChange: text(result.equityWithLoanChange),
    initMarginAfter: text(result.initMarginAfter),
    maintMarginAfter: text(result.maintMarginAfter),
    equityWithLoanAfter: text(result.equityWithLoanAfter),
    commission: text(result.commission),
    minCommission: UNSET_DOUBLE,
    maxCommission: UNSET_DOUBLE,
    commissionCurrency: 'USD',
    warningText: escapeText(result.warningText),
  };
}

/** What is asked for a preview: an order that never becomes one, so its permId is 0. */
export interface PreviewedOrder {
  clientId: number;
  orderId: number;
  contract: ContractSpec;
  request: OrderRequest;
}

/** openOrder (5) as the answer to a what-if order. */
export function whatIfAnswer(
  order: PreviewedOrder,
  result: WhatIfResult,
  version: number,
): string[] {
  const view: OrderView = {
    ...order,
    permId: 0,
    parentPermId: 0,
    status: 'PreSubmitted',
    whyHeld: '',
    filled: ZERO,
    remaining: order.request.totalQuantity,
    avgFillPrice: ZERO,
    lastFillPrice: ZERO,
    warningText: '',
  };
  const values = { ...ownValues(view), ...marginValues(result), whatIf: '1' };
  return [String(REPLY.OPEN_ORDER), ...OPEN_ORDERS.write(version, values, order.request.echoed)];
}

/** orderStatus (3). */
export function orderStatus(order: OrderView): string[] {
  return [
    String(REPLY.ORDER_STATUS),
    String(order.orderId),
    order.status,
    text(order.filled),
    text(order.remaining),
    text(order.avgFillPrice),
    String(order.permId),
    String(order.request.parentId),
    text(order.lastFillPrice),
    String(order.clientId),
    order.whyHeld,
    '0',
  ];
}

/** completedOrder (101). */
export function completedOrder(order: OrderView, version: number): string[] {
  const atMs = order.completedTimeMs ?? 0;
  const values = {
    ...ownValues(order),
    autoCancelDate: '',
    filledQuantity: text(order.filled),
    refFuturesConId: '0',
    shareholder: SHAREHOLDER_TEXT,
    imbalanceOnly: '0',
    routeMarketableToBbo: '0',
    parentPermId: String(order.parentPermId),
    completedTime: version >= GATE.INSTRUMENT_TIME_ZONE ? zonedText(atMs) : unzonedText(atMs),
    completedStatus: order.completedStatus ?? '',
  };
  const fields = COMPLETED_ORDERS.write(version, values, order.request.echoed);
  return [String(REPLY.COMPLETED_ORDER), ...fields];
}
