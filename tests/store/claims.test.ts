/** Claims, verdicts and ends of a trade in its rows: what is late changes nothing. Real PostgreSQL. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { BrokerFact, ExecutionReport } from '../../domain/broker/fact.js';
import { VALUES_LAG_MAX_MS } from '../../domain/risk/values-lag.js';
import { entryOf } from '../../domain/trade/book.js';
import { absent, notWritten, unanswered } from '../../domain/trade/outcome.js';
import { abandon } from '../../domain/trade/wishes.js';
import { recordAccountValues } from '../../store/accounts.js';
import { changeBook, changeTrade } from '../../store/book/change.js';
import { loadBook } from '../../store/book/load.js';
import { BookMovedError } from '../../store/book/save.js';
import { LeaseLostError, recordGeneration } from '../../store/connections.js';
import { openDatabase, type Database } from '../../store/database.js';
import { commitEvents, type InboxContext } from '../../store/inbox.js';
import { claimBracket, refsOf, type ClaimOutcome, type SendContext } from '../../store/sending.js';
import { missingCommissions, settleTrade } from '../../store/settlement.js';
import { plan, plannedTrade, sendContext } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import { ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let db: Database;
let ready: ReadyAccount;

beforeAll(() => {
  ({ db, ready } = opened());
});

const bookOf = async (tradeId: string) => (await loadBook(db, tradeId)).book;
const now = () => Date.now();

async function claim(tradeId: string, context: SendContext) {
  const made = await claimBracket(db, tradeId, context, () => null);
  if (made.kind === 'refused') throw new Error(made.reason);
  return made;
}

/** The order ids that a claim took. */
function idsOf({ changed }: ClaimOutcome): number[] {
  const placings = changed.book.legs.flatMap(({ incarnations }) => incarnations);
  return placings.map(({ sessionOrderId }) => sessionOrderId);
}

type Claimed = Extract<ClaimOutcome, { kind: 'claimed' }>;

/** Facts of the claimed entry, through the inbox. */
async function tell(tradeId: string, facts: readonly BrokerFact[]) {
  const { ownerId: userId, connectionId, accountId } = ready;
  const context: InboxContext = {
    ...{ userId, connectionId, accountIds: new Map([[ACCOUNT, accountId]]) },
  };
  const entry = entryOf(await bookOf(tradeId))!;
  const owner = { tradeId, orderRowId: entry.legId };
  return commitEvents(
    db,
    context,
    tradeId,
    facts.map((fact) => ({ fact, owner })),
  );
}

let fills = 0;
function fill({ changed }: Claimed, change: Partial<ExecutionReport> = {}): BrokerFact {
  fills += 1;
  const entry = entryOf(changed.book)!;
  const { clientOrderId } = entry;
  const report: ExecutionReport = {
    ...{ executionId: `f${fills}.01`, executionKey: `f${fills}`, correction: 1, clientOrderId },
    ...{ brokerOrderId: '1', sessionOrderId: 1, sessionClientId: 17, account: ACCOUNT },
    ...{ symbol: 'AAA', brokerContractId: 1, side: 'BUY', quantity: '10', price: '100' },
    executedAtMs: now(),
    ...change,
  };
  return { kind: 'execution', report, receivedAtMs: now() };
}

