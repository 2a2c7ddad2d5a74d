/** A quarantine keeps every cause: a new one is told, shown first, and seen before a release. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { attentionChecks } from '../../app/doctor/attention.js';
import { confirmResolution, proposeResolution } from '../../app/resolve.js';
import { pauses } from '../../app/switches.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { splitReason } from '../../domain/trade/corporate-action.js';
import { pauseOnce } from '../../store/account-pauses.js';
import { bookExternal } from '../../store/external-fills.js';
import { CAUSES_MAX } from '../../store/causes.js';
import { addCause, quarantineSymbol } from '../../store/quarantine.js';
import { plan, plannedTrade } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { plainTransact } from '../../store/transact.js';
import { testApp, type TestApp } from './support.js';

const HARMLESS = 'an order nobody remembers is missing';
const RELEASE = { kind: 'quarantine', symbol: 'AAA' } as const;

let it: TestApp;
let tradeId: string;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

beforeEach(async () => {
  tradeId = await plannedTrade(it.db, it.ready, { symbol: 'AAA' });
});
afterEach(async () => {
  await it.db.$executeRaw`DELETE FROM pauses`;
  await it.db.$executeRaw`DELETE FROM notifications`;
  await it.db.$executeRaw`DELETE FROM positions`;
  await it.db.$executeRaw`DELETE FROM reservations`;
  await it.db.trade.updateMany({ data: { closedAt: new Date(), state: 'CANCELLED' } });
});

async function external(order: string, side: 'BUY' | 'SELL', quantity: string): Promise<void> {
  const executionId = randomUUID();
  const report: ExecutionReport = {
    ...{ executionId, executionKey: executionId, correction: 1, clientOrderId: null },
    ...{ brokerOrderId: order, sessionOrderId: 0, sessionClientId: -1, account: ACCOUNT },
    ...{ symbol: 'AAA', brokerContractId: 1, side, quantity, price: '40' },
    executedAtMs: Date.now(),
  };
  const { ownerId, accountId } = it.ready;
  await plainTransact(it.db, (tx) => bookExternal(tx, ownerId, accountId, report));
}

const told = async () => {
  const rows = await it.db.notification.findMany({
    where: { kind: 'quarantine' },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map(({ body }) => (body as { summary: string }).summary);
};
const shown = async () => (await pauses(it.app)).map(({ reason }) => reason);
const doctor = async () =>
  (await attentionChecks(it.app)).map(({ found, remedy }) => `${found}; ${remedy ?? ''}`);

test('[TRD-13] what comes after an older quarantine is told, and shown first', async () => {
  expect(await quarantineSymbol(it.db, { tradeId, reason: HARMLESS })).toBe(true);
  await external('900', 'SELL', '10');
  expect(await told()).toEqual([
    `AAA is quarantined: ${HARMLESS}`,
    expect.stringMatching(/^AAA is quarantined: SELL 10 at 40 .* \(and 1 earlier\)$/),
  ]);
  expect(await shown()).toEqual([expect.stringMatching(/^SELL 10 at 40 .* \(and 1 earlier\)$/)]);
  expect(await it.db.pause.count()).toBe(1);
});

test('[TRD-13] the same cause in every picture is no news, neither are parts of one order', async () => {
  await external('900', 'SELL', '10');
  for (let n = 0; n < 3; n += 1) {
    expect(await quarantineSymbol(it.db, { tradeId, reason: HARMLESS })).toBe(n === 0);
    await external('900', 'SELL', '5');
  }
  expect(await told()).toHaveLength(2);
  await external('901', 'SELL', '5');
  expect(await told()).toHaveLength(3);
  expect(await shown()).toEqual([expect.stringMatching(/\(and 2 earlier\)$/)]);
});

test('[TRD-13] a cause of before the list was kept, or of a reconciliation, is known by its words and numbers', async () => {
  const { accountId } = it.ready;
  const wanted = { accountId, symbol: 'AAA', kind: 'quarantine' } as const;
  await pauseOnce(it.db, 'reconcile.pause.commit', {
    ...{ ...wanted, reason: HARMLESS, evidence: ['books 10, broker 0'] },
  });
  const seen = { accountId, symbol: 'AAA', reason: 'other words', evidence: 'books 10, broker 0' };
  expect(await addCause(it.db, seen)).toBe(false);
  expect(await quarantineSymbol(it.db, { tradeId, reason: HARMLESS })).toBe(false);
  expect(await addCause(it.db, { ...seen, evidence: 'books 10, broker 5' })).toBe(true);
  expect(await shown()).toEqual(['other words (and 1 earlier)']);
  // What a person lifts with it is no reason for another.
  await it.db.pause.updateMany({ data: { liftedAt: new Date() } });
  const again = { ...wanted, reason: 'other words', evidence: ['books 10, broker 5'] };
  expect(await pauseOnce(it.db, 'reconcile.pause.commit', again)).toBe('seen');
});

test('[TRD-13] the list has an end: the first cause and the newest stay', async () => {
  for (let n = 1; n <= CAUSES_MAX + 5; n += 1) {
    await quarantineSymbol(it.db, { tradeId, reason: `cause ${n}` });
  }
  const { causes } = await it.db.pause.findFirstOrThrow();
  expect(causes).toHaveLength(CAUSES_MAX);
  expect(await shown()).toEqual([`cause ${CAUSES_MAX + 5} (and ${CAUSES_MAX + 4} earlier)`]);
  const { evidence } = await proposeResolution(it.app, RELEASE);
  expect(evidence.join('\n')).toMatch(/cause 1\n.*5 more.*\n.*cause 7\n/);
});

test('[RSK-6] a denial names the newest cause', async () => {
  await quarantineSymbol(it.db, { tradeId, reason: HARMLESS });
  await external('900', 'SELL', '10');
  const next = await plannedTrade(it.db, it.ready, { symbol: 'AAA' });
  await plan(it.db, it.ready, next);
  const { findings } = await it.db.decision.findFirstOrThrow({ where: { tradeId: next } });
  expect(JSON.stringify(findings)).toMatch(/SYMBOL_QUARANTINED.*SELL 10 at 40 .*and 1 earlier/);
});

test('[TRD-13] a release shows every cause and what is held outside, and is of what was seen alone', async () => {
  await quarantineSymbol(it.db, { tradeId, reason: HARMLESS });
  await external('900', 'SELL', '10');
  const { code, evidence, does } = await proposeResolution(it.app, RELEASE);
  expect(evidence.join('\n')).toMatch(
    new RegExp(`${HARMLESS}\n.*SELL 10 at 40.*\n.*${ACCOUNT} holds -10 AAA outside of any trade`),
  );
  expect(does.join('\n')).toMatch(/-10 AAA.*stays/);
  await external('901', 'SELL', '5');
  await expect(confirmResolution(it.app, RELEASE, code)).rejects.toThrow(
    `the code ${code} is unknown`,
  );
  await expect(confirmResolution(it.app, RELEASE, '1234')).rejects.toThrow('1234 is no code');
  const anew = await proposeResolution(it.app, RELEASE);
  await confirmResolution(it.app, RELEASE, anew.code);
  expect(await shown()).toEqual([]);
});

test('[REC-5] a trade that was held back for a split hears of the release', async () => {
  await quarantineSymbol(it.db, { tradeId, reason: splitReason('10 are 100') });
  const { code } = await proposeResolution(it.app, RELEASE);
  const { seq } = await it.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await confirmResolution(it.app, RELEASE, code);
  const after = await it.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  // Its workflow plans anew with a newer snapshot alone.
  expect(after.seq).toBeGreaterThan(seq);
});

test('[TRD-11] [REC-5] after a split doctor names `resolve split`, and its cause once for all trades', async () => {
  const second = await plannedTrade(it.db, it.ready, { symbol: 'AAA' });
  const reason = splitReason('AAA: the broker holds 200, the books say 20 of trades');
  await quarantineSymbol(it.db, { tradeId, reason });
  const waits = (id: string, what: string) =>
    it.db.trade.update({
      where: { id },
      data: { snapshot: { wait: { what, then: 'ask a person' } } },
    });
  for (const id of [tradeId, second])
    await waits(id, `a person: ${reason} ("ballast resolve split")`);
  const [line, ...more] = await doctor();
  expect(more).toEqual([]);
  expect(line).toContain(`trade ${tradeId}, ${second} AAA ${ACCOUNT}: ${reason}`);
  expect(line).toContain(`"ballast resolve split ${tradeId}" carries all 2 trades across`);
  expect(line!.indexOf('resolve split')).toBeLessThan(line!.indexOf('resolve quarantine'));
  // Another matter of theirs is told beside it, once.
  for (const id of [tradeId, second]) await waits(id, 'a person: the close was refused too often');
  const lines = await doctor();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`trade ${tradeId}, ${second} AAA: a person: the close was refused`);
});

test('[TRD-11] doctor names a trade in doubt, with what the account holds outside of it', async () => {
  await external('900', 'SELL', '10');
  await it.db.$executeRaw`DELETE FROM pauses`;
  expect((await doctor()).join('\n')).not.toContain('doubt');
  const doubt = 'its exits opened a position, so the result is in doubt';
  const closedAt = new Date(Date.now() - 40 * 86_400_000);
  await it.db.trade.update({ where: { id: tradeId }, data: { doubt, state: 'CLOSED', closedAt } });
  expect((await doctor()).join('\n')).toMatch(
    new RegExp(`trade ${tradeId} AAA ${ACCOUNT}: ${doubt}; -10 AAA are held outside.*buy 10 AAA`),
  );
  // Nobody has to do anything about an old one whose shares are gone.
  await external('902', 'BUY', '10');
  await it.db.$executeRaw`DELETE FROM pauses`;
  expect((await doctor()).join('\n')).not.toContain('doubt');
});

test('[TRD-11] doctor names shares outside that are opposite to a trade, with what to do', async () => {
  await external('900', 'SELL', '4');
  await it.db.$executeRaw`DELETE FROM pauses`;
  await it.db.trade.update({
    where: { id: tradeId },
    data: { state: 'OPEN', heldQuantity: 10, openedAt: new Date() },
  });
  expect((await doctor()).join('\n')).toMatch(
    new RegExp(
      `AAA ${ACCOUNT}: -4 AAA .*opposite to trade ${tradeId.slice(0, 8)} \\(long 10\\).*ballast reconcile.*resolve difference ${tradeId}`,
    ),
  );
  // An order in TWS would open what the trades count already.
  expect((await doctor()).join('\n')).not.toContain('in TWS');
  await it.db.trade.update({ where: { id: tradeId }, data: { side: 'SELL' } });
  expect((await doctor()).join('\n')).not.toContain('opposite');
});
