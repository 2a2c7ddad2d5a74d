/** Reservations that nobody let go, found and mended as a reconciliation does it (RSK-2). Real PostgreSQL. */
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { compareReservations, UNSENT_MAX_MS } from '../../domain/reconcile/reservations.js';
import type { Finding } from '../../domain/reconcile/finding.js';
import { VALUES_LAG_MAX_MS } from '../../domain/risk/values-lag.js';
import { recordAccountValues } from '../../store/accounts.js';
import { loadBook } from '../../store/book/load.js';
import type { Database } from '../../store/database.js';
import { loadReserved, mendReserved } from '../../store/reconcile/reservations.js';
import { claimBracket } from '../../store/sending.js';
import { settleTrade } from '../../store/settlement.js';
import { enteredTrade } from './support/closed-trade.js';
import { plan, plannedTrade, sendContext } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import { accountValues, type ReadyAccount } from './support/ready-account.js';

const HOUR_MS = 3_600_000;
const opened = useAccountDatabase(['AAA', 'BBB', 'CCC', 'DDD', 'EEE'], '10000000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  // Trades of the tests before are none of this one's: without a plan they ask for nothing.
  await db.trade.updateMany({ data: { decisionId: null } });
  await db.reservation.deleteMany();
});

const found = async (nowMs: number = Date.now()): Promise<Finding[]> =>
  compareReservations(await loadReserved(db, ready.accountId), nowMs);

const mendAll = async (nowMs: number = Date.now()): Promise<string[]> => {
  const done: string[] = [];
  for (const one of await found(nowMs)) done.push(await mendReserved(db, one, nowMs, {}));
  return done;
};

const reservationOf = (tradeId: string) => db.reservation.findUniqueOrThrow({ where: { tradeId } });

/** Generations grow: those of filled trades lie between. */
async function claimed(symbol: string, generation: number): Promise<string> {
  const tradeId = await plannedTrade(db, ready, { symbol });
  const context = await sendContext(db, ready, generation);
  const made = await claimBracket(db, tradeId, context, () => null);
  if (made.kind === 'refused') throw new Error(made.reason);
  return tradeId;
}

/** In for ten shares and out again, its story gone before it was settled. */
async function overUnsettled(symbol: string): Promise<string> {
  const { tradeId, exit } = await enteredTrade(db, ready, { symbol });
  await exit('95');
  // The other exit is gone with it, as the broker's group has it.
  await db.order.updateMany({
    where: { tradeId, role: { not: 'STOP' }, status: { not: 'EXECUTED' } },
    data: { status: 'CANCELLED' },
  });
  await db.orderIncarnation.updateMany({
    where: { order: { tradeId } },
    data: { state: 'ENDED' },
  });
  await db.trade.update({
    where: { id: tradeId },
    data: { closedAt: new Date(Date.now() - HOUR_MS), state: 'CLOSED' },
  });
  return tradeId;
}

describe('[RSK-2] what nothing has disturbed is not found', () => {
  test('planned, claimed, filled, settled', async () => {
    await plannedTrade(db, ready, { symbol: 'AAA' });
    await claimed('BBB', 1);
    const { tradeId, exit } = await enteredTrade(db, ready, { symbol: 'CCC' });
    expect(await found()).toEqual([]);
    await exit('105');
    expect(await found()).toEqual([]);
    await settleTrade(db, tradeId, Date.now(), {});
    expect(await found()).toEqual([]);
  });
});

