/** Words and numbers of the TWS API beside this system's. Used in both directions. */
import type { OrderTerms, TriggerMethod } from '../port.js';
import type { OrderType, TimeInForce } from '../../domain/vocabulary.js';

/** IBKR's numbers of the trigger methods. 0 is the default of the contract's kind. */
export const TRIGGER_METHOD_NUMBER: Readonly<Record<TriggerMethod, number>> = {
  double_bid_ask: 1,
  last: 2,
  bid_ask: 4,
  last_or_bid_ask: 7,
  midpoint: 8,
};

/** The method of a number; null for the default and for methods that this system never asks for. */
export function triggerMethodOf(number: number | undefined): TriggerMethod | null {
  const entries = Object.entries(TRIGGER_METHOD_NUMBER) as [TriggerMethod, number][];
  return entries.find(([, value]) => value === number)?.[0] ?? null;
}

const ORDER_TYPES: readonly string[] = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL'];
const TIMES_IN_FORCE: readonly string[] = ['DAY', 'GTC', 'GTD'];

export function orderTypeOf(word: string | undefined): OrderType | null {
  return word !== undefined && ORDER_TYPES.includes(word) ? (word as OrderType) : null;
}

/** IBKR reads an empty time in force as DAY. */
export function timeInForceOf(word: string | undefined): TimeInForce | null {
  const named = word === undefined || word === '' ? 'DAY' : word;
  return TIMES_IN_FORCE.includes(named) ? (named as TimeInForce) : null;
}

export function ocaTypeOf(number: number | undefined): OrderTerms['ocaType'] {
  return number === 1 || number === 2 || number === 3 ? number : null;
}

/**
 * Order ids and request ids share one number space in the API's errors, so they are kept apart:
 * order ids below, request ids from here up to the largest 32-bit integer.
 */
export const FIRST_REQUEST_ID = 1_000_000_000;
export const LAST_REQUEST_ID = 2_147_483_647;
