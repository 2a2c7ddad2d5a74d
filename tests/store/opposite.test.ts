/** Signals against a trade of their own strategy, as rows. Real PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readAlert } from '../../contract/hooks/alert.js';
import { parseSignal } from '../../contract/signal.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { entryOf } from '../../domain/trade/book.js';
import { applyFact } from '../../domain/trade/fact.js';
import { arm } from '../../failpoints/arm.js';
import { enableFailpoints, FailpointError } from '../../failpoints/failpoint.js';
import { changeTrade } from '../../store/book/change.js';
import { loadBook } from '../../store/book/load.js';
import type { Database } from '../../store/database.js';
import { undeliveredTrades } from '../../store/delivery.js';
import { saveQuotes } from '../../store/market.js';
import { planToSend } from '../../store/planning/plan.js';
import { claimBracket } from '../../store/sending.js';
import { acceptSignal } from '../../store/signals.js';
import { useAccountDatabase } from './support/account-database.js';
import { PLAN_SETTINGS, plannedTrade, sendContext } from './support/planned-trade.js';
import { ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA', 'BBB'], '1000000');
const SHORTS = { ...PLAN_SETTINGS, limits: { ...PLAN_SETTINGS.limits, allowShort: true } };
let db: Database;
let ready: ReadyAccount;
let count = 0;
let generation = 0;
let strategy: string;

beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  strategy = `opposite-${(count += 1)}`;
  // Another strategy's shares would be a conflict; each test's account holds its own alone.
  await db.position.updateMany({ data: { quantity: 0 } });
  await db.reservation.updateMany({ data: { phase: 'RELEASED' } });
  const now = { bid: '99.99', ask: '100.01', bidSize: '500', askSize: '500' } as const;
  const quote = { ...now, halted: false, kind: 'live', atMs: Date.now() } as const;
  const quotes = [1, 2].map((id) => ({
    brokerContractId: id,
    symbol: id === 1 ? 'AAA' : 'BBB',
    quote,
  }));
  await saveQuotes(db, ready.connectionId, quotes);
});

/** A long of ten shares that is approved and not sent. */
const approved = () => plannedTrade(db, ready, { id: `${strategy}-0`, strategy_id: strategy });

/** Claimed, and filled by so many shares at 100. */
async function entered(filled: string): Promise<string> {
  const tradeId = await approved();
  await claimBracket(db, tradeId, await sendContext(db, ready, (generation += 1)), () => null);
  if (filled !== '0') await fill(tradeId, 'ENTRY', 'BUY', filled);
  return tradeId;
}

async function fill(
  tradeId: string,
  role: 'ENTRY' | 'STOP',
  side: 'BUY' | 'SELL',
  quantity: string,
): Promise<void> {
  const { book } = await loadBook(db, tradeId);
  const leg = role === 'ENTRY' ? entryOf(book)! : book.legs.find((each) => each.role === role)!;
  const report: ExecutionReport = {
    ...{ executionId: `${tradeId}.${role}.01`, executionKey: `${tradeId}.${role}`, correction: 1 },
    ...{ clientOrderId: leg.clientOrderId, brokerOrderId: role, sessionOrderId: 1 },
    ...{ sessionClientId: 17, account: ACCOUNT, symbol: 'AAA', brokerContractId: 1 },
    ...{ side, quantity, price: '100', executedAtMs: Date.now() },
  };
  await changeTrade(db, 'inbox.commit', tradeId, Date.now(), (now) =>
    applyFact(now, { kind: 'execution', report, receivedAtMs: Date.now() }),
  );
}

