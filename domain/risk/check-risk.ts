/** All checks of RSK-1 that need only the signal, the market, the account and this system's books. */
import * as book from './check-book.js';
import { brokerCan } from './check-broker.js';
import * as correlation from './check-correlation.js';
import * as market from './check-market.js';
import * as sector from './check-sector.js';
import * as signal from './check-signal.js';
import * as size from './check-size.js';
import * as switches from './check-switches.js';
import type { Check, RiskContext } from './check.js';
import { inRegistryOrder, type Finding } from './finding.js';
import { withoutLinkCodes } from './outage.js';
import { notOvertaken } from './overtaken.js';

export const CHECKS: readonly Check[] = [
  switches.tradingEnabled,
  switches.notHalted,
  switches.notReducing,
  switches.notPaused,
  switches.notLocked,
  switches.accountAllowed,
  switches.settingsSound,
  switches.notReadOnly,
  switches.brokerReady,
  switches.clockRight,
  switches.ordersNotTooFast,
  market.contractKnown,
  market.marketOpen,
  market.notHaltedSymbol,
  market.quoteUsable,
  market.priceNear,
  signal.hasStop,
  signal.hasLimit,
  signal.notStale,
  signal.notExpired,
  notOvertaken,
  signal.stopProtects,
  signal.targetGains,
  signal.rewardEnough,
  brokerCan,
  book.notOpposite,
  book.notDuplicate,
  book.noNettingConflict,
  book.shortAllowed,
  book.positionsNotTooMany,
  book.tradesNotTooMany,
  book.dayNotLost,
  sector.sectorKnown,
  sector.sectorNotTooLarge,
  correlation.correlatedNotTooLarge,
  book.valuesFresh,
  book.currencyConvertible,
  size.capsHold,
  size.sizeEnough,
  size.liquidityKept,
];

/** Every failed check with what was measured and its limit, in the registry's order. */
export function checkRisk(context: RiskContext): Finding[] {
  const findings = CHECKS.flatMap((check) => check(context));
  return inRegistryOrder(withoutLinkCodes(context.plan, findings));
}
