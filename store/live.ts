/** Statuses of orders that may still fill, as the database spells them. */
import { hasEnded } from '../domain/orders/table.js';
import { ORDER_STATUSES } from '../domain/vocabulary.js';

/** Those of `isLive` (domain/orders/machine.ts). */
export const LIVE_STATUSES = ORDER_STATUSES.filter((status) => !hasEnded(status));
