/** The trade worker's local activities: one database transaction each, all idempotent by trade id. */
import type { LocalActivities } from '../contract/activities.js';
import { decideApproval } from '../store/approvals.js';
import type { Database } from '../store/database.js';
import { recordCommand } from '../store/commands.js';
import type { PlanSettings } from '../store/planning/context.js';
import { planToSend } from '../store/planning/plan.js';
import { withdrawEntry } from '../store/settlement.js';

export interface PlanDeps {
  readonly db: Database;
  readonly settings: PlanSettings;
  readonly installationId: string;
  readonly nowMs: () => number;
  /** A change of that trade was committed, and its workflow is to be told at once; never fails. */
  readonly wake: (tradeId: string) => void;
}

/** Makes the local activities of a trade worker. */
export function createLocalActivities({
  db,
  settings,
  installationId,
  nowMs,
  wake,
}: PlanDeps): LocalActivities {
  return {
    plan: async (input) => {
      const request = { ...input, installationId, nowMs };
      const { outcome, woken } = await planToSend(db, settings, request);
      for (const tradeId of woken) wake(tradeId);
      return outcome.kind === 'parked' ? { ...outcome, endsOnCancel: true } : outcome;
    },
    decideApproval: (request) => decideApproval(db, request, nowMs()),
    recordCommand: (request) =>
      recordCommand(db, request, {
        ...{ nowMs: nowMs(), limits: settings.limits },
        isHalted: settings.switches().haltFile,
      }),
    withdrawEntry: ({ tradeId }) => withdrawEntry(db, tradeId, nowMs()),
  };
}
