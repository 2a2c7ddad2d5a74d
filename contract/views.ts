/**
 * The one vocabulary of everything that is read, by people and programs: snake_case, decimals as text,
 * instants as ISO 8601 in UTC. Every surface prints these.
 */
export type * from './views/approvals.js';
export type * from './views/attention.js';
export type * from './views/cash.js';
export type * from './views/events.js';
export type * from './views/flatten.js';
export type * from './views/health.js';
export type * from './views/hooks.js';
export type * from './views/json.js';
export type * from './views/limits.js';
export type * from './views/notifications.js';
export type * from './views/now.js';
export type * from './views/orders.js';
export type * from './views/positions.js';
export type * from './views/preview.js';
export type * from './views/price-bars.js';
export type * from './views/schedules.js';
export * from './views/sessions.js';
export type * from './views/signals.js';
export type * from './views/statement.js';
export type * from './views/reconciliation.js';
export type * from './views/strategies.js';
export type * from './views/switches.js';
export type * from './views/trade.js';
export * from './views/trades.js';
