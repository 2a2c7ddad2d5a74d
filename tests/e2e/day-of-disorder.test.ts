/**
 * A day's disorder on the whole stack: what may befall an account between two mornings, one thing after
 * the other. After each, the gateway's ledger and the books say the same to the share, each finding explains
 * itself, and what belongs to others is as it was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DifferenceView, ReconciliationView } from '../../contract/views.js';
import { backUp, type DatabaseBackup } from '../support/postgres.js';
import { untilTrue } from '../support/workers.js';
import { isAtRest } from '../support/at-rest.js';
import { Day } from './support/day.js';

const PRICES = {
  ...{ AAPL: 100, MSFT: 200, IBM: 150, KO: 60, XOM: 110 },
  ...{ PG: 160, TSLA: 250, JPM: 140, META: 300, ORCL: 80 },
};
const TARGET = { take_profit_pct: '0.10' };
/** What is told later than 10 s was missed. */
const OUTAGE_S = 12;
const SCENE_MS = 120_000;

let day: Day;
const ids: Record<string, string> = {};

beforeAll(async () => {
  day = await Day.open(PRICES);
}, SCENE_MS);
afterAll(() => day?.end(), 60_000);

/** After the split, TSLA's shares wait for a person; after the restore, MSFT's exits do. */
const AFTER_SPLIT = { otherShares: ['TSLA'] };
const AFTER_RESTORE = { ...AFTER_SPLIT, otherExits: ['MSFT'] };

const kindsOf = ({ findings }: ReconciliationView): string[] =>
  findings.map(({ kind, symbol }) => `${kind} ${symbol}`).sort();

/** Reads the findings as a stranger would: each names symbol and numbers, what was done, and why. */
function mustExplain(findings: readonly DifferenceView[]): void {
  for (const { symbol, summary, why, done } of findings) {
    expect(summary).toMatch(new RegExp(`^${symbol}: .*\\d`));
    expect([why.length > 10, done.length > 0]).toEqual([true, true]);
  }
}

/** Reconciles; `reconcile --last`, `doctor` and `positions` say the same. */
async function report(): Promise<ReconciliationView> {
  const found = await day.reconcile();
  mustExplain(found.findings);
  expect(await day.lastReport()).toEqual(found);
  const doctor = (await day.ballast('doctor')).out;
  for (const { symbol, reason } of await day.attention()) {
    expect(doctor).toContain(reason);
    if (symbol !== null) expect(doctor).toContain(`ballast resolve quarantine ${symbol}`);
  }
  return found;
}

/** Foreign shares and the foreign order are as they came, and nobody tried to change them. */
async function mustBeForeign(shares: Record<string, string>): Promise<void> {
  const { orders, messages } = await day.ledger();
  const foreign = orders.filter(({ role }) => role === 'external');
  const live = foreign.filter(({ status }) => status === 'Submitted');
  expect(live.map(({ symbol, quantity, limitPrice }) => [symbol, quantity, limitPrice])).toEqual([
    ['ORCL', '5', '50'],
  ]);
  expect(messages.orders.filter(({ clientId }) => clientId === 0)).toEqual([]);
  const external = (await day.positions()).filter(({ strategy_id: id }) => id === null);
  const held = external.map(({ symbol, quantity }) => [symbol, quantity]);
  expect(Object.fromEntries(held)).toEqual(shares);
}

/** No reference of ours has stood twice at the exchange. */
async function mustBeSingle(): Promise<void> {
  const { orders } = await day.ledger();
  const own = orders.filter(({ orderRef }) => orderRef !== '').map(({ orderRef }) => orderRef);
  expect(own.filter((orderRef, at) => own.indexOf(orderRef) !== at)).toEqual([]);
}

async function sentIn(symbol: string): Promise<number> {
  const { orders } = await day.ledger();
  return orders.filter((order) => order.symbol === symbol && order.role !== 'external').length;
}

