/**
 * Everything that is read for people and programs, as the views of the contract. Rows and their types stay
 * behind it; every function takes the user whose rows it may see.
 */
export { listApprovals } from './reads/approvals.js';
export { listAttention, listPauses } from './reads/attention.js';
export { eventMark, listEvents, type EventMark } from './reads/events.js';
export { listUsed, standings } from './reads/account-use.js';
export { metricsNow, type MetricRow } from './reads/metrics-now.js';
export {
  filledToStop,
  metricsEver,
  sentToAcknowledged,
  signalToSent,
} from './reads/metrics-ever.js';
export { linkStates, listAccounts, listConnections, type LinkState } from './reads/health.js';
export {
  listChannels,
  listNotifications,
  loadNotification,
  type NotificationFilter,
} from './reads/notifications.js';
export { findHook, listHooks } from './reads/hooks.js';
export { listOpen } from './reads/open.js';
export { listOrders, loadOrder } from './reads/order-list.js';
export { listReconciliations, loadReconciliation } from './reads/reconciliation.js';
export { listPositions } from './reads/positions.js';
export { barsOfTrade } from './price-bars.js';
export { loadPreview } from './reads/preview.js';
export { listSessions } from './reads/sessions.js';
export { listSignals, tradeOfSignal } from './reads/signals.js';
export { listStrategies } from './reads/strategies.js';
export { findTrade, isTradeOf, loadTrade } from './reads/trade.js';
export { countTrades, listTrades } from './reads/trades.js';
