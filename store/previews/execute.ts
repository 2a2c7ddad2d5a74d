/**
 * Executing a preview: its trade is made under the preview's lock and bound to it by its row, so that a preview
 * becomes one trade whoever asks, and how often (PRV-2). Whether it may be sent is the plan's to say.
 */
import { randomUUID } from 'node:crypto';
import type { Signal } from '../../contract/signal.js';
import type { PreviewContent } from '../../domain/preview/content.js';
import { movedText, stepAt } from '../../domain/preview/rule.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { appendAudit } from '../audit.js';
import { Prisma, type Database, type Transaction } from '../database.js';
import { plainTransact } from '../transact.js';
import type { TradeStart } from '../trade-start.js';
import { newTrade, SignalKnownError, type NewTrade } from './provisional.js';
import { insertPreview, type RequestedPreview } from './request.js';

/** Why nothing was executed. */
export type RefusalCode =
  'PREVIEW_EXPIRED' | 'PREVIEW_DENIED' | 'PREVIEW_NOT_MADE' | 'SIGNAL_KNOWN' | 'ACCOUNT_CHANGED';

export type Execution =
  | {
      readonly kind: 'executed';
      readonly tradeId: string;
      readonly isNew: boolean;
      /** False when its workflow has not been confirmed by Temporal yet. */
      readonly isStarted: boolean;
      /** What it is started with; only given for a new one. */
      readonly start?: TradeStart;
    }
  /** A new one is to be made, and given with the next call. */
  | { readonly kind: 'compare'; readonly fresh: RequestedPreview }
  /** The new one is not about the same. */
  | { readonly kind: 'changed'; readonly freshId: string; readonly why: string }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string };

export interface ExecutionAsked {
  readonly userId: string;
  readonly previewId: string;
  readonly actor: string;
  /** Null: the database's own clock. */
  readonly nowMs: EpochMs | null;
  /** The new preview that an earlier call asked for. */
  readonly freshId?: string;
}

/**
 * Makes the preview's trade, gives the one that was made, or says what else is to be done.
 * @returns null when this user has no such preview
 */
export async function executePreview(
  db: Database,
  asked: ExecutionAsked,
): Promise<Execution | null> {
  try {
    return await plainTransact(db, (tx) => execute(tx, asked));
  } catch (error) {
    if (error instanceof SignalKnownError) return refused('SIGNAL_KNOWN', error.message);
    if (error instanceof AccountChangedError) return refused('ACCOUNT_CHANGED', error.message);
    throw error;
  }
}

/** Nothing of it is kept. */
class AccountChangedError extends Error {}

async function execute(tx: Transaction, asked: ExecutionAsked): Promise<Execution | null> {
  const row = await lockPreview(tx, asked);
  if (row === null) return null;
  const { tradeId, isStarted } = row;
  if (tradeId !== null) return { kind: 'executed', tradeId, isNew: false, isStarted };
  const { content, times } = row;
  if (content === null || times === null) {
    return refused('PREVIEW_NOT_MADE', 'nobody could make it: ask for a new one');
  }
  const step = stepAt(times, asked.nowMs ?? row.databaseNowMs);
  if (step === 'refuse') {
    const at = new Date(times.expiresAtMs).toISOString();
    return refused('PREVIEW_EXPIRED', `it expired at ${at}: ask for a new one`);
  }
  if (content.plan === null) {
    return refused('PREVIEW_DENIED', `it was denied: ${failedCodes(content)}`);
  }
  if (step === 'compare') {
    const { freshId } = asked;
    if (freshId === undefined) return { kind: 'compare', fresh: await freshOf(tx, row, asked) };
    const changed = await changedSince(tx, row, content, { freshId, previewId: asked.previewId });
    if (changed !== null) return changed;
  }
  return { kind: 'executed', ...(await makeTrade(tx, row, asked)), isNew: true, isStarted: false };
}

function refused(code: RefusalCode, reason: string): Execution {
  return { kind: 'refused', code, reason };
}

function failedCodes({ checks }: PreviewContent): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  return failed.map(({ code }) => code).join(', ');
}

interface PreviewRow {
  readonly body: Signal;
  readonly accountId: string;
  readonly brokerAccountId: string;
  readonly tradeId: string | null;
  readonly isStarted: boolean;
  readonly content: PreviewContent | null;
  readonly times: { readonly asShownUntilMs: EpochMs; readonly expiresAtMs: EpochMs } | null;
  readonly databaseNowMs: EpochMs;
}