test(
  '[REC-2] the morning: trades of two strategies beside shares and an order of somebody else',
  async () => {
    await day.fault('external-order', { symbol: 'ORCL', action: 'BUY', quantity: 20 });
    await day.fault('external-order', { symbol: 'ORCL', action: 'BUY', quantity: 5, limit: 50 });
    for (const symbol of ['AAPL', 'MSFT', 'KO', 'XOM', 'TSLA', 'META']) {
      const entry = { strategy: 'first', symbol, quantity: '10', extra: TARGET };
      ids[symbol] = await day.enter(entry);
    }
    await day.enter({ strategy: 'second', symbol: 'KO', quantity: '6' });
    const resting = { order_type: 'LMT', entry_price: '148' };
    ids['IBM'] = await day.submit({
      strategy: 'first',
      symbol: 'IBM',
      quantity: '8',
      extra: resting,
    });
    await untilTrue('the entry rests', async () => (await sentIn('IBM')) === 2, 20_000);
    await day.settled();
    const { findings } = await report();
    expect(findings.map(({ summary, done }) => [summary, done])).toEqual([
      ['ORCL: an order of somebody else works: BUY 5 LMT at 50 (Submitted)', 'nothing'],
    ]);
  },
  SCENE_MS,
);

test(
  '[REC-1] the gateway restarts',
  async () => {
    const before = await day.stack.db.reconciliation.count({ where: { cause: 'reconnect' } });
    await day.restartGateway(3_000);
    const where = { cause: 'reconnect', finishedAt: { not: null } };
    const isCompared = async () => (await day.stack.db.reconciliation.count({ where })) > before;
    await untilTrue('it was reconciled again', isCompared, 40_000);
    await day.settled();
    expect(kindsOf(await report())).toEqual(['foreign_order ORCL']);
  },
  SCENE_MS,
);

test(
  '[REC-2] 1100: an entry and a target fill while nobody hears of it',
  async () => {
    await day.fault('connection-lost-1101', { seconds: OUTAGE_S });
    await day.prices({ IBM: 147, MSFT: 221 });
    await day.stack.waitFor(ids['MSFT']!, ({ state }) => state === 'CLOSED', 40_000);
    await day.stack.waitFor(ids['IBM']!, isAtRest, 40_000);
    await day.settled();
    await report();
    expect(await day.missed()).toEqual([
      expect.stringMatching(/^IBM: BUY 8 at 147\.01 was told \d+ s late$/),
      expect.stringMatching(/^MSFT: SELL 10 at 220\.99 was told \d+ s late$/),
    ]);
    await report();
  },
  SCENE_MS,
);

test(
  '[BRK-2] the next valid id rolls back: no id is used twice',
  async () => {
    const used = (await day.ledger()).orders.map(({ orderId }) => orderId);
    await day.fault('order-id-rollback', { by: 30 });
    await day.fault('connection-cut');
    ids['JPM'] = await day.enter({ strategy: 'first', symbol: 'JPM', quantity: '12' });
    await day.settled();
    const { orders } = await day.ledger();
    const ofTrade = orders.filter(({ symbol }) => symbol === 'JPM').map(({ orderId }) => orderId);
    expect(Math.min(...ofTrade)).toBeGreaterThan(Math.max(...used));
    expect(kindsOf(await report())).toEqual(['foreign_order ORCL']);
  },
  SCENE_MS,
);

test(
  '[TRD-3] a stop is cancelled in TWS: another one stands within seconds',
  async () => {
    await exitsReplaced('KO');
    await day.settled();
    expect(kindsOf(await report())).toEqual(['foreign_order ORCL']);
  },
  SCENE_MS,
);

test(
  '[REC-2] a position is closed by hand: it is booked to its trade, and its exits go',
  async () => {
    await day.fault('manual-close', { symbol: 'XOM' });
    await day.stack.waitFor(ids['XOM']!, ({ state }) => state === 'CLOSED', 40_000);
    await day.settled();
    expect((await day.timeline(ids['XOM']!)).join('\n')).toContain(
      'SELL 10 at 109.99: closed outside of this system',
    );
    await report();
    const [told] = (await day.attention()).filter(({ symbol }) => symbol === 'XOM');
    expect(told?.reason).toMatch(
      /^10 of the 10 shares of trade \S+ were closed outside of this system \(and [12] earlier\)$/,
    );
    const seen = (await day.ballast('resolve', 'quarantine', 'XOM')).out;
    expect(seen).toContain('SELL 10 at 109.99 by an order that is not of this system');
  },
  SCENE_MS,
);

