/** Statuses of orders that may still fill, as the database spells them. */
import type { OrderStatus } from '../domain/vocabulary.js';

/** Those of `isLive` (domain/orders/machine.ts). */
export const LIVE_STATUSES: OrderStatus[] = [
  'PENDING',
  'ACCEPTED',
  'HELD',
  'PARTIAL',
  'CANCEL_PENDING',
  'UNKNOWN',
];
