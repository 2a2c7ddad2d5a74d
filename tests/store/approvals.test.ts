/** Trades that wait for a person's word: what is asked, who decides, and what follows. Real PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalRequest, PlanOutcome } from '../../contract/activities.js';
import { parseSignal } from '../../contract/signal.js';
import { decideApproval } from '../../store/approvals.js';
import { recordCommand } from '../../store/commands.js';
import { openDatabase, type Database } from '../../store/database.js';
import { planTrade } from '../../store/planning/plan.js';
import { listApprovals, listAttention } from '../../store/reads.js';
import { withdrawEntry } from '../../store/settlement.js';
import { acceptSignal } from '../../store/signals.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import type { ReadyAccount } from './support/ready-account.js';

const MINUTE_MS = 60_000;
/** Races are run that often: whoever is first differs. */
const RACES = 12;
const CONNECTIONS = 4;

const opened = useAccountDatabase(['AAA'], '10000000');
let db: Database;
let ready: ReadyAccount;
let others: Database[];

beforeAll(() => {
  ({ db, ready } = opened());
  others = Array.from({ length: CONNECTIONS }, () => openDatabase({ url: opened().url }));
}, 60_000);
afterAll(async () => {
  for (const other of others) await other.$disconnect();
});
beforeEach(async () => {
  await quoted('100', '100.02');
  await db.installation.updateMany({ data: { mode: 'ACTIVE' } });
});

async function quoted(bid: string, ask: string): Promise<void> {
  await db.quote.updateMany({ data: { bid, ask, at: new Date() } });
}