async function signalled(change: Record<string, unknown> = {}): Promise<string> {
  const signal = parseSignal({
    ...{ id: `${strategy}-${Math.random()}`, strategy_id: strategy, symbol: 'AAA', side: 'SELL' },
    ...{ quantity: '10', stop_loss_pct: '0.05', ...change },
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

function plan(
  tradeId: string,
  { settings = PLAN_SETTINGS, final = true, nowMs = Date.now() } = {},
) {
  const { installationId } = ready;
  return planToSend(db, settings, { tradeId, final, nowMs: () => nowMs, installationId });
}

const rowOf = (tradeId: string) => db.trade.findUniqueOrThrow({ where: { id: tradeId } });
const commandsOf = (tradeId: string) => db.command.findMany({ where: { tradeId } });
const toldOf = async (tradeId: string) => {
  const events = await db.tradeEvent.findMany({ where: { tradeId }, orderBy: { id: 'asc' } });
  return events.map(({ kind, summary }) => `${kind}: ${summary}`).join('\n');
};

describe('an alert of a chart that goes flat, and finds nothing to close', () => {
  const within = (more: object) => ({
    ...PLAN_SETTINGS,
    limits: { ...PLAN_SETTINGS.limits, ...more },
  });
  const stop = { stopLossPct: '0.05' };

  test.each([
    ['by default', PLAN_SETTINGS, ['NO_POSITION', 'NO_STOP']],
    ['with shorts', SHORTS, ['NO_STOP']],
    ['with a default stop', within(stop), ['BELOW_MINIMUM_SIZE', 'NO_POSITION']],
    ['with both', within({ ...stop, allowShort: true }), ['BELOW_MINIMUM_SIZE']],
  ])('[SIG-6] opens nothing: %s', async (_, settings, codes) => {
    const alert = {
      ...{ ticker: 'AAA', action: 'sell', price: '100', stop_loss_pct: '0.05' },
      ...{ timenow: new Date().toISOString(), order_id: 'Exit', market_position: 'flat' },
    };
    const { signal } = readAlert({ template: 'tradingview', strategies: [strategy] }, alert);
    const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
    const { outcome } = await plan(tradeId, { settings });
    const denied = outcome.kind === 'denied' ? [...outcome.codes].sort() : outcome.kind;
    expect(denied).toEqual(codes);
  });
});

describe('signals that arrive in another order', () => {
  const at = (beforeNowMs: number) => new Date(Date.now() - beforeNowMs).toISOString();
  const codesOf = async (tradeId: string) => {
    const { outcome } = await plan(tradeId);
    return outcome.kind === 'denied' ? outcome.codes : outcome.kind;
  };

  test('[SIG-4] one that opens, and comes after the one that closes it, opens nothing', async () => {
    const close = await signalled({ generated_at: at(1_000), quantity: '0.00000001' });
    const open = await signalled({ side: 'BUY', generated_at: at(2_000) });
    expect(await codesOf(close)).toEqual(expect.arrayContaining(['BELOW_MINIMUM_SIZE']));
    expect(await codesOf(open)).toEqual(['SIGNAL_OVERTAKEN']);
    expect(await toldOf(open)).toContain(`a SELL (trade ${close})`);
  });

  test('[SIG-4] so it is while the one that closes is not planned yet', async () => {
    const long = await entered('10');
    const close = await signalled({ generated_at: at(1_000) });
    const open = await signalled({ side: 'BUY', generated_at: at(2_000) });
    expect(await codesOf(open)).toContain('SIGNAL_OVERTAKEN');
    // Nor does it end what was made after it: the close is carried out.
    expect(await commandsOf(close)).toEqual([]);
    expect((await plan(close)).woken).toEqual([long]);
  });

  test('[SIG-4] one that closes and comes late ends what was made before it, and that alone', async () => {
    const long = await entered('10');
    const again = await signalled({ side: 'BUY', generated_at: at(1_000) });
    const close = await signalled({ generated_at: at(2_000) });
    const { outcome, woken } = await plan(close);
    expect([outcome, woken]).toMatchObject([{ codes: ['CLOSED_OPPOSITE'] }, [long]]);
    expect(await commandsOf(again)).toEqual([]);
  });

  test('[SIG-4] one that was made later, or that says no time, or comes first, opens', async () => {
    const close = { generated_at: at(2_000), quantity: '0.00000001' };
    for (const generated_at of [at(1_000), close.generated_at, undefined]) {
      strategy = `opposite-${(count += 1)}`;
      await plan(await signalled(close));
      expect(await codesOf(await signalled({ side: 'BUY', generated_at }))).toBe('approved');
    }
    strategy = `opposite-${(count += 1)}`;
    const first = await signalled({ side: 'BUY', generated_at: at(2_000) });
    await plan(await signalled({ generated_at: at(1_000), on_opposite: 'deny' }));
    expect(await codesOf(first)).toBe('approved');
  });

  test('[SIG-4] those of another strategy, contract or side overtake nothing', async () => {
    const later = { generated_at: at(1_000), quantity: '0.00000001' };
    await plan(await signalled({ ...later, symbol: 'BBB' }));
    await plan(await signalled({ ...later, strategy_id: `${strategy}-b` }));
    await plan(await signalled({ ...later, side: 'BUY' }));
    expect(await codesOf(await signalled({ side: 'BUY', generated_at: at(2_000) }))).toBe(
      'approved',
    );
  });
});

describe('close', () => {
  test('[TRD-7] one commit wants the close and denies the signal; both timelines name the other', async () => {
    const long = await entered('10');
    const against = await signalled();
    const { outcome, woken } = await plan(against);
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['CLOSED_OPPOSITE'] });
    expect(woken).toEqual([long]);
    expect(await rowOf(long)).toMatchObject({
      closeRequested: 'opposite_signal',
      state: 'CLOSING',
    });
    expect(await rowOf(against)).toMatchObject({
      state: 'DENIED',
      denialCodes: ['CLOSED_OPPOSITE'],
    });
    expect(await toldOf(long)).toContain(
      `close by the opposite signal of trade ${against}: accepted`,
    );
    expect(await toldOf(against)).toContain(`trade ${long} (BUY) is to end`);
    const { accountId } = await rowOf(long);
    expect(await undeliveredTrades(db, [accountId], 100)).toContain(long);
  });

  test('[TRD-7] repeated, it is wanted once', async () => {
    const long = await entered('10');
    const against = await signalled();
    await plan(against);
    const { seq } = await rowOf(long);
    expect(await plan(against)).toMatchObject({
      outcome: { kind: 'denied', codes: ['CLOSED_OPPOSITE'] },
      woken: [],
    });
    expect(await rowOf(long)).toMatchObject({ seq });
    expect(await commandsOf(long)).toHaveLength(1);
  });

  test('[TRD-7] a plan that dies before its commit has wanted nothing, and the next one does all', async () => {
    const long = await entered('10');
    const against = await signalled();
    const { seq } = await rowOf(long);
    const folder = mkdtempSync(join(tmpdir(), 'ballast-opposite-'));
    const disable = enableFailpoints(folder, 'test');
    arm(folder, 'plan.commit.before', { action: 'throw' });
    try {
      await expect(plan(against)).rejects.toBeInstanceOf(FailpointError);
    } finally {
      disable();
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await rowOf(long)).toMatchObject({ closeRequested: null, seq });
    expect(await rowOf(against)).toMatchObject({ decisionId: null });
    expect((await plan(against)).woken).toEqual([long]);
  });

  test('[TRD-7] an entry that works is cancelled, and closed should it fill before', async () => {
    const long = await entered('0');
    await plan(await signalled());
    expect(await rowOf(long)).toMatchObject({
      ...{ cancelRequested: true, closeRequested: 'opposite_signal' },
    });
    await fill(long, 'ENTRY', 'BUY', '10');
    expect(await rowOf(long)).toMatchObject({ state: 'CLOSING' });
  });

  test('[TRD-7] what was approved and not sent ends unsent', async () => {
    const long = await approved();
    await plan(await signalled());
    const claimed = await claimBracket(
      db,
      long,
      await sendContext(db, ready, (generation += 1)),
      () => null,
    );
    expect(claimed.kind).toBe('refused');
    expect(await rowOf(long)).toMatchObject({ cancelRequested: true });
  });

  test('[TRD-7] what was not planned yet ends unplanned; one that came later is left alone', async () => {
    const first = await signalled({ side: 'BUY' });
    const second = await signalled();
    const third = await signalled({ side: 'BUY' });
    expect((await plan(second)).woken).toEqual([first]);
    expect(await commandsOf(third)).toEqual([]);
    expect((await plan(first)).outcome).toMatchObject({ snapshot: { state: 'CANCELLED' } });
    expect((await plan(third)).outcome.kind).toBe('approved');
  });

  test("[TRD-7] another strategy's, contract's or direction's trade is none of it", async () => {
    const long = await entered('10');
    const others = [{ strategy_id: `${strategy}-b` }, { symbol: 'BBB' }, { side: 'BUY' }];
    const codes: string[][] = [];
    const measured: string[] = [];
    for (const change of others) {
      const tradeId = await signalled(change);
      const { outcome } = await plan(tradeId);
      const { findings } = await db.decision.findFirstOrThrow({ where: { tradeId } });
      measured.push(JSON.stringify(findings));
      codes.push(outcome.kind === 'denied' ? [...outcome.codes] : [outcome.kind]);
    }
    expect(codes).toEqual([
      ['NETTING_CONFLICT', 'NO_POSITION'],
      ['NO_POSITION'],
      ['DUPLICATE_POSITION'],
    ]);
    // By the names that people gave them.
    expect(measured[0]).toContain(`"${strategy} holds 10 and has 1 BUY under way"`);
    expect(measured[2]).toContain(`no other trade of ${strategy} in AAA`);
    expect(await rowOf(long)).toMatchObject({ closeRequested: null });
  });

  test('[TRD-7] an expired signal closes nothing', async () => {
    const long = await entered('10');
    const expires_at = new Date(Date.now() - 1_000).toISOString();
    const { outcome } = await plan(await signalled({ expires_at }));
    expect(outcome).toMatchObject({ codes: ['SIGNAL_EXPIRED', 'OPPOSITE_POSITION'] });
    expect(await commandsOf(long)).toEqual([]);
  });

  test.each([{ onOpposite: 'Deny' }, { approval: 'Required' }, { approvals: 'required' }])(
    '[TRD-7] [RSK-1] settings that can not be read close nothing: %j',
    async (settings) => {
      const long = await entered('10');
      await db.strategy.updateMany({ where: { name: strategy }, data: { settings } });
      const { outcome, woken } = await plan(await signalled(), { settings: SHORTS });
      expect(outcome).toMatchObject({
        ...{ kind: 'denied', codes: ['SETTINGS_INVALID', 'OPPOSITE_POSITION'] },
      });
      expect(woken).toEqual([]);
      expect(await rowOf(long)).toMatchObject({ closeRequested: null, cancelRequested: false });
    },
  );

  test('[TRD-7] plan and changes of the closed trade wait for each other, and never for ever', async () => {
    const long = await entered('5');
    const signals = await Promise.all(Array.from({ length: 6 }, () => signalled()));
    const changes = signals.map((_, index) =>
      changeTrade(db, 'inbox.commit', long, Date.now(), (book) => ({
        book,
        events: [{ kind: 'note', summary: `change ${index}` }],
      })),
    );
    const plans = await Promise.all([...signals.map((id) => plan(id)), ...changes]);
    expect(plans).toHaveLength(12);
    expect((await commandsOf(long)).map(({ verdict }) => verdict)).toEqual(
      Array<string>(6).fill('accepted'),
    );
  });
});

describe('deny', () => {
  test('[TRD-7] by the signal, its strategy or its account, in this order: nothing happens to the trade', async () => {
    const long = await entered('10');
    const { strategyId, accountId } = await rowOf(long);
    const denied = { kind: 'denied', codes: ['OPPOSITE_POSITION'] };
    expect((await plan(await signalled({ on_opposite: 'deny' }))).outcome).toMatchObject(denied);
    const settings = { onOpposite: 'deny' };
    await db.strategy.update({ where: { id: strategyId }, data: { settings } });
    expect((await plan(await signalled())).outcome).toMatchObject(denied);
    await db.strategy.update({ where: { id: strategyId }, data: { settings: {} } });
    await db.account.update({ where: { id: accountId }, data: { settings } });
    expect((await plan(await signalled())).outcome).toMatchObject(denied);
    expect(await rowOf(long)).toMatchObject({ closeRequested: null, cancelRequested: false });
    await db.account.update({ where: { id: accountId }, data: { settings: {} } });
  });
});

describe('reverse', () => {
  const reverse = { on_opposite: 'reverse' };

  test('[TRD-7] [TRD-16] it waits, named and bounded, until that is over and accounted', async () => {
    const long = await entered('10');
    const short = await signalled(reverse);
    const nowMs = Date.now();
    const { outcome, woken } = await plan(short, { settings: SHORTS, nowMs });
    expect(woken).toEqual([long]);
    expect(outcome).toMatchObject({ kind: 'parked', awaitsOther: true, untilMs: nowMs + 30_000 });
    const row = await rowOf(short);
    expect(row).toMatchObject({ state: 'PARKED', decisionId: null });
    expect(row.snapshot).toMatchObject({
      wait: { what: expect.stringContaining(long), untilMs: nowMs + 30_000, then: 'plan' },
    });
    // At a look the market is not asked for, and nothing is wanted or told twice.
    const looked = await plan(short, { settings: SHORTS, final: false, nowMs: nowMs + 5_000 });
    expect(looked).toMatchObject({ outcome: { ...outcome, kind: 'parked' }, woken: [] });
    expect(await commandsOf(long)).toHaveLength(1);
    expect(await db.tradeEvent.count({ where: { tradeId: short, kind: 'parked' } })).toBe(1);

    await fill(long, 'STOP', 'SELL', '10');
    await endOrders(long);
    expect(await rowOf(long)).toMatchObject({ state: 'CLOSED', closedAt: expect.any(Date) });
    expect((await plan(short, { settings: SHORTS })).outcome.kind).toBe('parked');
    expect(await db.reservation.count({ where: { tradeId: short } })).toBe(0);
    await changeTrade(db, 'settle.commit', long, Date.now(), (book) => ({
      book: { ...book, settledAtMs: Date.now() },
      events: [],
    }));
    expect((await plan(short, { settings: SHORTS })).outcome.kind).toBe('approved');
  });

  test('[TRD-7] at the end of its time it is denied, and the close is still wanted', async () => {
    const long = await entered('10');
    const short = await signalled(reverse);
    const nowMs = Date.now();
    await plan(short, { settings: SHORTS, nowMs });
    const { outcome } = await plan(short, { settings: SHORTS, nowMs: nowMs + 30_001 });
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['OPPOSITE_POSITION'] });
    expect(await rowOf(long)).toMatchObject({ state: 'CLOSING' });
  });

  test('[TRD-7] without short selling it is a close, and says so', async () => {
    const long = await entered('10');
    const { outcome, woken } = await plan(await signalled(reverse));
    expect(outcome).toMatchObject({ codes: ['CLOSED_OPPOSITE', 'NO_POSITION'] });
    expect(woken).toEqual([long]);
  });

  test('[TRD-7] what changes its mind again ends the one that waits', async () => {
    const long = await entered('10');
    const short = await signalled(reverse);
    await plan(short, { settings: SHORTS });
    const again = await plan(await signalled({ side: 'BUY' }), { settings: SHORTS });
    expect(again.woken).toEqual([short]);
    expect((await plan(short)).outcome).toMatchObject({ snapshot: { state: 'CANCELLED' } });
    expect(await rowOf(long)).toMatchObject({ state: 'CLOSING' });
  });

  /** The exits' and the entry's own ends, as the broker would tell them. */
  async function endOrders(tradeId: string): Promise<void> {
    const done = { intent: 'SENT', status: 'CANCELLED' };
    await db.order.updateMany({ where: { tradeId, filledQuantity: 0 }, data: done });
    await db.$executeRaw`UPDATE order_incarnations i SET state = 'ENDED'
      FROM orders o WHERE o.id = i.order_row_id AND o.trade_id = ${tradeId}::uuid`;
    await changeTrade(db, 'inbox.commit', tradeId, Date.now(), (book) => ({
      book,
      events: [{ kind: 'note', summary: 'ended' }],
    }));
  }
});