describe('[RSK-2] what leaked is let go, once, and said', () => {
  test('cash that was spent long ago, and that nobody has noted as spent', async () => {
    const { tradeId } = await enteredTrade(db, ready, { symbol: 'AAA' });
    await db.reservation.update({
      where: { tradeId },
      data: { phase: 'CASH', filledAt: null, restingCash: '1000' },
    });
    const [leak] = await found();
    expect(leak).toMatchObject({ kind: 'reservation_leaked', symbol: 'AAA', tradeIds: [tradeId] });
    expect(leak?.summary).toMatch(/keeps cash \d.* \(1000 to be spent\).*asks for .* \(0 to be/);
    expect(await mendAll()).toEqual(['it keeps what its book asks for now']);
    expect(await mendAll()).toEqual([]);
    const equity = '10000000';
    await recordAccountValues(
      db,
      ready.connectionId,
      accountValues(equity, { atMs: Date.now() + VALUES_LAG_MAX_MS }),
    );
    expect((await reservationOf(tradeId)).phase).toBe('EXPOSURE');
    const told = await db.tradeEvent.findMany({ where: { tradeId, kind: 'reconciled' } });
    expect(told.map(({ summary }) => summary)).toEqual([leak!.summary]);
  });

  test('a plan whose story is gone: its money is free, and it can be planned again', async () => {
    const tradeId = await plannedTrade(db, ready, { symbol: 'BBB' });
    expect(await found(Date.now() + HOUR_MS)).toEqual([]);
    const late = Date.now() + UNSENT_MAX_MS + HOUR_MS;
    expect(await mendAll(late)).toEqual(['it keeps what its book asks for now']);
    expect((await reservationOf(tradeId)).phase).toBe('RELEASED');
    expect((await loadBook(db, tradeId)).book.decided).toBeNull();
    expect(await plan(db, ready, tradeId)).toMatchObject({ kind: 'approved' });
    expect((await reservationOf(tradeId)).phase).toBe('CASH');
  });

  test('of a trade that is over: its result is booked first', async () => {
    const tradeId = await overUnsettled('DDD');
    expect((await reservationOf(tradeId)).phase).not.toBe('RELEASED');
    expect(await mendAll()).toEqual(['its result is booked, and what it kept is let go']);
    expect((await reservationOf(tradeId)).phase).toBe('RELEASED');
    const trade = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    expect(Number(trade.realizedPnl)).toBe(-50);
    expect(trade.judgedPnl).toEqual(trade.realizedPnl);
  });

  test('of one that was settled, and whose row nobody wrote', async () => {
    const tradeId = await overUnsettled('EEE');
    await settleTrade(db, tradeId, Date.now(), {});
    await db.reservation.update({ where: { tradeId }, data: { phase: 'EXPOSURE' } });
    expect((await found())[0]).toMatchObject({ broker: 'nothing can fill' });
    await mendAll();
    expect((await reservationOf(tradeId)).phase).toBe('RELEASED');
  });

  test('amounts that a hand changed while the position is held, and a row that is gone', async () => {
    const { tradeId } = await enteredTrade(db, ready, { symbol: 'AAA' });
    const later = Date.now() + VALUES_LAG_MAX_MS;
    await recordAccountValues(db, ready.connectionId, accountValues('10000000', { atMs: later }));
    const keptBy = async () => {
      const { phase, exposure, openRisk, restingCash, cash, sector, side } =
        await reservationOf(tradeId);
      return { phase, exposure, openRisk, restingCash, cash, sector, side };
    };
    const before = await keptBy();
    expect([before.phase, await found()]).toEqual(['EXPOSURE', []]);
    const where = { tradeId };
    const hands = [
      { exposure: before.exposure.add(50_000), restingCash: 50_000 },
      { exposure: 0, openRisk: 0 },
      { openRisk: 0 },
    ];
    for (const data of hands) {
      await db.reservation.update({ where, data });
      expect(await mendAll()).toEqual(['it keeps what its book asks for now']);
      expect(await keptBy()).toEqual(before);
      expect(await found()).toEqual([]);
    }
    await db.reservation.delete({ where });
    expect(await found()).toMatchObject([{ kind: 'reservation_short', books: 'nothing' }]);
    expect(await mendAll()).toEqual(['it keeps what its book asks for now']);
    const { exposure, openRisk, sector, side } = before;
    expect(await reservationOf(tradeId)).toMatchObject({ exposure, openRisk, sector, side });
    expect(await found()).toEqual([]);
  });

  test('and what was let go too early is kept again, whoever is at it beside', async () => {
    const tradeId = await claimed('AAA', 9_000);
    await db.reservation.update({ where: { tradeId }, data: { phase: 'RELEASED' } });
    const [short] = await found();
    expect(short).toMatchObject({ kind: 'reservation_short', books: 'nothing' });
    const both = [1, 2].map(() => mendReserved(db, short!, Date.now(), {}));
    expect((await Promise.all(both)).sort()).toEqual([
      'it keeps what its book asks for now',
      'nothing: it has mended itself',
    ]);
    expect((await reservationOf(tradeId)).phase).toBe('CASH');
    expect(await found()).toEqual([]);
  });
});
