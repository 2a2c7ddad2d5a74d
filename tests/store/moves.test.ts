/** Moves of an open trade's exits as rows: unique by key, audited, judged by stored quotes. Real PostgreSQL. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CommandRequest } from '../../contract/activities.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { entryOf } from '../../domain/trade/book.js';
import { applyFact } from '../../domain/trade/fact.js';
import { changeTrade } from '../../store/book/change.js';
import { loadBook } from '../../store/book/load.js';
import { recordGivenCommand } from '../../store/commands.js';
import type { Database } from '../../store/database.js';
import { saveQuotes } from '../../store/market.js';
import { claimBracket } from '../../store/sending.js';
import { TRAILS_MAX, trailingTrades } from '../../store/trailing.js';
import { useAccountDatabase } from './support/account-database.js';
import { plannedTrade, sendContext } from './support/planned-trade.js';
import { ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let db: Database;
let ready: ReadyAccount;
let generation = 0;

beforeAll(() => {
  ({ db, ready } = opened());
});

/** Ten shares bought at 100, with a stop that was planned at 95. */
async function held(): Promise<string> {
  const tradeId = await plannedTrade(db, ready, { stop_loss: '95', stop_loss_pct: undefined });
  const context = await sendContext(db, ready, (generation += 1));
  await claimBracket(db, tradeId, context, () => null);
  const { clientOrderId } = entryOf((await loadBook(db, tradeId)).book)!;
  const executionId = `m${generation}.01`;
  const report: ExecutionReport = {
    ...{ executionId, executionKey: `m${generation}`, correction: 1, clientOrderId },
    ...{ brokerOrderId: '1', sessionOrderId: 1, sessionClientId: 17, account: ACCOUNT },
    ...{ symbol: 'AAA', brokerContractId: 1, side: 'BUY', quantity: '10', price: '100' },
    executedAtMs: Date.now(),
  };
  await changeTrade(db, 'inbox.commit', tradeId, Date.now(), (book) =>
    applyFact(book, { kind: 'execution', report, receivedAtMs: Date.now() }),
  );
  return tradeId;
}

async function quote(bid: string, ask: string): Promise<void> {
  const sizes = { bidSize: '500', askSize: '500', halted: false, kind: 'live' } as const;
  const now = { bid, ask, ...sizes, atMs: Date.now() };
  await saveQuotes(db, ready.connectionId, [{ brokerContractId: 1, symbol: 'AAA', quote: now }]);
}

const give = (tradeId: string, key: string, change: Partial<CommandRequest>) => {
  const request = { tradeId, key, actor: 'test', cause: 'manual', kind: 'move_stop' } as const;
  return recordGivenCommand(db, { ...request, ...change }, { nowMs: Date.now(), limits: {} });
};
const rowsOf = (tradeId: string) =>
  db.command.findMany({ where: { tradeId }, orderBy: { createdAt: 'asc' } });

