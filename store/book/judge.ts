/** Laying a picture of the broker over a trade's book, in one transaction of its own (BRK-12). */
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { judgePicture, type Judgement, type Standpoint } from '../../domain/sending/picture.js';
import type { ExpectedPosition } from '../../domain/sending/group.js';
import type { Database, Transaction } from '../database.js';
import { bookedHolding, lockPosition } from '../positions.js';
import { changeTrade, type Changed } from './change.js';

/** From where a picture is judged, but for what the books expect: that is read with the trade. */
export type Viewpoint = Omit<Standpoint, 'expected'>;

export interface Judged {
  readonly changed: Changed;
  readonly judgement: Judgement;
}

/** Saves what the picture proves for the trade; its own facts must have been booked before. */
export async function judgeTrade(
  db: Database,
  snapshot: Snapshot,
  tradeId: string,
  from: Viewpoint,
): Promise<Judged> {
  let judgement: Judgement | null = null;
  const changed = await changeTrade(
    db,
    'picture.commit',
    tradeId,
    from.nowMs,
    async (book, { accountId }, tx) => {
      const { brokerContractId } = book.instrument;
      const expected =
        brokerContractId === undefined
          ? null
          : await expectedInTurn(tx, accountId, book.account, brokerContractId);
      judgement = judgePicture(book, snapshot, { ...from, expected });
      return judgement;
    },
  );
  return { changed, judgement: judgement! };
}

/**
 * What the account's books expect of the contract. Its trades are judged one after the other: a fill that is
 * inferred for one of them explains the position, and must be in the books before the next is judged by it.
 */
async function expectedInTurn(
  tx: Transaction,
  accountId: string,
  account: string,
  brokerContractId: number,
): Promise<ExpectedPosition> {
  await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
  return { account, brokerContractId, ...(await bookedHolding(tx, accountId, brokerContractId)) };
}
