/**
 * The guard of every irreversible write (BRK-2): order ids and the claim of the write are committed, with
 * the lease's epoch and the connection's generation, before anything touches the socket. Whoever finds a
 * claim that is open looks the order up; nobody writes it a second time.
 */
import { randomUUID } from 'node:crypto';
import { brokerDay } from '../domain/calendar.js';
import type { SendGroup, Sender, WriteRef } from '../domain/sending/group.js';
import { unchanged, type Book } from '../domain/trade/book.js';
import { asCarried } from '../domain/trade/carry-moves.js';
import { claimEntry, entryClaimRefusal, entryIds, type Claimed } from '../domain/trade/claim.js';
import { claimActions, idsNeeded, type LegNames } from '../domain/trade/claim-actions.js';
import type { ProtectiveAction } from '../domain/trade/actions.js';
import { withEntryCancelled } from '../domain/trade/conclusion.js';
import { withFlatten } from '../domain/trade/flattened.js';
import { asWanted, isOutdated, needsOf, type World } from '../domain/trade/needs.js';
import { around } from '../failpoints/failpoint.js';
import type { PairName } from '../failpoints/table.js';
import { saveChange, type Changed } from './book/change.js';
import { loadBookWith, NOTHING_ELSE } from './book/load.js';
import type { Lease } from './connections.js';
import type { Database, Prisma } from './database.js';
import { lockForSend, type OrderIds } from './order-ids.js';
import { referenceOf } from './reference.js';
import { BY_HALT_FILE, ENTRY_FACTS, ENTRY_STOPPED_BY, type EntryFacts } from './switches.js';
import { transact } from './transact.js';

export interface SendContext {
  readonly lease: Lease;
  /** Of the connection, when the pacing slot was opened: the write belongs to it. */
  readonly generation: number;
  readonly sessionClientId: number;
  /** The broker's next valid id, as last told. */
  readonly nextValidId: number;
  readonly installationId: string;
  readonly nowMs: number;
  /** Told the group's key before the claim is committed: this process is about to write it. */
  readonly onClaim: (groupKey: string) => void;
}

/** A claim that is committed with its transaction, or why there is none. */
export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly group: SendGroup; readonly changed: Changed }
  | { readonly kind: 'refused'; readonly reason: string; readonly changed: Changed };

/**
 * Claims the entry with its exits. `check` may refuse with a reason, from what it reads under the lock.
 * @throws LeaseLostError when another worker holds the connection, or its generation has passed
 */
export async function claimBracket(
  db: Database,
  tradeId: string,
  context: SendContext,
  check: (book: Book, facts: EntryFacts) => string | null,
): Promise<ClaimOutcome> {
  return claim<EntryFacts>(db, 'enter.claim.commit', tradeId, context, {
    beside: ENTRY_FACTS,
    make: (book, orderIds, facts) => {
      const reason = entryClaimRefusal(book) ?? check(book, facts);
      if (reason !== null) return { kind: 'refused', reason };
      orderIds.assertOurs();
      const { sessionClientId } = context;
      const { lastGivenId } = orderIds;
      const { keep, fresh } = entryIds(book, { lastGivenId, sessionClientId });
      return claimEntry(book, keep ?? orderIds.take(fresh), senderOf(context));
    },
  });
}

/** Why nothing was claimed: the position is to be asked for again. */
export const POSITION_OUTDATED = 'the position was asked for too long ago: plan again';

/**
 * Claims what the book needs now, as far as it was foreseen: only while the needs are the very actions
 * that the pacing slot was asked for.
 * @throws LeaseLostError when another worker holds the connection, or its generation has passed
 */
export async function claimNeeds(
  db: Database,
  tradeId: string,
  context: SendContext,
  foreseen: readonly ProtectiveAction[],
  world: World,
): Promise<ClaimOutcome> {
  return claim<string | null>(db, 'pursue.claim.commit', tradeId, context, {
    beside: world.entriesMustGo ? ENTRY_STOPPED_BY : NOTHING_ELSE,
    make: (book, orderIds, stoppedBy) => {
      const { actions } = needsOf(book, world, context.nowMs);
      if (JSON.stringify(actions) !== JSON.stringify(foreseen)) {
        return { kind: 'refused', reason: 'the book has moved on: plan again' };
      }
      if (isOutdated(actions, world, context.nowMs, book.legs)) {
        return { kind: 'refused', reason: POSITION_OUTDATED };
      }
      const ids = orderIds.take(idsNeeded(actions));
      const names = legNames(context.installationId, tradeId);
      const wanted = asCarried(book, asWanted(book, world, context.nowMs), actions);
      const claimed = claimActions(wanted.book, actions, ids, senderOf(context), names);
      if (claimed.kind === 'refused') return claimed;
      const events = [...wanted.events, ...claimed.change.events];
      const told = withEntryCancelled(claimed.change.book, actions, stoppedBy ?? BY_HALT_FILE);
      return { ...claimed, change: { book: withFlatten(told, actions, context.nowMs), events } };
    },
  });
}

interface ClaimMaker<Facts> {
  /** Read with the book, in its statement. */
  readonly beside: Prisma.Sql;
  readonly make: (book: Book, orderIds: OrderIds, facts: Facts) => Claimed;
}

/** One transaction: a lock, a read, a write. Ids that a refused claim has taken were never given out. */
async function claim<Facts>(
  db: Database,
  step: PairName,
  tradeId: string,
  context: SendContext,
  { beside, make }: ClaimMaker<Facts>,
): Promise<ClaimOutcome> {
  return transact(db, step, { tradeId }, async (tx) => {
    const orderIds = await lockForSend(tx, tradeId, context);
    const loaded = await loadBookWith<Facts>(tx, tradeId, beside);
    const claimed = make(loaded.book, orderIds, loaded.beside);
    if (claimed.kind === 'refused') {
      const { reason } = claimed;
      const change = unchanged(loaded.book, reason);
      return {
        kind: 'refused',
        reason,
        changed: await saveChange(tx, loaded, context.nowMs, change),
      };
    }
    const { group, change } = claimed;
    context.onClaim(group.key);
    const changed = await saveChange(tx, loaded, context.nowMs, change, orderIds.writes());
    return { kind: 'claimed', group, changed };
  });
}

function senderOf(context: SendContext): Sender {
  const { lease, generation, sessionClientId, nowMs } = context;
  const epoch = String(lease.epoch);
  return { epoch, generation, sessionClientId, nowMs, brokerDay: brokerDay(nowMs) };
}

/** Names of new legs: a random row id, and the one reference at the broker. */
export function legNames(installationId: string, tradeId: string): LegNames {
  return {
    legId: () => randomUUID(),
    clientOrderId: (role, sequence) => referenceOf(installationId, tradeId, role, sequence),
  };
}

/** The incarnations of a group: what a verdict about its write names. */
export function refsOf(group: SendGroup): WriteRef[] {
  return group.messages.map(({ legId, n }) => ({ legId, n }));
}

/** Written to the socket: from now on only evidence says what became of it. */
export async function noteWritten(
  db: Pick<Database, '$executeRaw'>,
  group: SendGroup,
  writtenAtMs: number,
): Promise<void> {
  const refs = JSON.stringify(refsOf(group));
  const at = new Date(writtenAtMs);
  await around(
    'written.note',
    {},
    async () =>
      db.$executeRaw`
        UPDATE order_incarnations i SET written_at = ${at}
          FROM jsonb_to_recordset(${refs}::jsonb) AS c("legId" uuid, n int)
         WHERE i.order_row_id = c."legId" AND i.n = c.n`,
  );
}
