/** What SnapTrade can do for an account at any of its brokerages, and what its lists can prove. */
import type { BrokerCapabilities } from '../port.js';

export const CAPABILITIES: BrokerCapabilities = {
  orderTypes: ['MKT', 'LMT', 'STP', 'STP LMT'],
  // Complex orders exist at some brokerages only, and a part-filled trigger leaves its shares without an exit.
  nativeBrackets: false,
  ocaGroups: false,
  modifyOrders: true,
  whatIf: true,
  // At some brokerages only.
  goodTillDate: false,
  // Quotes are asked for one by one, and seldom: SnapTrade disables keys that poll them.
  streamingQuotes: false,
  commissions: false,
  // SnapTrade names no nightly reset; what is proven of a day is proven on that day alone.
  day: { zone: 'America/New_York', resetFromMinute: 0, resetToMinute: 0 },
  // A person logs in again whenever the brokerage asks for it, on no day of its own.
  weeklyLogin: null,
  // A request that was given up may still be on its way through SnapTrade and the brokerage.
  absence: { settleMs: 30_000, betweenReadsMs: 2_000 },
};
