/** What IBKR can do, and what its lists can prove, as data for callers that know no broker. */
import type { BrokerCapabilities } from '../port.js';

const MINUTES_PER_HOUR = 60;

export const CAPABILITIES: BrokerCapabilities = {
  orderTypes: ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL'],
  nativeBrackets: true,
  ocaGroups: true,
  modifyOrders: true,
  whatIf: true,
  goodTillDate: true,
  streamingQuotes: true,
  commissions: true,
  // Executions and completed orders are of today, and the servers restart around midnight in New York.
  day: {
    zone: 'America/New_York',
    resetFromMinute: 23 * MINUTES_PER_HOUR + 40,
    resetToMinute: 45,
  },
  // From one o'clock on Sunday a full login, with a second factor, is asked for.
  weeklyLogin: { weekday: 0, fromMinute: MINUTES_PER_HOUR },
  // What a session that died had written may show this late; the second look catches what moved.
  absence: { settleMs: 15_000, betweenReadsMs: 2_000 },
};
