/**
 * The sector limit: what the account's trades of one industry may be worth together. A sector is the industry that the
 * broker names for a contract; those for which it names none are one together. A trade whose sector nobody knows
 * counts in each: it may be of it.
 */
import { decimal, moneyText, text } from '../money.js';
import type { Check } from './check.js';
import type { OpenReservation, PlanContext } from './context.js';
import { grossOf, largestText, wantedValue } from './exposure.js';
import { finding, type Finding } from './finding.js';
import { otherReservations } from './funds.js';

const none: readonly Finding[] = [];

/** The candidate's sector must have been told, and not too long ago. */
export const sectorKnown: Check = ({ plan }) => {
  const { contract, limits, nowMs } = plan;
  if (!limits.maxSectorExposurePct || contract.kind !== 'known') return none;
  if (sectorOf(plan) !== null) return none;
  const { symbol } = contract.instrument;
  const age = contract.sector ? `told ${nowMs - contract.sector.atMs} ms ago` : 'not told';
  const limit = `the contract's industry at most ${limits.sectorMaxAgeMs} ms old`;
  return [finding('DATA_UNAVAILABLE', `${symbol}: ${age}`, limit)];
};

export const sectorNotTooLarge: Check = (context) => {
  const { plan } = context;
  const share = plan.limits.maxSectorExposurePct;
  const { values } = plan.account;
  const sector = sectorOf(plan);
  const wanted = wantedValue(context);
  if (!share || values === null || sector === null || wanted === null) return none;
  const others = otherReservations(plan).filter((trade) => isOfSector(trade, sector));
  const total = wanted.add(grossOf(others));
  const allowed = decimal(values.netLiquidation).mul(decimal(share));
  if (total.lte(allowed)) return none;
  const held = largestText(others, tradeText);
  const beside = held === '' ? '' : ` with ${held}`;
  const measured = `${moneyText(total)} in ${sectorName(sector)}${beside}`;
  const limit = `at most ${text(allowed)} (${share} of ${values.netLiquidation})`;
  return [finding('SECTOR_EXPOSURE', measured, limit)];
};

/** As the broker told it within its age; null when it isn't known so. */
export function sectorOf({
  contract,
  limits,
  nowMs,
}: Pick<PlanContext, 'contract' | 'limits' | 'nowMs'>): string | null {
  if (contract.kind !== 'known' || !contract.sector) return null;
  return nowMs - contract.sector.atMs > limits.sectorMaxAgeMs ? null : contract.sector.name;
}

function isOfSector({ sector }: OpenReservation, name: string): boolean {
  return sector === undefined || sector === null || sector === name;
}

function tradeText({ symbol, exposure, sector }: OpenReservation): string {
  const unknown = sector === undefined || sector === null ? ' (sector not known)' : '';
  return `${symbol} ${moneyText(decimal(exposure))}${unknown}`;
}

function sectorName(name: string): string {
  return name === '' ? 'contracts without an industry' : name;
}
