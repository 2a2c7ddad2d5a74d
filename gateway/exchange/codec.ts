/**
 * The exchange's records as JSON and back. Decimals write themselves as text (`Decimal.toJSON`); each
 * reader here takes what `JSON.parse` gave, typed as what it was, and makes the named fields decimals
 * again.
 */
import { decimal } from '../../domain/money.js';
import type { OrderRequest } from './api.js';
import type { ExecutionRecord } from './executions.js';
import type { Order } from './orders.js';
import type { Position } from './positions.js';
import type { Account, QuoteUse } from './state.js';

const REQUEST_DECIMALS = [
  'totalQuantity',
  'lmtPrice',
  'auxPrice',
  'trailStopPrice',
  'trailingPercent',
  'minQty',
] as const;
const ORDER_DECIMALS = [
  'minTick',
  'wanted',
  'ocaCut',
  'filled',
  'value',
  'lastFillPrice',
  'commissionCharged',
  'trailStop',
] as const;
const POSITION_DECIMALS = [
  'quantity',
  'cost',
  'realizedToday',
  'dayStartValue',
  'flowToday',
] as const;

/** A copy whose named fields, where they are set, are decimals. */
function revive<Type extends object>(plain: Type, fields: readonly (keyof Type)[]): Type {
  const revived = { ...plain } as Record<PropertyKey, unknown>;
  for (const field of fields) {
    const value = revived[field];
    if (typeof value === 'string') revived[field] = decimal(value);
  }
  return revived as Type;
}

/** An order as written: without what never changes, unless `whole`. Infinity becomes null. */
export function orderRecord(order: Order, whole: boolean): Partial<Order> {
  if (whole) return order;
  const { request: _request, contract: _contract, minTick: _minTick, ...rest } = order;
  return rest;
}

/** Reads an order, or the changed part of one that is known. */
export function readOrder(plain: Order, known: Order | undefined): Order {
  const order = revive<Order>(plain, ORDER_DECIMALS);
  // JSON leaves out undefined fields; without them an older value would live on.
  const blank = { trailStop: undefined, completedTimeMs: undefined, completedStatus: undefined };
  if (plain.request) order.request = revive<OrderRequest>(plain.request, REQUEST_DECIMALS);
  order.expiresMs ??= Infinity;
  return Object.assign(known ?? ({} as Order), blank, order);
}

export function readPosition(plain: Position): Position {
  return revive<Position>(plain, POSITION_DECIMALS);
}

export function readAccount(plain: Account): Account {
  return revive<Account>(plain, ['cash', 'dayStartNetLiquidation']);
}

export function readQuoteUse(plain: QuoteUse): QuoteUse {
  return revive<QuoteUse>(plain, ['bidUsed', 'askUsed']);
}

export function readExecution(plain: ExecutionRecord): ExecutionRecord {
  const record = revive<ExecutionRecord>(plain, ['closed', 'opened']);
  return {
    ...record,
    execution: revive(plain.execution, ['shares', 'price', 'cumQty', 'avgPrice']),
    commission: revive(plain.commission, ['commission', 'realizedPnl']),
  };
}
