/** Reading everything a plan needs in as few statements as possible: the hot path waits for each. */
import { brokerDayStart } from '../../domain/calendar.js';
import type { Instrument } from '../../domain/vocabulary.js';
import type { Transaction } from '../database.js';
import type { TradeBook } from '../book/load.js';

const MINUTE_MS = 60_000;

export type PlanRows = Awaited<ReturnType<typeof readPlanRows>>;

/** Serialises check and reservation of one account; foreign keys to it may still be taken. */
export async function lockAccount(tx: Transaction, tradeId: string): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM accounts
     WHERE id = (SELECT account_id FROM trades WHERE id = ${tradeId}::uuid) FOR NO KEY UPDATE`;
}

/** One statement for the trade's surroundings, one for the installation. Call under the lock. */
export async function readPlanRows(tx: Transaction, book: TradeBook, nowMs: number) {
  const { id, instrument } = book.trade;
  const { symbol, securityType, exchange, currency } = instrument as unknown as Instrument;
  const listing = { symbol, securityType, exchange, currency };
  const now = new Date(nowMs);
  const inForce = { liftedAt: null, startsAt: { lte: now } };
  const approved = {
    kind: 'plan',
    verdict: 'approved',
    decidedAt: { gte: new Date(brokerDayStart(nowMs)) },
  };
  const row = await tx.trade.findUniqueOrThrow({
    where: { id },
    select: {
      signal: { select: { body: true, receivedAt: true } },
      strategy: true,
      user: {
        select: {
          pauses: { where: { ...inForce, OR: [{ endsAt: null }, { endsAt: { gt: now } }] } },
        },
      },
      account: {
        select: {
          reservations: { where: { phase: { not: 'RELEASED' } } },
          positions: { where: { quantity: { not: 0 } } },
          connection: {
            include: { contracts: { where: listing }, quotes: { where: { symbol } } },
          },
          _count: {
            select: {
              decisions: { where: approved },
              orders: { where: { createdAt: { gt: new Date(nowMs - MINUTE_MS) } } },
            },
          },
        },
      },
    },
  });
  const installation = await tx.installation.findFirstOrThrow();
  return { ...row, installation };
}
