/** What is on record of a burst, put side by side: decisions, reservations, and the orders that the ledger knows. */
import { decimal } from '../../domain/money.js';
import type { DecisionRow } from '../judge/decisions.js';
import type { ApprovedTrade } from '../judge/ledger-use.js';
import type { Approved } from '../judge/reserved.js';
import type { FrontDoor } from '../stack/front-door.js';

export type ApprovedOfBurst = ApprovedTrade & Approved;

/** Every trade with an approval, by its newest one, with all references that its orders may have. */
export function approvedTrades(
  decisions: readonly DecisionRow[],
  frontDoor: FrontDoor,
): ApprovedOfBurst[] {
  const newest = new Map(decisions.map((row) => [row.tradeId, row]));
  return [...newest.values()].flatMap(({ tradeId, accountId, plan, inputs }) => {
    if (plan === null) return [];
    const { quantity, reservation } = plan;
    const references = (...roles: NonNullable<Parameters<FrontDoor['referencesOf']>[1]>) =>
      new Set(frontDoor.referencesOf(tradeId, roles));
    return [
      {
        ...{ tradeId, accountId, plan, strategyId: inputs.strategy.strategyId },
        entries: references('ENTRY'),
        exits: references('STOP', 'TARGET', 'CLOSE'),
        stopReferences: references('STOP'),
        worstPrice: decimal(reservation.exposure).div(quantity),
        worstRisk: decimal(reservation.openRisk).div(quantity),
      },
    ];
  });
}
