/**
 * Everything that is read for people and programs, as one vocabulary: snake_case JSON, decimals as text,
 * instants as ISO 8601 in UTC. Rows and their types stay behind it; every function takes the user whose
 * rows it may see.
 */
export { listAccounts, listConnections } from './reads/health.js';
export type { AccountView, ConnectionView } from './reads/health.js';
export type { ExecutionView, IncarnationView, OrderView } from './reads/orders.js';
export { listPositions } from './reads/positions.js';
export type { PositionTrade, PositionView } from './reads/positions.js';
export type { Json, JsonObject } from './reads/shape.js';
export { findTrade, loadTrade } from './reads/trade.js';
export type {
  CommandView,
  DecisionView,
  FindingView,
  PlanView,
  SizingView,
  TimelineEntry,
  TradeDetail,
  TradeMatch,
} from './reads/trade.js';
export { ENDED_STATES, hasEnded, listTrades, STATUS_FILTERS } from './reads/trades.js';
export type { StatusFilter, TradeFilter, TradeSummary } from './reads/trades.js';
