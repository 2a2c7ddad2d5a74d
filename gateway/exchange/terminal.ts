/**
 * What a person has set in the terminal's own windows, and what it refuses for that, before the broker hears of
 * the order. A restart takes it back.
 */
import type { Decimal } from '../../domain/money.js';
import type { OrderRequest } from './api.js';
import { invalidRequest, sizeAboveLimit } from './codes.js';
import type { CodedError } from './codes.js';

export interface TerminalSettings {
  /** *Read-Only API*: no order is taken. */
  readOnly: boolean;
  /** The size limit of its order precautions; null: none, or they are bypassed for the API. */
  orderSizeMax: Decimal | null;
}

/** As a terminal is that was set up for trading. */
export function openTerminal(): TerminalSettings {
  return { readOnly: false, orderSizeMax: null };
}

/** Why the terminal takes no such order, new or changed. */
export function terminalRefusal(
  { readOnly, orderSizeMax }: TerminalSettings,
  { totalQuantity, action, contract }: OrderRequest,
): CodedError | undefined {
  if (readOnly) return invalidRequest('The API interface is currently in Read-Only mode.');
  if (orderSizeMax === null || totalQuantity.lte(orderSizeMax)) return undefined;
  return sizeAboveLimit(action, totalQuantity, contract.symbol ?? '', orderSizeMax);
}