test(
  '[REC-2] positions are opened by hand, one of them beside a trade: counted, and never touched',
  async () => {
    await day.fault('external-order', { symbol: 'PG', action: 'BUY', quantity: 7 });
    await day.fault('external-order', { symbol: 'JPM', action: 'BUY', quantity: 9 });
    await untilTrue(
      'they are in the books',
      async () => (await day.positions()).some(({ symbol }) => symbol === 'PG'),
      20_000,
    );
    await day.settled();
    await report();
    await mustBeForeign({ ORCL: '20', PG: '7', JPM: '9' });
    await mustBeSingle();
  },
  SCENE_MS,
);

test(
  '[REC-5] a 10:1 split overnight takes the exits: explained, rescaled ones proposed, nothing sent',
  async () => {
    const sent = await sentIn('TSLA');
    await day.fault('overnight-split', { symbol: 'TSLA', ratio: 10 });
    const { findings } = await report();
    const found = Object.fromEntries(findings.map((finding) => [finding.kind, finding]));
    expect(found['corporate_action']?.summary).toMatch(
      /^TSLA: the broker holds 100, the books say 10 of trades: 10 times as many, at a cost of 25\.0\d+ a share instead of 250\.01, as a split makes it$/,
    );
    expect(found['corporate_action']?.why).toContain(
      'SELL 100 (was 10), stop 23.75 (was 237.51), target 27.5 (was 275.01)',
    );
    expect(found['corporate_action']?.done).toBe('the symbol is quarantined');
    expect(found['unprotected']).toMatchObject({ step: 'ask', done: 'a person is asked' });
    expect(await sentIn('TSLA')).toBe(sent);
    await day.settled(AFTER_SPLIT);
  },
  SCENE_MS,
);

test(
  '[REC-2] midnight empties the list of executions: nothing is concluded from that',
  async () => {
    const before = await day.stack.db.execution.count();
    await day.fault('midnight-execution-loss');
    await day.fault('connection-cut');
    await untilTrue('the link is back', () => isReady(), 40_000);
    const found = await report();
    expect(kindsOf(found)).toEqual([
      ...['corporate_action TSLA', 'foreign_order ORCL', 'unprotected TSLA'],
    ]);
    expect(await day.stack.db.execution.count()).toBe(before);
    await day.settled(AFTER_SPLIT);
  },
  SCENE_MS,
);

async function isReady(): Promise<boolean> {
  return (await day.stack.db.connection.count({ where: { ready: true } })) === 1;
}

let backup: DatabaseBackup;

/** Cancels a trade's stop in TWS, and waits until its exits are placed anew. */
async function exitsReplaced(symbol: string): Promise<void> {
  const isReplaced = async () =>
    (await day.timeline(ids[symbol]!)).some((told) => told.includes('(missing_exit)'));
  await day.fault('manual-cancel', { symbol, role: 'stop' });
  await untilTrue('its exits are placed anew', isReplaced);
}

/**
 * An hour of trading that the restored database knows nothing of: a target that filled, a trade, exits that were
 * placed anew for two trades, and one of those that filled.
 */
async function anHour(): Promise<void> {
  await day.prices({ AAPL: 111 });
  await day.stack.waitFor(ids['AAPL']!, ({ state }) => state === 'CLOSED');
  ids['MSFT'] = await day.enter({ strategy: 'third', symbol: 'MSFT', quantity: '4' });
  await exitsReplaced('META');
  await exitsReplaced('JPM');
  await day.settled(AFTER_SPLIT);
  await day.prices({ JPM: 132 });
  await day.stack.waitFor(ids['JPM']!, ({ state }) => state === 'CLOSED');
  await day.settled(AFTER_SPLIT);
  await sleep(OUTAGE_S * 1_000);
}

/** The live exits of the symbol's trade in its book, with what it wants to be there. */
async function liveExits(symbol: string): Promise<string[]> {
  const where = {
    tradeId: ids[symbol]!,
    status: { in: ['ACCEPTED', 'HELD'] },
    role: { not: 'ENTRY' },
  };
  const rows = await day.stack.db.order.findMany({ where, orderBy: { role: 'asc' } });
  return rows.map(({ clientOrderId }) => clientOrderId);
}

