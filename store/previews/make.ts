/** Making a preview: decided from the rows of now, kept once. Nothing is locked, reserved or sent (PRV-1). */
import type { Signal } from '../../contract/signal.js';
import type { PreviewContent } from '../../domain/preview/content.js';
import { timesOf, type PreviewLimits } from '../../domain/preview/rule.js';
import { approvalGate } from '../../domain/risk/approval.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import type { PlanDecision } from '../../domain/risk/plan.js';
import type { EpochMs, Instrument } from '../../domain/vocabulary.js';
import { around } from '../../failpoints/failpoint.js';
import { toJson, type Database } from '../database.js';
import { contextOf, type PlanSettings } from '../planning/context.js';
import { withCorrelations } from '../planning/correlations.js';
import { readPlanRows } from '../planning/read.js';
import { instrumentOf } from '../signals.js';
import { provisionally } from './provisional.js';

/** What a preview is of. */
export interface WantedPreview {
  readonly previewId: string;
  readonly userId: string;
  readonly accountId: string;
  readonly brokerAccountId: string;
  readonly connectionId: string;
  readonly signal: Signal;
  readonly instrument: Instrument;
  /** It is made to be compared with an earlier one: the signal's age was judged with that. */
  readonly isRepeated: boolean;
  /** When it was made; null: it is still to be. */
  readonly madeAtMs: EpochMs | null;
}

/** @throws when there is no such preview */
export async function loadWanted(db: Database, previewId: string): Promise<WantedPreview> {
  const row = await db.preview.findUniqueOrThrow({
    where: { id: previewId },
    include: { account: { select: { brokerAccountId: true, connectionId: true } } },
  });
  const signal = row.body as unknown as Signal;
  const { userId, accountId, madeAt, replacesId, account } = row;
  const instrument = instrumentOf(signal);
  const madeAtMs = madeAt?.getTime() ?? null;
  const isRepeated = replacesId !== null;
  return { previewId, userId, accountId, ...account, signal, instrument, isRepeated, madeAtMs };
}

/** What a plan of the signal would say now. */
export interface Foreseen {
  readonly context: PlanContext;
  readonly decision: PlanDecision;
  readonly needsApproval: boolean;
  /** By the database's clock, when the rows were read. */
  readonly atMs: EpochMs;
}

/**
 * Decides on the signal as if it had just been received, on the preview's own account.
 * @throws SignalKnownError when it was taken in meanwhile
 */
export function foresee(
  db: Database,
  settings: PlanSettings,
  { userId, signal, brokerAccountId, isRepeated }: WantedPreview,
): Promise<Foreseen> {
  const provisional = { userId, signal, defaultAccount: brokerAccountId };
  return provisionally(db, provisional, async (tx, tradeId) => {
    const nowMs = Date.now();
    const rows = await readPlanRows(tx, tradeId, nowMs);
    const loaded = contextOf(rows, settings, nowMs);
    const compared = await withCorrelations(tx, loaded, rows.account.id);
    const context = isRepeated ? ofThatAge(compared.context) : compared.context;
    const { kind } = approvalGate(context, rows.approval, rows.databaseNowMs);
    const decision = decidePlan(context);
    return { context, decision, needsApproval: kind === 'ask', atMs: rows.databaseNowMs };
  });
}

function ofThatAge(context: PlanContext): PlanContext {
  return { ...context, signal: { ...context.signal, generatedAtMs: null } };
}

/** Keeps what it shows, unless it was made before. @returns when it was made */
export async function keepPreview(
  db: Database,
  previewId: string,
  content: PreviewContent,
  made: { readonly atMs: EpochMs; readonly limits: PreviewLimits },
): Promise<EpochMs> {
  const { asShownUntilMs, expiresAtMs } = timesOf(made.atMs, made.limits);
  await around('preview.save', {}, () =>
    db.preview.updateMany({
      where: { id: previewId, madeAt: null },
      data: {
        content: toJson(content),
        madeAt: new Date(made.atMs),
        asShownUntil: new Date(asShownUntilMs),
        expiresAt: new Date(expiresAtMs),
      },
    }),
  );
  const row = await db.preview.findUniqueOrThrow({ where: { id: previewId } });
  return row.madeAt!.getTime();
}
