/** placeOrder as the exchange understands it, and the fields it only echoes. */
import type { Action, ContractQuery, OrderRequest } from '../exchange/api.js';
import { ZERO } from '../../domain/money.js';
import { FieldError, isUnset, readBool, readDecimal, readInt } from './fields.js';
import type { FieldReader } from './fields.js';
import { readLayout } from './layout.js';
import type { FieldValues } from './layout.js';
import { PLACE_ORDER } from './order-layouts.js';

/** Fields that `OrderRequest` has under their own names; all others that are set are echoed. */
const INTERPRETED = new Set([
  'orderId',
  'conId',
  'symbol',
  'secType',
  'exchange',
  'primaryExchange',
  'currency',
  'localSymbol',
  'tradingClass',
  'action',
  'totalQuantity',
  'orderType',
  'lmtPrice',
  'auxPrice',
  'trailStopPrice',
  'trailingPercent',
  'tif',
  'goodTillDate',
  'goodAfterTime',
  'ocaGroup',
  'ocaType',
  'account',
  'orderRef',
  'transmit',
  'parentId',
  'outsideRth',
  'triggerMethod',
  'allOrNone',
  'minQty',
  'displaySize',
  'whatIf',
  'sharesAllocation',
]);

/** Longer texts than any field of an order has in IBKR's own limits. */
const TEXT_CHARS_MAX = 1000;

/** A placeOrder that could be read. */
export interface PlacedOrder {
  orderId: number;
  request: OrderRequest;
}

/** The contract fields of a request, unset ones left out. */
export function readContract(values: FieldValues): ContractQuery {
  const contract: ContractQuery = {};
  const conId = readInt(values['conId'] ?? '', 'conId');
  if (conId !== 0) contract.conId = conId;
  const names = [
    'symbol',
    'secType',
    'exchange',
    'primaryExchange',
    'currency',
    'localSymbol',
    'tradingClass',
    'secIdType',
    'secId',
  ] as const;
  for (const name of names) {
    const value = values[name];
    if (value) contract[name] = value;
  }
  return contract;
}

function readAction(value: string): Action {
  const action = value.toUpperCase();
  if (action === 'BUY' || action === 'SELL') return action;
  // Short-sale variants of institutional accounts trade as sells here.
  if (action === 'SSHORT' || action === 'SSHORTX' || action === 'SLONG') return 'SELL';
  throw new FieldError('action', value);
}

function echoedFields(values: FieldValues): Record<string, string> {
  const echoed: Record<string, string> = {};
  for (const name in values) {
    const value = values[name];
    // Most fields of most orders are empty.
    if (!value || INTERPRETED.has(name) || isUnset(value)) continue;
    if (value.length > TEXT_CHARS_MAX) throw new FieldError(name, value);
    echoed[name] = value;
  }
  return echoed;
}

function toRequest(values: FieldValues): OrderRequest {
  const text = (name: string): string => {
    const value = values[name] ?? '';
    if (value.length > TEXT_CHARS_MAX) throw new FieldError(name, value);
    return value;
  };
  const price = (name: string) => readDecimal(text(name), name);
  const int = (name: string) => readInt(text(name), name);
  const bool = (name: string) => readBool(text(name), name);
  const optional = <T>(name: string, value: T | undefined) =>
    value === undefined ? {} : { [name]: value };
  return {
    contract: readContract(values),
    action: readAction(text('action')),
    totalQuantity: price('totalQuantity') ?? ZERO,
    orderType: text('orderType'),
    ...optional('lmtPrice', price('lmtPrice')),
    ...optional('auxPrice', price('auxPrice')),
    ...optional('trailStopPrice', price('trailStopPrice')),
    ...optional('trailingPercent', price('trailingPercent')),
    tif: text('tif'),
    goodTillDate: text('goodTillDate'),
    goodAfterTime: text('goodAfterTime'),
    ocaGroup: text('ocaGroup'),
    ocaType: int('ocaType'),
    account: text('account'),
    orderRef: text('orderRef'),
    transmit: bool('transmit'),
    parentId: int('parentId'),
    outsideRth: bool('outsideRth'),
    triggerMethod: int('triggerMethod'),
    allOrNone: bool('allOrNone'),
    ...optional('minQty', price('minQty')),
    ...optional('displaySize', int('displaySize') || undefined),
    whatIf: bool('whatIf'),
    echoed: echoedFields(values),
  };
}

/**
 * Reads a placeOrder message (its id already taken) of a server version.
 * @throws FieldError naming the field that can't be read.
 */
export function readPlaceOrder(reader: FieldReader, version: number): PlacedOrder {
  const values = readLayout(PLACE_ORDER, version, reader);
  const orderId = readInt(values['orderId'] ?? '', 'orderId', -1);
  return { orderId, request: toRequest(values) };
}