test(
  '[REC-3] the database is restored from an hour ago: entries wait for a person, what was missed is booked',
  async () => {
    backup = await backUp(day.stack.databaseUrl);
    await anHour();
    const parts = ['broker-worker', 'trade-worker'] as const;
    await Promise.all(parts.map((part) => day.stack.killWorker(part)));
    await backup.restore();
    await backup.drop();
    const sent = (await day.ledger()).messages.orders.length;
    await Promise.all(parts.map((part) => day.stack.startWorker(part)));

    const isPaused = async () => (await day.attention()).some(({ kind }) => kind === 'recovery');
    await untilTrue('the account is in recovery mode', isPaused, 60_000);
    const aapl = await day.stack.waitFor(
      ids['AAPL']!,
      (trade) => trade.realizedPnl !== null,
      40_000,
    );
    expect([aapl.state, aapl.exitReason]).toEqual(['CLOSED', 'target']);
    // What was placed for them since is theirs: none is placed beside it.
    const jpm = await day.stack.waitFor(ids['JPM']!, (trade) => trade.realizedPnl !== null, 40_000);
    expect([jpm.state, jpm.exitReason]).toEqual(['CLOSED', 'stop']);
    await day.settled(AFTER_RESTORE);
    const { orders } = await day.ledger();
    const working = orders.filter(
      ({ symbol, status, orderRef }) =>
        symbol === 'META' && orderRef !== '' && status.endsWith('Submitted'),
    );
    expect(working).toHaveLength(2);
    expect((await liveExits('META')).sort()).toEqual(
      working.map(({ orderRef }) => orderRef).sort(),
    );
    expect((await day.timeline(ids['META']!)).join('\n')).toMatch(
      /STOP 10 was placed by this system and is not in its database/,
    );

    const found = await report();
    expect(found).toMatchObject({ outcome: 'recovery' });
    expect(await day.missed()).toContainEqual(
      expect.stringMatching(/^AAPL: SELL 10 at 110\.99 was told \d+ s late$/),
    );
    const unknown = found.findings.filter(({ kind }) => kind === 'unknown_reference');
    expect(unknown.map(({ symbol }) => symbol)).toEqual(['MSFT', 'MSFT']);
    const words = unknown.map(({ summary }) => summary).join('\n');
    expect(words).toMatch(/MSFT: .*BUY 4 filled at 221\.01/);
    expect(words).toMatch(/MSFT: .*the order SELL 4 STP at 209\.96 \(PreSubmitted\)/);
    const denied = await day.submit({ strategy: 'fourth', symbol: 'IBM', quantity: '1' });
    await day.stack.waitFor(denied, ({ state }) => state === 'DENIED');
    // What the database doesn't know keeps its stop, and nothing was sent for anything else.
    const { contracts, messages } = await day.ledger();
    const msft = contracts.find(({ symbol }) => symbol === 'MSFT');
    expect([msft?.position, msft?.armedStops.SELL]).toEqual(['4', '4']);
    expect(messages.orders.slice(sent)).toEqual([]);
  },
  SCENE_MS,
);

test(
  '[REC-3] a person resumes, and the day goes on',
  async () => {
    expect((await day.ballast('resume')).out).toContain('1 pauses of accounts lifted');
    expect((await report()).outcome).toBe('found');
    await day.enter({ strategy: 'fourth', symbol: 'META', quantity: '3' });
    await day.settled(AFTER_RESTORE);
    await mustBeForeign({ ORCL: '20', PG: '7', JPM: '9', MSFT: '4' });
    await mustBeSingle();
  },
  SCENE_MS,
);

test(
  '[GWY-7] the referee of the day: nothing twice, nothing lost, little time without cover',
  async () => {
    const { verdicts } = await day.ledger();
    const { unprotectedShareSeconds, excessExitShareSeconds, ...others } = verdicts;
    expect(others).toEqual({
      ...{ duplicateEntries: 0, reReferencedEntries: 0, unlistedEntries: 0, overfilledEntries: 0 },
      ...{ overfilledShares: '0', pacingViolations: 0, stagedGroupsLeftBehind: 0 },
    });
    // The stops that were cancelled in TWS, and the exits of what was closed there.
    expect(Number(unprotectedShareSeconds)).toBeLessThan((10 + 10 + 12) * 5);
    expect(Number(excessExitShareSeconds)).toBeLessThan(10 * 8);
  },
  SCENE_MS,
);