describe('[BRK-2] a claim', () => {
  test('is one incarnation per leg, with ids, epoch and generation, before anything is written', async () => {
    const tradeId = await plannedTrade(db, ready);
    const context = await sendContext(db, ready, 1);
    await claim(tradeId, context);
    const rows = await db.orderIncarnation.findMany({ where: { order: { tradeId } } });
    expect(rows.map(({ kind, state, n, generation }) => [kind, state, n, generation])).toEqual(
      rows.map(() => ['place', 'CLAIMED', 1, 1n]),
    );
    expect(new Set(rows.map(({ leaseEpoch }) => leaseEpoch))).toEqual(
      new Set([context.lease.epoch]),
    );
    const again = await claimBracket(db, tradeId, context, () => null);
    expect(again).toMatchObject({ kind: 'refused', reason: 'the entry was taken already' });
  });

  test('of an older epoch or generation is refused, and leaves no trace', async () => {
    const tradeId = await plannedTrade(db, ready);
    const old = await sendContext(db, ready, 2);
    const young = await sendContext(db, ready, 3);
    await expect(claim(tradeId, old)).rejects.toThrow(LeaseLostError);
    await recordGeneration(db, young.lease, 4);
    await expect(claim(tradeId, young)).rejects.toThrow(LeaseLostError);
    await expect(recordGeneration(db, young.lease, 3)).rejects.toThrow(LeaseLostError);
    expect(entryOf(await bookOf(tradeId))?.incarnations).toEqual([]);
  });

  test('twice at once is one claim', async () => {
    const tradeId = await plannedTrade(db, ready);
    const context = await sendContext(db, ready, 5);
    const both = await Promise.all(
      [1, 2].map(() => claimBracket(db, tradeId, context, () => null)),
    );
    expect(both.map(({ kind }) => kind).sort()).toEqual(['claimed', 'refused']);
  });

  test('of many trades at once, from several processes, gives no order id twice', async () => {
    const context = { ...(await sendContext(db, ready, 5)), nextValidId: 5_000 };
    const pools = [db, openDatabase({ url: opened().url })];
    const trades: string[] = [];
    for (let index = 0; index < 5; index += 1) trades.push(await plannedTrade(db, ready));
    const claims = await Promise.all(
      trades.map((id, index) => claimBracket(pools[index % 2]!, id, context, () => null)),
    );
    await pools[1]!.$disconnect();
    const ids = claims.flatMap((made) => idsOf(made));
    expect(ids.length).toBe(10);
    expect([...ids].sort((a, b) => a - b)).toEqual(ids.map((_, index) => 5_000 + index));
    // A broker whose counter was rolled back gets none of them again.
    const rolledBack = await claim(await plannedTrade(db, ready), { ...context, nextValidId: 1 });
    expect(Math.min(...idsOf(rolledBack))).toBe(5_010);
  });

  test('that sends again under its old ids is refused in a later generation too', async () => {
    const tradeId = await plannedTrade(db, ready);
    const context = await sendContext(db, ready, 5);
    const first = await claim(tradeId, context);
    await changeTrade(db, 'picture.commit', tradeId, now(), (book) =>
      absent(book, refsOf(first.group)),
    );
    expect(await plan(db, ready, tradeId)).toMatchObject({ kind: 'approved' });
    await recordGeneration(db, context.lease, 6);
    await expect(claim(tradeId, context)).rejects.toThrow(LeaseLostError);
  });
});

describe('[BRK-2] a late verdict', () => {
  test('of a worker that froze before its write leaves the live trade alone', async () => {
    const tradeId = await plannedTrade(db, ready);
    const frozen = await claim(tradeId, await sendContext(db, ready, 6));
    const refs = refsOf(frozen.group);
    await changeTrade(db, 'picture.commit', tradeId, now(), (book) => {
      return absent(unanswered(book, refs).book, refs);
    });
    expect((await db.reservation.findUniqueOrThrow({ where: { tradeId } })).phase).toBe('RELEASED');
    expect(await plan(db, ready, tradeId)).toMatchObject({ kind: 'approved' });
    const second = await claim(tradeId, await sendContext(db, ready, 7));
    await tell(tradeId, [fill(second)]);
    const open = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    const woken = await changeTrade(db, 'withdraw.commit', tradeId, now(), (book) =>
      notWritten(book, refs, 'the lease has run out'),
    );
    expect(woken.changed).toBe(false);
    const trade = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    expect([trade.state, trade.heldQuantity.toFixed(), trade.seq]).toEqual([
      'OPEN',
      '10',
      open.seq,
    ]);
    expect((await db.reservation.findUniqueOrThrow({ where: { tradeId } })).phase).toBe('CASH');
  });

  test('a change that went around the lock is found, and not overwritten', async () => {
    const tradeId = await plannedTrade(db, ready);
    const stale = db.$transaction(async (tx) =>
      changeBook(tx, tradeId, now(), async (book) => {
        // The same transaction may write the row that it has locked: whoever does so breaks the rule.
        await tx.trade.update({ where: { id: tradeId }, data: { seq: { increment: 1 } } });
        return { book: { ...book, failure: 'y' }, events: [] };
      }),
    );
    await expect(stale).rejects.toThrow(BookMovedError);
  });
});

