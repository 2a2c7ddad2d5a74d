/**
 * The order ids of a connection (BRK-2): locked with the trade that wants some, read in the same statement,
 * and written with the claim that takes them. One send is a lock, a read and a write.
 */
import { freshIds } from '../domain/sending/ids.js';
import { LEASE_LOST, LeaseLostError, type Lease } from './connections.js';
import { Prisma, type Database, type Transaction } from './database.js';

/** Whose ids are asked for, and in which generation of the connection. */
export interface IdsOf {
  readonly lease: Lease;
  readonly generation: number;
  /** The broker's next valid id, as last told. */
  readonly nextValidId: number;
}

/** The ids of a connection while its row is locked. */
export class OrderIds {
  private last: number;

  constructor(
    private readonly of: IdsOf,
    /** The highest id that was ever given out, before this transaction. */
    readonly lastGivenId: number,
    private readonly isOurs: boolean,
  ) {
    this.last = lastGivenId;
  }

  /** @throws LeaseLostError when epoch or generation are no longer ours: every claim needs that */
  assertOurs(): void {
    if (!this.isOurs) throw new LeaseLostError(LEASE_LOST);
  }

  /** Takes fresh ids, none that was given out before. @throws LeaseLostError as above */
  take(count: number): number[] {
    this.assertOurs();
    const ids = freshIds(this.last, this.of.nextValidId, count);
    this.last = ids.at(-1) ?? this.last;
    return ids;
  }

  /** What must be written with the claim: nothing when no id was taken. */
  writes(): Prisma.Sql[] {
    if (this.last === this.lastGivenId) return [];
    const { connectionId } = this.of.lease;
    return [
      Prisma.sql`UPDATE connections SET last_order_id = ${this.last} WHERE id = ${connectionId}::uuid`,
    ];
  }
}

/**
 * Locks a trade and then its connection's order ids, until the transaction ends. In this order, for whoever
 * waits for a trade must hold up nobody else's send.
 * @throws LeaseLostError when there is no such trade or connection
 */
export async function lockForSend(tx: Transaction, tradeId: string, of: IdsOf): Promise<OrderIds> {
  const { connectionId, epoch } = of.lease;
  const rows = await tx.$queryRaw<{ last: number; ours: boolean }[]>`
    WITH t AS MATERIALIZED (
      SELECT id FROM trades WHERE id = ${tradeId}::uuid FOR NO KEY UPDATE)
    SELECT c.last_order_id AS last, c.lease_epoch = ${epoch} AND c.generation = ${of.generation} AS ours
      FROM t CROSS JOIN connections c WHERE c.id = ${connectionId}::uuid FOR NO KEY UPDATE OF c`;
  const row = rows[0];
  if (!row) throw new LeaseLostError(LEASE_LOST);
  return new OrderIds(of, row.last, row.ours);
}

/**
 * Takes one fresh id for a question that needs one, to be asked in the turn that the id was taken in.
 * @throws LeaseLostError when epoch or generation are no longer ours
 */
export async function takeOneId(
  db: Pick<Database, '$queryRaw'>,
  { lease: { connectionId, epoch }, generation, nextValidId }: IdsOf,
): Promise<number> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    UPDATE connections SET last_order_id = greatest(last_order_id + 1, ${nextValidId}::int)
     WHERE id = ${connectionId}::uuid AND lease_epoch = ${epoch} AND generation = ${generation}
    RETURNING last_order_id AS id`;
  const row = rows[0];
  if (!row) throw new LeaseLostError(LEASE_LOST);
  return row.id;
}
