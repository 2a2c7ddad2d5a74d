/** Account values that lag behind the fills, as the database keeps what they are spent on (RSK-2). Real PostgreSQL. */
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VALUES_LAG_MAX_MS } from '../../domain/risk/values-lag.js';
import { recordAccountValues } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import { untilTrue } from '../support/workers.js';
import { useAccountDatabase } from './support/account-database.js';
import { claimedTrade, enteredTrade } from './support/closed-trade.js';
import { plannedTrade } from './support/planned-trade.js';
import { accountValues, type ReadyAccount } from './support/ready-account.js';

const EQUITY = '1000000';
/** Ten shares at 100, and a dollar. */
const COST = 1_001;
/** Two others come to wait for the lock meanwhile, on a busy machine too. */
const LOCKED_MAX_MS = 60_000;
const opened = useAccountDatabase(['AAA', 'BBB'], EQUITY);
let db: Database;
let ready: ReadyAccount;
let laterMs = 0;

beforeAll(() => {
  ({ db, ready } = opened());
});

const reservationOf = (tradeId: string) => db.reservation.findUniqueOrThrow({ where: { tradeId } });
const phaseOf = async (tradeId: string) => (await reservationOf(tradeId)).phase;

/** Values that were asked for that much later than all before. */
async function told(totalCash: string, byMs = 1_000): Promise<void> {
  laterMs += byMs;
  const values = accountValues(EQUITY, { totalCash, atMs: Date.now() + laterMs });
  await recordAccountValues(db, ready.connectionId, values);
}

beforeEach(async () => {
  await db.execution.updateMany({ data: { inValues: true } });
  await db.account.updateMany({ data: { valuesAt: null } });
  laterMs = 0;
  await told(EQUITY);
});

describe('[RSK-2] cash of a fill', () => {
  test('stays reserved while the values are as before it, and goes when they show it', async () => {
    const { tradeId, entryCommission } = await enteredTrade(db, ready, { symbol: 'AAA' });
    await entryCommission('1');
    await told(EQUITY);
    await told(EQUITY);
    expect(await phaseOf(tradeId)).toBe('CASH');
    await told(String(Number(EQUITY) - COST));
    expect(await phaseOf(tradeId)).toBe('EXPOSURE');
  });

  test('goes with the first values of which the broker says that they show it', async () => {
    const { tradeId } = await enteredTrade(db, ready, { symbol: 'AAA' });
    await told('777777');
    expect(await phaseOf(tradeId)).toBe('CASH');
    await told('777777', VALUES_LAG_MAX_MS);
    expect(await phaseOf(tradeId)).toBe('EXPOSURE');
  });

  test('of several fills goes as far as the values show them', async () => {
    const first = await enteredTrade(db, ready, { symbol: 'AAA' });
    const second = await enteredTrade(db, ready, { symbol: 'BBB' });
    await first.entryCommission('1');
    await second.entryCommission('1');
    await told(String(Number(EQUITY) - COST));
    expect([await phaseOf(first.tradeId), await phaseOf(second.tradeId)]).toEqual([
      'EXPOSURE',
      'CASH',
    ]);
    await told(String(Number(EQUITY) - 2 * COST));
    expect(await phaseOf(second.tradeId)).toBe('EXPOSURE');
  });

  test('stays reserved when the values overtake it while it is being booked', async () => {
    const { tradeId, fill } = await claimedTrade(db, ready, { symbol: 'AAA' });
    await fill('1');
    // Somebody else moves the position of the contract: the second fill's booking waits for it.
    const asked = await db.$transaction(
      async (tx) => {
        await tx.$executeRaw`SELECT 1 FROM positions WHERE account_id = ${ready.accountId}::uuid FOR UPDATE`;
        const second = fill('9');
        await untilWaiting(1);
        // Asked for after that fill, and as they were before both.
        const stored = told(EQUITY, 2_000);
        await untilWaiting(2);
        return { ended: Promise.all([second, stored]) };
      },
      { timeout: LOCKED_MAX_MS },
    );
    await asked.ended;
    expect(await db.execution.count({ where: { tradeId, inValues: false } })).toBe(2);
    const { phase, cash } = await reservationOf(tradeId);
    expect([phase, Number(cash) >= COST - 1]).toEqual(['CASH', true]);
  }, 90_000);

  test('is counted among what others may not spend', async () => {
    const { tradeId } = await enteredTrade(db, ready, { symbol: 'AAA' });
    await told(EQUITY);
    const next = await plannedTrade(db, ready, { symbol: 'BBB' });
    const { inputs } = await db.decision.findFirstOrThrow({
      where: { tradeId: next, verdict: 'approved' },
    });
    const { reservations } = (inputs as unknown as Decided).book;
    const seen = reservations.find((each) => each.tradeId === tradeId);
    expect(seen).toMatchObject({ phase: 'CASH' });
    expect(Number(seen!.cash)).toBeGreaterThanOrEqual(COST - 1);
  });
});

/** So many sessions wait for a lock. */
const untilWaiting = (sessions: number) =>
  untilTrue(`${sessions} to wait`, async () => {
    const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return Number(row?.waiting) === sessions;
  });

interface Decided {
  readonly book: {
    readonly reservations: readonly { tradeId: string; phase: string; cash: string }[];
  };
}
