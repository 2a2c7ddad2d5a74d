/** Plans in the process that sends what they approve. */
import type { PlanDesk } from '../../activities/deps.js';
import type { Database } from '../../store/database.js';
import type { PlanSettings } from '../../store/planning/context.js';
import { planToSend } from '../../store/planning/plan.js';
import { foresee } from '../../store/previews/make.js';
import { Turns } from './turns.js';

/**
 * Plans at once. Those of one account wait for each other anyway, each with a connection of the pool that
 * protective claims and the inbox are served from: a burst of signals may not take all of them.
 */
const PLANS_AT_ONCE = 2;

export interface PlanDeskOptions {
  readonly db: Database;
  readonly settings: PlanSettings;
  readonly installationId: string;
  /** A change of that trade was committed, and its workflow is to be told. */
  readonly wake: (tradeId: string) => void;
}

/** Makes the desk of one link. */
export function createPlanDesk({ db, settings, installationId, wake }: PlanDeskOptions): PlanDesk {
  const turns = new Turns(PLANS_AT_ONCE);
  return {
    plan: (tradeId, final) =>
      turns.run(async () => {
        const request = { tradeId, final, installationId, nowMs: Date.now };
        const planned = await planToSend(db, settings, request);
        for (const other of planned.woken) wake(other);
        return planned;
      }),
    foresee: (wanted) => turns.run(() => foresee(db, settings, wanted)),
  };
}