describe('[RSK-2] a reservation', () => {
  const values = (atMs: number, amount = '1000000') => {
    return recordAccountValues(db, ready.connectionId, {
      ...{ account: ACCOUNT, baseCurrency: 'USD', netLiquidation: amount, totalCash: amount },
      ...{ settledCash: amount, availableFunds: amount, buyingPower: amount },
      ...{ excessLiquidity: amount, exchangeRates: {}, atMs },
    });
  };
  const reservationOf = (tradeId: string) =>
    db.reservation.findUniqueOrThrow({ where: { tradeId } });

  test('keeps the cash of what a part-filled entry may still buy', async () => {
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 8));
    const whole = (await reservationOf(tradeId)).cash;
    await tell(tradeId, [fill(claimed, { quantity: '4' })]);
    await values(now() + VALUES_LAG_MAX_MS + 1_000);
    const part = await reservationOf(tradeId);
    expect([part.phase, part.cash.toFixed()]).toEqual(['CASH', whole.mul('0.6').toFixed()]);
    await tell(tradeId, [fill(claimed, { quantity: '6' })]);
    expect((await reservationOf(tradeId)).phase).toBe('CASH');
    await values(now() + VALUES_LAG_MAX_MS + 2_000);
    expect((await reservationOf(tradeId)).phase).toBe('EXPOSURE');
  });

  test('keeps the cash of shares that the values do not show, beside that of those to come', async () => {
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 8));
    const whole = (await reservationOf(tradeId)).cash;
    await tell(tradeId, [fill(claimed, { quantity: '4' })]);
    const longAgo = new Date(now() - VALUES_LAG_MAX_MS);
    await db.execution.updateMany({ where: { tradeId }, data: { receivedAt: longAgo } });
    await tell(tradeId, [fill(claimed, { quantity: '3' })]);
    await db.account.updateMany({ data: { valuesAt: null } });
    await values(now() + 1_000, '999000');
    const part = await reservationOf(tradeId);
    expect([part.phase, part.cash.toFixed()]).toEqual(['CASH', whole.mul('0.6').toFixed()]);
    await values(now() + VALUES_LAG_MAX_MS + 3_000, '999000');
    expect((await reservationOf(tradeId)).cash.toFixed()).toBe(whole.mul('0.3').toFixed());
  });

  test('gives its cash free by newer values alone: older ones that come late bring no money back', async () => {
    const cashOf = async () => {
      const { settledCash } = await db.account.findUniqueOrThrow({
        where: { id: ready.accountId },
      });
      return settledCash?.toFixed();
    };
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 8));
    await tell(tradeId, [fill(claimed)]);
    const atMs = now() + VALUES_LAG_MAX_MS + 6_000;
    await values(atMs, '999000');
    expect((await reservationOf(tradeId)).phase).toBe('EXPOSURE');
    await values(atMs - 900, '1000000');
    expect(await cashOf()).toBe('999000');
    await values(atMs, '998000');
    expect(await cashOf()).toBe('998000');
    // A clock that was set back must not keep every later value out.
    await values(atMs - 3_600_000, '997000');
    expect(await cashOf()).toBe('997000');
    await values(now());
  });

  test('is held while a write is open, whatever anybody says', async () => {
    const tradeId = await plannedTrade(db, ready);
    await claim(tradeId, await sendContext(db, ready, 9));
    const given = await changeTrade(db, 'abandon.commit', tradeId, now(), (book) =>
      abandon(book, 'too long'),
    );
    expect(given.snapshot.isOver).toBe(false);
    expect((await reservationOf(tradeId)).phase).toBe('CASH');
  });
});

