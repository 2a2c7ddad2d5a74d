/** Asking for a preview: its row is there before anybody makes it (PRV-1). */
import { PREVIEW_WITHIN_MS } from '../../contract/preview.js';
import type { Signal } from '../../contract/signal.js';
import { Prisma, type Database, type Transaction } from '../database.js';
import { provisionally } from './provisional.js';

/** Of one user, that are not made yet: each asks the broker, whose line entries need as well. */
const UNDER_WAY_MAX = 10;
/** What nobody executed is of no use to anybody after that. */
const KEPT_DAYS = 7;
/** With each request as many at the most: the rest goes with the next. */
const DELETED_AT_ONCE = 100;

/** Too many previews are being made. */
export class PreviewsBusyError extends Error {
  override readonly name = 'PreviewsBusyError';
  constructor() {
    super(
      `${UNDER_WAY_MAX} previews are being made already: nothing was asked; try again in some seconds`,
    );
  }
}

export interface RequestedPreview {
  readonly previewId: string;
  readonly brokerAccountId: string;
  readonly symbol: string;
  readonly side: string;
}

export interface PreviewWanted {
  readonly previewId: string;
  readonly userId: string;
  readonly signal: Signal;
  readonly defaultAccount?: string | undefined;
}

/**
 * Writes down that a preview is wanted, on the account that the signal would trade on.
 * @throws SignalKnownError, NoAccountError, PreviewsBusyError
 */
export async function requestPreview(
  db: Database,
  wanted: PreviewWanted,
): Promise<RequestedPreview> {
  const { previewId, userId, signal } = wanted;
  const accountId = await provisionally(db, wanted, async (tx, tradeId) => {
    const trade = await tx.trade.findUniqueOrThrow({ where: { id: tradeId } });
    return trade.accountId;
  });
  await deleteOld(db, userId);
  return insertPreview(db, { previewId, userId, accountId, body: signal, replacesId: null });
}

interface NewPreview {
  readonly previewId: string;
  readonly userId: string;
  readonly accountId: string;
  readonly body: Signal;
  readonly replacesId: string | null;
}

/** @throws PreviewsBusyError */
export async function insertPreview(
  db: Database | Transaction,
  { previewId, userId, accountId, body, replacesId }: NewPreview,
): Promise<RequestedPreview> {
  const rows = await db.$queryRaw<{ brokerAccountId: string }[]>`
    INSERT INTO previews (id, user_id, account_id, body, replaces_id, created_at)
    SELECT ${previewId}::uuid, ${userId}::uuid, ${accountId}::uuid, ${JSON.stringify(body)}::jsonb,
           ${replacesId}::uuid, clock_timestamp()
     WHERE ${underWay(userId)} < ${UNDER_WAY_MAX}
    RETURNING (SELECT broker_account_id FROM accounts a WHERE a.id = account_id) AS "brokerAccountId"`;
  const row = rows[0];
  if (!row) throw new PreviewsBusyError();
  return { previewId, symbol: body.symbol, side: body.side, ...row };
}

/** One that nobody has made by the end of its time is made no more. */
function underWay(userId: string): Prisma.Sql {
  return Prisma.sql`(SELECT count(*) FROM previews p WHERE p.user_id = ${userId}::uuid AND p.content IS NULL
    AND p.created_at > clock_timestamp() - ${PREVIEW_WITHIN_MS} * interval '1 millisecond')`;
}

async function deleteOld(db: Database, userId: string): Promise<void> {
  await db.$executeRaw`
    DELETE FROM previews WHERE id IN (
      SELECT id FROM previews WHERE user_id = ${userId}::uuid AND trade_id IS NULL
         AND created_at < now() - ${KEPT_DAYS} * interval '1 day'
       ORDER BY created_at LIMIT ${DELETED_AT_ONCE})`;
}