describe('[TRD-5] a move is a row before anybody is told', () => {
  test('with its price, its wish in the book, and its trade to be delivered', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    const taken = await give(tradeId, 'k1', { terms: { price: '96', widen: false } });
    expect(taken).toMatchObject({ verdict: 'accepted', reason: null });
    expect(taken.snapshot.moves?.stop).toMatchObject({ price: '96', state: 'wanted', seq: 1 });
    expect(await rowsOf(tradeId)).toMatchObject([
      { kind: 'move_stop', verdict: 'accepted', body: { terms: { price: '96' } } },
    ]);
    const { book } = await loadBook(db, tradeId);
    expect(book.wishes.moves.stop?.price).toBe('96');
    expect(book.exits.stopPrice).toBe('95');
    const row = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    expect(row.wakeSeq).toBe(row.seq);
    expect(row.moves).toMatchObject({ stop: { price: '96' } });
  });

  test('the same key is the same price; another price under it is refused', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    const first = await give(tradeId, 'k2', { terms: { price: '96' } });
    expect((await give(tradeId, 'k2', { terms: { price: '96' } })).verdict).toBe(first.verdict);
    const other = await give(tradeId, 'k2', { terms: { price: '97' } });
    expect(other).toMatchObject({
      verdict: 'refused',
      reason: 'the key k2 was given with move_stop 96 before: give another one',
    });
    expect(await rowsOf(tradeId)).toHaveLength(1);
  });

  test('a refusal is kept with its numbers, in the row and in the timeline', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    const reason = /a stop at 100 would trigger at once: the bid is 100 /;
    const refused = await give(tradeId, 'k3', { terms: { price: '100' } });
    expect(refused).toMatchObject({ verdict: 'refused', reason: expect.stringMatching(reason) });
    expect(await rowsOf(tradeId)).toMatchObject([{ verdict: 'refused', actor: 'test' }]);
    const events = await db.tradeEvent.findMany({ where: { tradeId, kind: 'command' } });
    expect(events[0]?.summary).toMatch(/^move_stop 100 by test: refused, a stop at 100/);
  });

  test('[RSK-3] [RSK-2] a wider stop names its loss, is bounded, and others see what it may lose', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    const openRisk = async () =>
      String((await db.reservation.findUniqueOrThrow({ where: { tradeId } })).openRisk);
    const wider = (price: string, widen: boolean) =>
      give(tradeId, `w${price}${widen}`, { terms: { price, widen } });
    const before = await openRisk();
    expect(await wider('90', false)).toMatchObject({
      verdict: 'refused',
      reason: expect.stringMatching(/risks 100.00 USD instead of 50.00, 0.01 % of .*--widen/),
    });
    expect(await openRisk()).toBe(before);
    const taken = await wider('90', true);
    expect(taken).toMatchObject({ verdict: 'accepted' });
    expect(taken.reason).toBe('risks 100.00 USD instead of 50.00, 0.01 % of net liquidation');
    expect(await openRisk()).toBe('100');
    await db.account.updateMany({ data: { netLiquidation: '20000' } });
    expect(await wider('79', true)).toMatchObject({
      verdict: 'refused',
      reason: expect.stringMatching(/RISK_PER_TRADE: 210.00 at risk, at most 200.00/),
    });
    await db.account.updateMany({ data: { netLiquidation: '1000000' } });
  });

  test('[RSK-5] [RSK-3] no stop is widened while a mode, a pause or the halt file lets nothing be opened', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    let given = 0;
    const wider = (isHalted = false) => {
      given += 1;
      const terms = { price: '90', widen: true };
      const request = { tradeId, key: `h${given}`, actor: 'test', cause: 'manual', terms };
      const by = { nowMs: Date.now(), limits: {}, isHalted };
      return recordGivenCommand(db, { ...request, kind: 'move_stop' }, by);
    };
    const refused = (why: RegExp) => ({
      verdict: 'refused',
      reason: expect.stringMatching(why) as unknown,
    });
    await db.account.updateMany({ data: { mode: 'REDUCING' } });
    expect(await wider()).toMatchObject(refused(/REDUCE_ONLY/));
    await db.account.updateMany({ data: { mode: 'ACTIVE' } });
    expect(await wider(true)).toMatchObject(refused(/TRADING_HALTED: HALT_FILE/));
    const { ownerId: userId, accountId } = ready;
    const pause = await db.pause.create({
      data: { userId, accountId, kind: 'recovery', reason: 'unexplained' },
    });
    expect(await wider()).toMatchObject(refused(/ACCOUNT_PAUSED/));
    await db.pause.delete({ where: { id: pause.id } });
    expect(await wider()).toMatchObject({ verdict: 'accepted' });
  });

  test('a trail is found by whoever holds the link, until a stop is moved by hand', async () => {
    const tradeId = await held();
    await quote('100', '100.02');
    const trail = { kind: 'trail', terms: { trail: { fraction: '0.02' } } } as const;
    expect((await give(tradeId, 'k4', trail)).verdict).toBe('accepted');
    const { book } = await loadBook(db, tradeId);
    expect(book.wishes.moves.trail).toMatchObject({ by: { fraction: '0.02' }, best: '100' });
    const found = async () =>
      (await trailingTrades(db, [ready.accountId], 10)).map((each) => each.tradeId);
    expect(await found()).toEqual([tradeId]);
    expect((await give(tradeId, 'k5', { terms: { price: '96' } })).verdict).toBe('accepted');
    expect(await found()).toEqual([]);
  });

  test('[TRD-16] one more than are looked at is refused, and told why; one that trails may change', async () => {
    await quote('100', '100.02');
    const [tradeId, other] = [await held(), await held()];
    const by = (fraction: string) => ({ kind: 'trail', terms: { trail: { fraction } } }) as const;
    expect((await give(tradeId, 'k6', by('0.02'))).verdict).toBe('accepted');
    await db.$transaction([
      // Copies of the trade alone, without what else it consists of.
      db.$executeRaw`SET LOCAL session_replication_role = replica`,
      db.$executeRaw`
        INSERT INTO trades SELECT (jsonb_populate_record(t, jsonb_build_object(
          'id', gen_random_uuid(), 'signal_row_id', gen_random_uuid()))).*
          FROM trades t, generate_series(2, ${TRAILS_MAX}) WHERE t.id = ${tradeId}::uuid`,
    ]);
    const refused = await give(other, 'k7', by('0.02'));
    expect(refused).toMatchObject({ verdict: 'refused' });
    expect(refused.reason).toMatch(/500 trades trail already/);
    expect((await give(tradeId, 'k8', by('0.03'))).verdict).toBe('accepted');
  });
});
