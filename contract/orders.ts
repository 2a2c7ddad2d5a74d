/** The terms of an order, under their former place. */
export type { OrderTerms, TriggerMethod } from '../domain/orders/terms.js';