describe('[TRD-15] an end', () => {
  test('a trade that holds shares is not settled, and says so', async () => {
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 10));
    await tell(tradeId, [fill(claimed)]);
    const { snapshot, realizedPnl } = await settleTrade(db, tradeId, now(), {});
    expect([snapshot.isOver, realizedPnl]).toEqual([false, null]);
    // Nor is it kept waiting for its commissions.
    expect(await missingCommissions(db, tradeId)).toBe(0);
    expect((await db.trade.findUniqueOrThrow({ where: { id: tradeId } })).settledAt).toBeNull();
  });

  test('a bust after the end takes the trade up again, and its reservation with it', async () => {
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 11));
    const stop = claimed.changed.book.legs.find(({ role }) => role === 'STOP')!;
    const sold = fill(claimed, { clientOrderId: stop.clientOrderId, side: 'SELL' });
    await tell(tradeId, [fill(claimed), sold]);
    expect((await bookOf(tradeId)).closedAtMs).not.toBeNull();
    expect((await settleTrade(db, tradeId, now(), {})).snapshot.isOver).toBe(true);
    expect((await db.reservation.findUniqueOrThrow({ where: { tradeId } })).phase).toBe('RELEASED');
    const { executionKey } = (sold as Extract<BrokerFact, { kind: 'execution' }>).report;
    const bust = { executionId: `${executionKey}.02`, executionKey, correction: 2, quantity: '0' };
    const busted = fill(claimed, { ...bust, clientOrderId: stop.clientOrderId, side: 'SELL' });
    await tell(tradeId, [busted]);
    const trade = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    expect([trade.heldQuantity.toFixed(), trade.settledAt, trade.closedAt]).toEqual([
      '10',
      null,
      null,
    ]);
    expect((await db.reservation.findUniqueOrThrow({ where: { tradeId } })).phase).toBe('EXPOSURE');
  });

  test('[TRD-1] a trade that was given up is not planned again, whoever resets its story', async () => {
    const tradeId = await plannedTrade(db, ready);
    await changeTrade(db, 'abandon.commit', tradeId, now(), (book) => abandon(book, 'given up'));
    await db.trade.update({ where: { id: tradeId }, data: { decisionId: null } });
    const again = await plan(db, ready, tradeId);
    expect(again).toMatchObject({ kind: 'denied', codes: [], snapshot: { state: 'ABANDONED' } });
    expect(await db.decision.count({ where: { tradeId } })).toBe(1);
  });
});

describe('[BRK-5] a commission', () => {
  test('committed beside its execution is not lost, whichever comes first', async () => {
    const tradeId = await plannedTrade(db, ready);
    const claimed = await claim(tradeId, await sendContext(db, ready, 12));
    const { ownerId: userId, connectionId, accountId } = ready;
    const context = { userId, connectionId, accountIds: new Map([[ACCOUNT, accountId]]) };
    const executions = Array.from({ length: 10 }, () => fill(claimed, { quantity: '1' }));
    await Promise.all(
      executions.flatMap((fact) => {
        const { executionId } = (fact as Extract<BrokerFact, { kind: 'execution' }>).report;
        const money = { commission: '1', currency: 'USD', brokerRealizedPnl: null };
        const report = { executionId, account: ACCOUNT, ...money };
        const commission = { kind: 'commission', report, receivedAtMs: now() } as const;
        const alone = { fact: commission, owner: null };
        return [commitEvents(db, context, null, [alone]), tell(tradeId, [fact])];
      }),
    );
    const missing = await db.execution.count({ where: { tradeId, commission: null } });
    expect(missing).toBe(0);
  });
});

test('[RSK-2] what the plan and the sweeps read has its indexes', async () => {
  const rows = await db.$queryRaw<{ indexname: string }[]>`
    SELECT indexname FROM pg_indexes WHERE schemaname = 'public'`;
  const names = rows.map(({ indexname }) => indexname);
  expect(names).toEqual(
    expect.arrayContaining([
      'orders_account_id_created_at_idx',
      'decisions_account_id_decided_at_idx',
      'trades_undelivered_idx',
      'trades_unstarted_idx',
      'trades_not_over_idx',
    ]),
  );
});