let count = 0;
async function accepted(change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const signal = parseSignal({
    ...{ id: `approval-${count}`, strategy_id: `approval-${count}`, symbol: 'AAA', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', ...change },
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

const REQUIRED = { ...PLAN_SETTINGS, limits: { ...PLAN_SETTINGS.limits, approval: 'required' } };

function plan(tradeId: string, on = db, nowMs = Date.now()): Promise<PlanOutcome> {
  const request = { tradeId, final: true, nowMs, installationId: ready.installationId };
  return planTrade(on, REQUIRED as typeof PLAN_SETTINGS, request);
}

async function asked(change: Record<string, unknown> = {}): Promise<string> {
  const tradeId = await accepted(change);
  expect(await plan(tradeId)).toMatchObject({ kind: 'parked', awaitsApproval: true });
  return tradeId;
}

let keys = 0;
function say(
  tradeId: string,
  verdict: ApprovalRequest['verdict'],
  change: Partial<ApprovalRequest> = {},
  on = db,
) {
  keys += 1;
  const request = { tradeId, verdict, key: `k-${keys}`, actor: 'cli:anna', ...change };
  return decideApproval(on, request, Date.now());
}

/** Its time is over after that long, by the database's clock. */
async function endsIn(tradeId: string, ms: number): Promise<void> {
  await db.$executeRaw`UPDATE approvals SET expires_at = clock_timestamp() + ${ms} * interval '1 millisecond'
    WHERE trade_id = ${tradeId}::uuid`;
}

const rowOf = (tradeId: string) => db.trade.findUniqueOrThrow({ where: { id: tradeId } });
const approvalOf = (tradeId: string) => db.approval.findUniqueOrThrow({ where: { tradeId } });
const auditOf = (tradeId: string) =>
  db.auditEntry.findMany({ where: { subject: `trade ${tradeId}` }, orderBy: { id: 'asc' } });
const kindsOf = async (tradeId: string) =>
  (await db.tradeEvent.findMany({ where: { tradeId }, orderBy: { id: 'asc' } })).map(
    ({ kind }) => kind,
  );

describe('[SIG-3] asking', () => {
  test('a trade that passes every check waits, with its cause and end; nothing is decided or kept', async () => {
    const tradeId = await accepted();
    const outcome = await plan(tradeId);
    const { expiresAt, askedAt, verdict } = await approvalOf(tradeId);
    expect(expiresAt.getTime() - askedAt.getTime()).toBeGreaterThan(15 * MINUTE_MS - 1_000);
    expect(expiresAt.getTime() - askedAt.getTime()).toBeLessThanOrEqual(15 * MINUTE_MS);
    expect(verdict).toBeNull();
    expect(outcome).toMatchObject({ untilMs: expiresAt.getTime(), awaitsApproval: true });
    const row = await rowOf(tradeId);
    expect(row).toMatchObject({ state: 'AWAITING_APPROVAL', decisionId: null });
    expect(row.failure).toBe(
      'waits to be approved: BUY 10 AAA @ 100.02 stop 95.02, risks 50.00 USD',
    );
    expect(row.snapshot).toMatchObject({ wait: { untilMs: expiresAt.getTime(), then: 'deny' } });
    expect(await db.decision.count({ where: { tradeId } })).toBe(0);
    expect(await db.reservation.count({ where: { tradeId } })).toBe(0);
    expect(await db.order.count({ where: { tradeId } })).toBe(0);
    const told = await db.notification.findMany({ where: { tradeId } });
    expect(told).toMatchObject([{ kind: 'approval_wanted' }]);
  });

  test('it is asked and told once, however often it is planned; a waiver changes nothing of it', async () => {
    const tradeId = await asked();
    const first = await approvalOf(tradeId);
    await plan(tradeId);
    const request = {
      tradeId,
      final: true,
      nowMs: Date.now(),
      installationId: ready.installationId,
    };
    expect(await planTrade(db, PLAN_SETTINGS, request)).toMatchObject({ awaitsApproval: true });
    expect(await approvalOf(tradeId)).toEqual(first);
    expect(await kindsOf(tradeId)).toEqual(['signal', 'approval_wanted']);
  });

  test('a strategy says for itself whether it needs one', async () => {
    const tradeId = await accepted();
    const { strategyId } = await rowOf(tradeId);
    await db.strategy.update({
      where: { id: strategyId },
      data: { settings: { approval: 'none' } },
    });
    expect((await plan(tradeId)).kind).toBe('approved');
  });

  test('what is denied anyway is denied, and nobody is asked', async () => {
    const tradeId = await accepted({ stop_loss_pct: undefined });
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', codes: ['NO_STOP'] });
    expect(await db.approval.count({ where: { tradeId } })).toBe(0);
  });

  test("a trade of the other direction isn't ended before the word", async () => {
    const of = { strategy_id: 'turning' };
    const first = await asked(of);
    await say(first, 'approved');
    expect((await plan(first)).kind).toBe('approved');
    const second = await accepted({ ...of, side: 'SELL' });
    expect(await plan(second)).toMatchObject({ awaitsApproval: true });
    expect(await rowOf(first)).toMatchObject({ cancelRequested: false });
    await say(second, 'approved');
    expect(await plan(second)).toMatchObject({ kind: 'denied', codes: ['CLOSED_OPPOSITE'] });
    expect(await rowOf(first)).toMatchObject({ cancelRequested: true });
    await withdrawEntry(db, first, Date.now());
  });

  test('it is listed with its numbers and the time that is left, until it is decided', async () => {
    const tradeId = await asked();
    const listed = async () =>
      (await listApprovals(db, ready.ownerId, 100)).find((one) => one.trade_id === tradeId);
    expect(await listed()).toMatchObject({
      ...{ symbol: 'AAA', side: 'BUY', quantity: '10', price: '100.02', risk: '50.00' },
    });
    expect((await listed())!.seconds_left).toBeGreaterThan(890);
    const attention = await listAttention(db, ready.ownerId);
    expect(attention.filter(({ trade_id: id }) => id === tradeId)).toMatchObject([
      { kind: 'approval' },
    ]);
    await say(tradeId, 'rejected');
    expect(await listed()).toBeUndefined();
  });
});

describe('[SIG-3] a decision', () => {
  test('an approval lets the next plan pass, once; who and when are kept', async () => {
    const tradeId = await asked();
    expect(await say(tradeId, 'approved')).toMatchObject({ verdict: 'accepted' });
    const trade = await rowOf(tradeId);
    // Its workflow is told, or a sweep finds that it wasn't.
    expect(trade.wakeSeq).toBeGreaterThan(trade.deliveredSeq);
    expect(await plan(tradeId)).toMatchObject({ kind: 'approved', quantity: '10' });
    expect(await kindsOf(tradeId)).toEqual(['signal', 'approval_wanted', 'approval', 'approved']);
    expect(await auditOf(tradeId)).toMatchObject([{ actor: 'cli:anna', action: 'approve' }]);
    expect((await approvalOf(tradeId)).decidedAt).not.toBeNull();
  });

  test('a rejection ends the trade with its code, and says who, when and why', async () => {
    const tradeId = await asked();
    await say(tradeId, 'rejected', { reason: 'not today' });
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', codes: ['NOT_APPROVED'] });
    const row = await rowOf(tradeId);
    expect(row).toMatchObject({ state: 'DENIED', denialCodes: ['NOT_APPROVED'] });
    expect(row.failure).toMatch(/rejected by cli:anna at \d{4}-.*: not today/);
    expect(await auditOf(tradeId)).toMatchObject([
      { action: 'reject', body: { reason: 'not today' } },
    ]);
    expect(await db.reservation.count({ where: { tradeId } })).toBe(0);
  });

  test('a second one is refused, naming who decided and when; its own repeat is not', async () => {
    const tradeId = await asked();
    await say(tradeId, 'approved', { key: 'once' });
    expect(await say(tradeId, 'approved', { key: 'once' })).toMatchObject({ verdict: 'accepted' });
    for (const verdict of ['approved', 'rejected'] as const) {
      const answer = await say(tradeId, verdict, { actor: 'cli:bert' });
      expect(answer.verdict).toBe('refused');
      expect(answer.reason).toMatch(/^it was approved by cli:anna at \d{4}-/);
    }
    expect(await say(tradeId, 'rejected', { key: 'once' })).toMatchObject({ verdict: 'refused' });
    expect(await auditOf(tradeId)).toHaveLength(1);
    expect(await kindsOf(tradeId)).toEqual(['signal', 'approval_wanted', 'approval']);
  });

  test('nobody takes it back, not even by the row', async () => {
    const tradeId = await asked();
    await say(tradeId, 'rejected');
    const change = { where: { tradeId }, data: { verdict: 'approved' } };
    await expect(db.approval.update(change)).rejects.toThrow('a decision is not taken back');
  });

  test('on a trade that waits for none it is refused', async () => {
    const tradeId = await accepted();
    expect(await say(tradeId, 'approved')).toMatchObject({
      ...{ verdict: 'refused', reason: 'the trade waits for no approval (RECEIVED)' },
    });
  });

  test('after a cancel it is refused, and the trade ends cancelled', async () => {
    const tradeId = await asked();
    const cancel = { key: 'c', actor: 'test', cause: 'manual', kind: 'cancel_entry' } as const;
    expect(
      await recordCommand(db, { tradeId, ...cancel }, { nowMs: Date.now(), limits: {} }),
    ).toMatchObject({
      ...{ verdict: 'accepted', snapshot: { cancelRequested: true } },
    });
    expect(await say(tradeId, 'approved')).toMatchObject({
      ...{ verdict: 'refused', reason: 'the trade is to be cancelled' },
    });
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', snapshot: { state: 'CANCELLED' } });
    expect(await say(tradeId, 'approved')).toMatchObject({
      reason: 'the trade is over (CANCELLED)',
    });
  });
});

describe('[SIG-3] its time', () => {
  test('runs out: denied with its code, on record, and an approval comes too late', async () => {
    const tradeId = await asked();
    await endsIn(tradeId, -1);
    const late = await say(tradeId, 'approved');
    expect(late).toMatchObject({ verdict: 'refused' });
    expect(late.reason).toMatch(/^its time was over at/);
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', codes: ['NOT_APPROVED'] });
    expect(await approvalOf(tradeId)).toMatchObject({ verdict: 'expired', actor: 'trade' });
    expect(await auditOf(tradeId)).toMatchObject([{ actor: 'trade', action: 'approval_expired' }]);
    expect((await say(tradeId, 'rejected')).reason).toMatch(/^its time was over at/);
  });

  test("is the database's: a clock that is ahead here ends none", async () => {
    const tradeId = await asked();
    const outcome = await plan(tradeId, db, Date.now() + 60 * MINUTE_MS);
    expect(outcome).toMatchObject({ awaitsApproval: true });
  });

  test('a word that nobody could carry out in time counts no more', async () => {
    const tradeId = await asked();
    await db.$executeRaw`UPDATE approvals SET verdict = 'approved', actor = 'cli:anna',
      decided_at = clock_timestamp() - interval '16 minutes' WHERE trade_id = ${tradeId}::uuid`;
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', codes: ['NOT_APPROVED'] });
    expect((await rowOf(tradeId)).failure).toContain('not sent within');
  });
});

describe('[SIG-3] everything is checked again', () => {
  test('a halt that came meanwhile, and a price that went away, deny, each with its code', async () => {
    const tradeId = await asked();
    await db.installation.updateMany({ data: { mode: 'HALTED' } });
    await quoted('103', '103.02');
    await say(tradeId, 'approved');
    const outcome = await plan(tradeId);
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['TRADING_HALTED', 'PRICE_DEVIATION'] });
    const { decisionId } = await rowOf(tradeId);
    const decision = await db.decision.findUniqueOrThrow({ where: { id: decisionId! } });
    expect(decision.findings).toMatchObject([
      { code: 'TRADING_HALTED' },
      { measured: expect.stringContaining('against 100.02') },
    ]);
  });

  test.each(['REDUCING', 'HALTED'])(
    '%s on the strategy denies as it does any entry',
    async (mode) => {
      const tradeId = await asked();
      const { strategyId } = await rowOf(tradeId);
      await db.strategy.update({ where: { id: strategyId }, data: { mode } });
      await say(tradeId, 'approved');
      expect(await plan(tradeId)).toMatchObject({ kind: 'denied' });
    },
  );

  test('a pause denies as well', async () => {
    const tradeId = await asked();
    const { strategyId, userId } = await rowOf(tradeId);
    await db.pause.create({ data: { userId, strategyId, kind: 'manual', reason: 'a holiday' } });
    await say(tradeId, 'approved');
    expect(await plan(tradeId)).toMatchObject({ kind: 'denied', codes: ['STRATEGY_PAUSED'] });
  });

  test('two that wait for the same position hold nothing: the second is denied', async () => {
    const of = { strategy_id: 'twice' };
    const [first, second] = [await asked(of), await asked(of)];
    await say(first, 'approved');
    await say(second, 'approved');
    expect((await plan(first)).kind).toBe('approved');
    expect(await plan(second)).toMatchObject({ codes: ['DUPLICATE_POSITION'] });
  });

  test('a link that is down then is waited for as long as by any new signal, a closed market is not', async () => {
    const tradeId = await asked({ when_closed: 'queue' });
    await say(tradeId, 'approved');
    // It was received long before: by its own age nothing would be waited for any more.
    const { signalRowId } = await rowOf(tradeId);
    const receivedAt = new Date(Date.now() - 14 * MINUTE_MS);
    await db.signal.update({ where: { id: signalRowId }, data: { receivedAt } });
    await db.connection.updateMany({ data: { ready: false } });
    const nowMs = Date.now();
    const parked = await plan(tradeId, db, nowMs);
    await db.connection.updateMany({ data: { ready: true } });
    expect(parked).toMatchObject({ kind: 'parked', untilMs: nowMs + PLAN_SETTINGS.outageWaitMs });
    const contract = await db.contract.findFirstOrThrow({ where: { symbol: 'AAA' } });
    const opensMs = Date.now() + 60 * MINUTE_MS;
    const sessions = [{ openMs: opensMs, closeMs: opensMs + MINUTE_MS, liquid: true }];
    const hours = { sessions, fromMs: 0, untilMs: opensMs + MINUTE_MS };
    const told = (body: object) =>
      db.contract.update({ where: { id: contract.id }, data: { body: body as never } });
    await told({ ...(contract.body as object), hours });
    const shut = await plan(tradeId);
    await told(contract.body as object);
    expect(shut).toMatchObject({ kind: 'denied', codes: ['MARKET_CLOSED'] });
  });

  test('a plan made anew, because its entry was not taken, needs no second word', async () => {
    const tradeId = await asked();
    await say(tradeId, 'approved');
    await plan(tradeId);
    await withdrawEntry(db, tradeId, Date.now());
    expect((await plan(tradeId)).kind).toBe('approved');
    expect(await db.approval.count({ where: { tradeId } })).toBe(1);
  });
});

describe('[SIG-3] races over several connections', () => {
  test('of many that decide at once exactly one is taken, and the others are told who', async () => {
    for (let race = 0; race < RACES; race += 1) {
      const tradeId = await asked();
      const answers = await Promise.all(
        others.map((on, index) => {
          const verdict = index % 2 === 0 ? 'approved' : 'rejected';
          return say(tradeId, verdict, { actor: `cli:${index}` }, on);
        }),
      );
      const { actor, verdict } = await approvalOf(tradeId);
      const taken = answers.filter((answer) => answer.verdict === 'accepted');
      expect(taken).toHaveLength(1);
      expect(answers[Number(actor!.slice('cli:'.length))]).toBe(taken[0]);
      for (const { reason } of answers.filter((answer) => answer !== taken[0])) {
        expect(reason).toContain(`it was ${verdict} by ${actor} at`);
      }
      expect(await auditOf(tradeId)).toHaveLength(1);
    }
  }, 60_000);

  test('of an approval and the end of its time exactly one wins, by the row', async () => {
    const ends = new Set<string>();
    for (let race = 0; race < RACES * 2; race += 1) {
      const tradeId = await asked();
      await endsIn(tradeId, 40);
      const word = sleep(10 + race * 2).then(() => say(tradeId, 'approved', {}, others[0]));
      const plans = [1, 2].map(async (index) => {
        await sleep(30 + (race % 6) * 4);
        return plan(tradeId, others[index]);
      });
      const answer = await word;
      await Promise.all(plans);
      await sleep(45);
      const last = await plan(tradeId);
      const { verdict } = await approvalOf(tradeId);
      ends.add(verdict!);
      expect(verdict).toBe(answer.verdict === 'accepted' ? 'approved' : 'expired');
      expect(last.kind).toBe(verdict === 'approved' ? 'approved' : 'denied');
      expect(await auditOf(tradeId)).toHaveLength(1);
    }
    expect([...ends].sort()).toEqual(['approved', 'expired']);
  }, 60_000);
});