async function lockPreview(
  tx: Transaction,
  { previewId, userId }: ExecutionAsked,
): Promise<PreviewRow | null> {
  const rows = await tx.$queryRaw<PreviewRow[]>`
    SELECT p.body, p.account_id AS "accountId", a.broker_account_id AS "brokerAccountId",
           p.trade_id AS "tradeId", p.content, EXISTS (SELECT 1 FROM trades t
             WHERE t.id = p.trade_id AND t.started_at IS NOT NULL) AS "isStarted", ${TIMES} AS times,
           ${epochMs('clock_timestamp()')} AS "databaseNowMs"
      FROM previews p JOIN accounts a ON a.id = p.account_id
     WHERE p.id = ${previewId}::uuid AND p.user_id = ${userId}::uuid FOR UPDATE OF p`;
  return rows[0] ?? null;
}

function epochMs(column: string): Prisma.Sql {
  return Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);
}

const TIMES = Prisma.sql`CASE WHEN p.made_at IS NOT NULL THEN jsonb_build_object(
  'asShownUntilMs', ${epochMs('p.as_shown_until')}, 'expiresAtMs', ${epochMs('p.expires_at')}) END`;

/** A new preview that is that young shows the market of now: whoever asks beside somebody else is given theirs. */
const SHARED_MS = 10_000;

/** The new preview to compare with: one for all who execute the old one at once. */
async function freshOf(
  tx: Transaction,
  { body, accountId }: PreviewRow,
  { previewId: replacesId, userId }: ExecutionAsked,
): Promise<RequestedPreview> {
  const rows = await tx.$queryRaw<RequestedPreview[]>`
    SELECT p.id AS "previewId", a.broker_account_id AS "brokerAccountId",
           p.body->>'symbol' AS symbol, p.body->>'side' AS side
      FROM previews p JOIN accounts a ON a.id = p.account_id
     WHERE p.replaces_id = ${replacesId}::uuid
       AND p.created_at > clock_timestamp() - ${SHARED_MS} * interval '1 millisecond'
     ORDER BY p.created_at DESC LIMIT 1`;
  if (rows[0]) return rows[0];
  return insertPreview(tx, { previewId: randomUUID(), userId, accountId, body, replacesId });
}

/** A comparison with a market of longer ago compares nothing. */
const FRESH_MAX_MS = 60_000;

/** Null when the new one is about the same. */
async function changedSince(
  tx: Transaction,
  { databaseNowMs }: PreviewRow,
  shown: PreviewContent,
  { freshId, previewId }: { readonly freshId: string; readonly previewId: string },
): Promise<Execution | null> {
  const fresh = await tx.preview.findFirst({ where: { id: freshId, replacesId: previewId } });
  const content = fresh?.content as unknown as PreviewContent | null | undefined;
  if (!fresh?.madeAt || !content || databaseNowMs - fresh.madeAt.getTime() > FRESH_MAX_MS) {
    const reason = 'no new preview could be made to compare it with: nothing was sent; try again';
    return refused('PREVIEW_NOT_MADE', reason);
  }
  const why =
    content.plan === null
      ? `a new preview is denied: ${failedCodes(content)}`
      : movedText(shown.plan!, content.plan, shown);
  return why === null ? null : { kind: 'changed', freshId, why };
}

/** The signal, its trade and what binds them to the preview; the sweep starts the workflow if nobody does. */
async function makeTrade(
  tx: Transaction,
  { body, accountId, brokerAccountId }: PreviewRow,
  { userId, previewId, actor }: ExecutionAsked,
): Promise<NewTrade> {
  const made = await newTrade(tx, userId, body, brokerAccountId);
  const { tradeId } = made;
  const trade = await tx.trade.findUniqueOrThrow({ where: { id: tradeId } });
  if (trade.accountId !== accountId) {
    const told = `strategy ${body.strategy_id} trades on another account than ${brokerAccountId} now`;
    throw new AccountChangedError(`${told}: ask for a new preview`);
  }
  const summary = `executes preview ${previewId}, by ${actor}`;
  await tx.tradeEvent.create({
    data: { userId, tradeId, kind: 'preview', summary, detail: { preview_id: previewId } },
  });
  await tx.$executeRaw`
    UPDATE previews SET trade_id = ${tradeId}::uuid, executed_at = clock_timestamp()
     WHERE id = ${previewId}::uuid`;
  const subject = `preview ${previewId}`;
  await appendAudit(tx, {
    ...{ userId, actor, action: 'preview_execute', subject },
    body: { trade_id: tradeId },
  });
  return made;
}
