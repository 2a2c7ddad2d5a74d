/** Bodies of requests, read strictly: what a form of the API has, and nothing else. */
import { decimalFromForeignNumber } from '../domain/money.js';
import type { Decimal } from '../domain/money.js';
import { refused } from './api-error.js';
import type { OrderType, Terms } from './order.js';

const ORDER_TYPES: readonly string[] = ['Market', 'Limit', 'Stop', 'StopLimit'];
const TIMES_IN_FORCE: readonly string[] = ['Day', 'GTC'];
/** The grid of prices of shares in the United States from one dollar on. */
const GRID_PLACES = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type Form = Readonly<Record<string, unknown>>;

export function formOf(body: unknown): Form {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) refused('No form was sent');
  return body as Form;
}

/** @throws ApiError 400 naming the field. */
export function termsOf(form: Form): Terms {
  const action = oneOf(form, 'action', ['BUY', 'SELL']) as Terms['action'];
  const orderType = oneOf(form, 'order_type', ORDER_TYPES) as OrderType;
  const timeInForce = oneOf(form, 'time_in_force', TIMES_IN_FORCE) as Terms['timeInForce'];
  const units = amount(form, 'units');
  if (units === null || !units.isInteger()) refused('units: fractional shares are not supported');
  const needsPrice = orderType === 'Limit' || orderType === 'StopLimit';
  const needsStop = orderType === 'Stop' || orderType === 'StopLimit';
  return {
    ...{ action, orderType, timeInForce, units },
    price: needed(form, 'price', needsPrice),
    stop: needed(form, 'stop', needsStop),
  };
}

function needed(form: Form, field: string, isNeeded: boolean): Decimal | null {
  const value = amount(form, field);
  if (!isNeeded) return null;
  if (value === null) refused(`${field}: is required for this order type`);
  if (value.decimalPlaces() > GRID_PLACES) refused(`${field}: is not on the price grid`);
  return value;
}

function amount(form: Form, field: string): Decimal | null {
  const value = form[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !(value > 0)) refused(`${field}: must be a number above zero`);
  return decimalFromForeignNumber(value);
}

function oneOf(form: Form, field: string, allowed: readonly string[]): string {
  const value = form[field];
  if (typeof value !== 'string' || !allowed.includes(value)) {
    refused(`${field}: must be one of ${allowed.join(', ')}`);
  }
  return value;
}

/** A canonical UUID, or null. */
export function clientOrderIdOf(form: Form): string | null {
  const value = form['client_order_id'];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !UUID.test(value)) {
    refused('client_order_id: must be a UUID of 36 characters');
  }
  return value;
}

export function textOf(form: Form, field: string): string {
  const value = form[field];
  if (typeof value !== 'string' || value === '') refused(`${field}: is required`);
  return value;
}
