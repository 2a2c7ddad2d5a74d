/** A preview as the broker worker makes it, from the rows that are there. */
import { checksOf, type PreviewContent } from '../../../domain/preview/content.js';
import { bracketLegs } from '../../../domain/trade/bracket.js';
import type { Database } from '../../../store/database.js';
import { foresee, keepPreview, loadWanted } from '../../../store/previews/make.js';
import { PLAN_SETTINGS } from './planned-trade.js';

const MINUTE_MS = 60_000;

export const PREVIEW_LIMITS = {
  asShownMs: 5 * MINUTE_MS,
  expiresMs: 15 * MINUTE_MS,
  priceTolerance: '0.005',
  sizeTolerance: '0.05',
};

/** Makes one that was requested. @returns when, in epoch ms */
export async function makePreview(db: Database, previewId: string): Promise<number> {
  const wanted = await loadWanted(db, previewId);
  const { context, decision, needsApproval, atMs } = await foresee(db, PLAN_SETTINGS, wanted);
  const shown = decision.verdict === 'approved' ? decision.plan : null;
  const { contract, quote, fxRate } = context;
  const { priceTolerance, sizeTolerance } = PREVIEW_LIMITS;
  const content: PreviewContent = {
    ...{ verdict: decision.verdict, checks: checksOf(decision), contract, quote, fxRate },
    ...{ sizing: decision.sizing, appliedDefaults: decision.appliedDefaults, plan: shown },
    legs: shown === null ? [] : bracketLegs(shown, 'oca-preview'),
    ...{ whatIf: null, whatIfProblem: 'not asked', needsApproval },
    ...{ priceTolerance, sizeTolerance },
  };
  return keepPreview(db, previewId, content, { atMs, limits: PREVIEW_LIMITS });
}
