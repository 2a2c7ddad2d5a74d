/** What the gateway tells of itself: errors and notices, ids, times, ends of order listings. */
import { escapeText, fieldText } from './fields.js';
import { REPLY } from './message-ids.js';
import { GATE } from './versions.js';

/** Id of notices that belong to no request. */
export const NO_ID = -1;
/** Longer texts are cut: clients show them in one line. */
const ERROR_CHARS_MAX = 2000;

/** error (4); `id` is a request's, an order's, or -1. */
export function error(id: number, code: number, message: string, version: number): string[] {
  const fields = [REPLY.ERROR, 2, id, code, escapeText(message.slice(0, ERROR_CHARS_MAX))];
  if (version >= GATE.ADVANCED_REJECT) fields.push('');
  return fields.map(fieldText);
}

/** nextValidId (9). */
export function nextValidId(orderId: number): string[] {
  return [REPLY.NEXT_VALID_ID, 1, orderId].map(fieldText);
}

/** currentTime (49), in whole seconds. */
export function currentTime(atMs: number): string[] {
  return [REPLY.CURRENT_TIME, 1, Math.floor(atMs / 1000)].map(fieldText);
}

/** openOrderEnd (53). */
export function openOrdersEnd(): string[] {
  return [REPLY.OPEN_ORDERS_END, 1].map(fieldText);
}

/** completedOrdersEnd (102). */
export function completedOrdersEnd(): string[] {
  return [REPLY.COMPLETED_ORDERS_END].map(fieldText);
}
