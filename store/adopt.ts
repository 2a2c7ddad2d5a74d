/** Finding whose an order is that the database lost, and taking exits into their trades' books (REC-3). */
import { randomUUID } from 'node:crypto';
import { isOwnReference } from '../domain/ids.js';
import { text } from '../domain/money.js';
import { adoptExit, placesAhead, type Place, type Sighting } from '../domain/trade/adopt.js';
import { signed } from '../domain/trade/executions.js';
import { applyFact } from '../domain/trade/fact.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { changeBook, type Changed } from './book/change.js';
import { loadBook } from './book/load.js';
import type { Database, Transaction } from './database.js';
import { lockPosition, movePosition } from './positions.js';
import { referenceOf } from './reference.js';
import { transact } from './transact.js';

/** An order of this installation that has no row. */
export interface LostOrder extends Sighting {
  readonly clientOrderId: string;
  readonly account: string;
  readonly brokerContractId: number | null;
}

export interface AdoptedExit {
  readonly clientOrderId: string;
  readonly legId: string;
  readonly changed: Changed;
}

export interface Adopting {
  readonly nowMs: EpochMs;
  readonly generation: number;
  readonly brokerDay: string;
  /** Awaited before the first exit is taken in. */
  readonly pause: () => Promise<void>;
}

/** Those of the references that this installation gave and the database has no order for. */
export async function lostReferences(
  db: Database,
  references: readonly string[],
): Promise<Set<string>> {
  const { id: installationId } = await db.installation.findFirstOrThrow();
  const own = references.filter((reference) => isOwnReference(installationId, reference));
  if (own.length === 0) return new Set();
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT client_order_id AS id FROM orders WHERE client_order_id = ANY(${own})`;
  const known = new Set(rows.map(({ id }) => id));
  return new Set(own.filter((reference) => !known.has(reference)));
}

/**
 * Takes the exits among them into the books of their trades, those of one trade in one commit; gives what was
 * taken in. What belongs to no open trade stays lost: a reconciliation tells of it.
 */
export async function adoptLost(
  db: Database,
  connectionId: string,
  lost: readonly LostOrder[],
  at: Adopting,
): Promise<AdoptedExit[]> {
  const { id: installationId } = await db.installation.findFirstOrThrow();
  const adopted: AdoptedExit[] = [];
  for (const tradeId of await tradesOf(db, connectionId, lost))
    adopted.push(...(await adoptInto(db, { installationId, tradeId }, lost, at)));
  return adopted;
}

/** The open trades in the accounts and contracts of these orders. */
async function tradesOf(
  db: Database,
  connectionId: string,
  lost: readonly LostOrder[],
): Promise<string[]> {
  const accounts = lost.map(({ account }) => account);
  const contracts = lost.map(({ brokerContractId }) => brokerContractId ?? 0);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.closed_at IS NULL AND a.connection_id = ${connectionId}::uuid
       AND (a.broker_account_id, (t.instrument->>'brokerContractId')::int) IN
           (SELECT * FROM unnest(${accounts}::text[], ${contracts}::int[]))
     ORDER BY t.id`;
  return rows.map(({ id }) => id);
}

async function adoptInto(
  db: Database,
  { installationId, tradeId }: { readonly installationId: string; readonly tradeId: string },
  lost: readonly LostOrder[],
  at: Adopting,
): Promise<AdoptedExit[]> {
  const byReference = new Map(lost.map((order) => [order.clientOrderId, order]));
  const named = ({ role, sequence }: Place): LostOrder | undefined =>
    byReference.get(referenceOf(installationId, tradeId, role, sequence));
  // Most trades of a contract have lost nothing: they are not locked for it.
  const { book: before } = await loadBook(db, tradeId);
  const own = placesAhead(before).filter((place) => named(place) !== undefined);
  if (own.length === 0) return [];
  await at.pause();
  return transact(db, 'adopt.commit', { tradeId }, async (tx) => {
    const adopted: AdoptedExit[] = [];
    for (const place of own) {
      const [legId, seen] = [randomUUID(), named(place)!];
      const { clientOrderId } = seen;
      const exit = { ...place, legId, clientOrderId };
      const changed = await changeBook(tx, tradeId, at.nowMs, (book) =>
        adoptExit(book, exit, seen, at),
      );
      if (changed.book.legs.every((leg) => leg.legId !== legId)) continue;
      const filled = await takeFills(tx, changed, seen, at.nowMs);
      adopted.push({ clientOrderId, legId, changed: filled });
    }
    return adopted;
  });
}

/** Fills of it that came before anybody knew whose they were were booked as others': they are the trade's. */
async function takeFills(
  tx: Transaction,
  taken: Changed,
  { executions }: Sighting,
  nowMs: EpochMs,
): Promise<Changed> {
  let changed = taken;
  const { id: tradeId, instrument } = taken.book;
  const { accountId, userId } = taken.keys;
  const others = { userId, accountId, strategyId: null };
  for (const report of executions) {
    const { executionId, side, symbol, brokerContractId, quantity, price } = report;
    await lockPosition(tx, others, instrument.brokerContractId ?? brokerContractId);
    const row = await tx.execution.findFirst({ where: { accountId, executionId, tradeId: null } });
    if (row === null || row.superseded) continue;
    const change = text(signed(side, quantity).neg());
    await movePosition(tx, others, { symbol, brokerContractId, change, price });
    changed = await changeBook(tx, tradeId, nowMs, (book) =>
      applyFact(book, { kind: 'execution', report, receivedAtMs: nowMs }),
    );
  }
  return changed;
}
