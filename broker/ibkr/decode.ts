/** What the TWS API calls back, in this system's words. Pure: what is remembered is in order-memory.ts. */
import { OrderAction } from '@stoqey/ib';
import type { CommissionReport as ApiCommission, Contract, ContractDetails } from '@stoqey/ib';
import type { Execution, Order, OrderState } from '@stoqey/ib';
import { executionParts } from '../../domain/broker/execution-id.js';
import { decimal, decimalFromForeignNumber, text } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { EpochMs, Instrument, Side } from '../../domain/vocabulary.js';
import type {
  BrokerPosition,
  CommissionReport,
  ContractInfo,
  ExecutionReport,
  OrderTerms,
  WhatIfReport,
} from '../port.js';
import { parseApiTime } from './api-time.js';
import { readHours } from './hours.js';
import { ocaTypeOf, orderTypeOf, timeInForceOf, triggerMethodOf } from './words.js';

/** Beyond any price or amount: what is above stands for "unset" in one of the API's spellings. */
const UNSET_FROM = 1e300;

/** A number of the API as decimal text; null for its many ways to say "unset". */
export function numberText(value: number | undefined | null): DecimalText | null {
  if (value === undefined || value === null || !Number.isFinite(value)) return null;
  if (Math.abs(value) >= UNSET_FROM) return null;
  return text(decimalFromForeignNumber(value));
}

/** The same, where a missing number means none: `"0"`. */
export function quantityText(value: number | undefined): DecimalText {
  return numberText(value) ?? '0';
}

/** The account-wide durable id; 0 and missing are null. */
export function brokerOrderIdOf(permId: number | undefined): string | null {
  return permId === undefined || permId <= 0 ? null : String(permId);
}

/** Terms as read back; null for orders whose kind this system has no words for. */
export function decodeTerms(order: Order): OrderTerms | null {
  const orderType = orderTypeOf(order.orderType);
  const timeInForce = timeInForceOf(order.tif);
  if (!orderType || !timeInForce) return null;
  const ocaGroup = order.ocaGroup || null;
  const trails = orderType === 'TRAIL';
  const percent = trails ? positiveText(order.trailingPercent) : null;
  const stops = orderType === 'STP' || orderType === 'STP LMT';
  return {
    side: order.action === OrderAction.BUY ? 'BUY' : 'SELL',
    orderType,
    quantity: quantityText(order.totalQuantity),
    limitPrice: orderType.endsWith('LMT') ? numberText(order.lmtPrice) : null,
    stopPrice: stops
      ? numberText(order.auxPrice)
      : trails
        ? numberText(order.trailStopPrice)
        : null,
    trailAmount: trails && percent === null ? positiveText(order.auxPrice) : null,
    trailFraction: percent === null ? null : text(decimal(percent).div(100)),
    timeInForce,
    goodTillMs: timeInForce === 'GTD' ? parseApiTime(order.goodTillDate ?? '', 'UTC') : null,
    outsideRegularHours: order.outsideRth === true,
    ocaGroup,
    ocaType: ocaGroup === null ? null : ocaTypeOf(order.ocaType),
    triggerMethod: triggerMethodOf(order.triggerMethod),
  };
}

function positiveText(value: number | undefined): DecimalText | null {
  const read = numberText(value);
  return read !== null && decimal(read).gt(0) ? read : null;
}

/** An execution without its client order id; null when the message lacks what makes it one. */
export function decodeExecution(
  contract: Contract,
  execution: Execution,
  executedAtMs: EpochMs,
): Omit<ExecutionReport, 'clientOrderId'> | null {
  const quantity = numberText(execution.shares);
  const price = numberText(execution.price);
  const side = sideOfExecution(execution.side);
  if (!execution.execId || !quantity || !price || !side) return null;
  const { key, correction } = executionParts(execution.execId);
  return {
    executionId: execution.execId,
    executionKey: key,
    correction,
    brokerOrderId: brokerOrderIdOf(execution.permId),
    sessionOrderId: execution.orderId ?? 0,
    sessionClientId: execution.clientId ?? -1,
    account: execution.acctNumber ?? '',
    symbol: contract.symbol ?? '',
    brokerContractId: contract.conId ?? 0,
    side,
    quantity,
    price,
    executedAtMs,
  };
}

/** Executions say BOT and SLD where orders say BUY and SELL. */
function sideOfExecution(word: string | undefined): Side | null {
  if (word === 'BOT' || word === 'BUY') return 'BUY';
  return word === 'SLD' || word === 'SELL' ? 'SELL' : null;
}

/** A commission without its account, which it doesn't name; null without an execution or an amount. */
export function decodeCommission(report: ApiCommission): Omit<CommissionReport, 'account'> | null {
  const commission = numberText(report.commission);
  if (!report.execId || commission === null) return null;
  return {
    executionId: report.execId,
    commission,
    currency: report.currency ?? '',
    brokerRealizedPnl: numberText(report.realizedPNL),
  };
}

export function decodePosition(
  account: string,
  contract: Contract,
  position: number | undefined,
  averageCost: number | undefined,
): BrokerPosition {
  return {
    account,
    symbol: contract.symbol ?? '',
    securityType: contract.secType ?? '',
    brokerContractId: contract.conId ?? 0,
    quantity: quantityText(position),
    averageCost: quantityText(averageCost),
  };
}

/** What contract details say; the exchange asked for stays (TWS names it back as asked). */
export function decodeContract(asked: Instrument, details: ContractDetails): ContractInfo {
  const { contract, timeZoneId = '', tradingHours = '', liquidHours = '' } = details;
  const read = readHours({ timeZoneId, tradingHours, liquidHours });
  return {
    instrument: {
      symbol: contract.symbol ?? asked.symbol,
      securityType: contract.secType ?? asked.securityType,
      exchange: asked.exchange,
      currency: contract.currency ?? asked.currency,
      brokerContractId: contract.conId ?? 0,
    },
    longName: details.longName ?? '',
    industry: details.industry ?? '',
    primaryExchange: contract.primaryExch ?? '',
    priceIncrement: positiveText(details.minTick) ?? '0.01',
    sizeIncrement: positiveText(details.sizeIncrement) ?? '1',
    hours: read.hours,
    hoursProblem: read.problem,
  };
}

export function decodeWhatIf(state: OrderState): WhatIfReport {
  return {
    initialMarginChange: numberText(state.initMarginChange),
    maintenanceMarginChange: numberText(state.maintMarginChange),
    equityWithLoanAfter: numberText(state.equityWithLoanAfter),
    commission: numberText(state.commission),
    commissionCurrency: state.commissionCurrency ?? '',
    warningText: state.warningText ?? '',
  };
}

/** The broker's clock from its answer in whole seconds. */
export function brokerTimeOf(seconds: number): EpochMs {
  return seconds * 1_000;
}
