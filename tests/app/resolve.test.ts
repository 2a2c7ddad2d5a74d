/** `resolve`: shown first, done by its code while nothing has changed, audited. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listAudit } from '../../app/audit.js';
import { listOpen, loadTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { attentionChecks } from '../../app/doctor/attention.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { unanswered } from '../../domain/trade/outcome.js';
import { changeTrade } from '../../store/book/change.js';
import { commitEvents } from '../../store/inbox.js';
import { expectedPosition } from '../../store/positions.js';
import { claimBracket, refsOf } from '../../store/sending.js';
import { saveQuotes } from '../../store/market.js';
import { bookExternal } from '../../store/external-fills.js';
import { plainTransact } from '../../store/transact.js';
import { plannedTrade, sendContext } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { SYMBOLS, testApp, type TestApp } from './support.js';
import { tellFilled } from './support-status.js';

type Listed = (typeof SYMBOLS)[number];

let it: TestApp;
let generation = 0;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

const contractId = (symbol: Listed) => SYMBOLS.indexOf(symbol) + 1;
const held = (symbol: Listed) =>
  expectedPosition(it.db, it.ready.accountId, ACCOUNT, contractId(symbol));
const tradeOf = async (id: string) => (await loadTrade(it.app, id))!;

/** A trade whose bracket was claimed, and never answered. */
async function unansweredTrade(symbol: Listed, isAwaited = false): Promise<string> {
  const tradeId = await plannedTrade(it.db, it.ready, { symbol });
  generation += 1;
  const context = await sendContext(it.db, it.ready, generation);
  const claimed = await claimBracket(it.db, tradeId, context, () => null);
  if (claimed.kind === 'refused') throw new Error(claimed.reason);
  if (isAwaited) return tradeId;
  const refs = refsOf(claimed.group);
  await changeTrade(it.db, 'unknown.commit', tradeId, Date.now(), (book) => unanswered(book, refs));
  // Half a minute ago: pictures of now are of a time when it had arrived.
  await it.db.$executeRaw`UPDATE order_incarnations SET claimed_at = claimed_at - interval '30 s',
    written_at = written_at - interval '30 s'`;
  return tradeId;
}

async function externalFill(
  executionId: string,
  symbol: Listed,
  quantity: string,
  change: Partial<ExecutionReport> = {},
): Promise<void> {
  const report: ExecutionReport = {
    ...{ executionId, executionKey: executionId, correction: 1, clientOrderId: null },
    ...{ brokerOrderId: '900', sessionOrderId: 0, sessionClientId: -1, account: ACCOUNT },
    ...{ symbol, brokerContractId: contractId(symbol), side: 'BUY', quantity, price: '100' },
    executedAtMs: Date.now(),
    ...change,
  };
  const { ownerId, accountId } = it.ready;
  await plainTransact(it.db, (tx) => bookExternal(tx, ownerId, accountId, report));
}

/** The market of a symbol, live and of now. */
async function quoted(symbol: Listed, bid: string, ask: string): Promise<void> {
  const { connectionId } = await it.db.account.findUniqueOrThrow({
    where: { id: it.ready.accountId },
  });
  const rest = {
    bidSize: '100',
    askSize: '100',
    halted: false,
    kind: 'live',
    atMs: Date.now(),
  } as const;
  const brokerContractId = contractId(symbol);
  await saveQuotes(it.db, connectionId, [
    { brokerContractId, symbol, quote: { bid, ask, ...rest } },
  ]);
}

/** A complete picture of the broker was begun then; null: none was ever taken. */
async function pictured(atMs: number | null): Promise<void> {
  const pictureAt = atMs === null ? null : new Date(atMs);
  await it.db.connection.update({ where: { id: it.ready.connectionId }, data: { pictureAt } });
}

/** A comparison with a picture of now that misses that order; null: none. */
async function comparedWithout(subject: string | null): Promise<void> {
  const { ownerId: userId, accountId } = it.ready;
  const now = new Date();
  const run = { userId, accountId, cause: 'demand', pictureAt: now, finishedAt: now };
  const { id: reconciliationId } = await it.db.reconciliation.create({
    data: { id: randomUUID(), ...run, outcome: subject ? 'found' : 'clean' },
  });
  if (subject === null) return;
  const told = { kind: 'order_missing', step: 'wait', done: '', summary: '', why: '' };
  await it.db.finding.create({ data: { userId, reconciliationId, ...told, body: { subject } } });
}

/** A comparison of now that tells of an order that works in the symbol, and is of no trade; null: of none. */
async function comparedWith(
  symbol: Parameters<typeof contractId>[0] | null,
  side: 'BUY' | 'SELL' = 'SELL',
  broker: string | null = null,
): Promise<void> {
  const { ownerId: userId, accountId } = it.ready;
  const now = new Date();
  const run = { userId, accountId, cause: 'demand', pictureAt: now, finishedAt: now };
  const { id: reconciliationId } = await it.db.reconciliation.create({
    data: { id: randomUUID(), ...run, outcome: symbol ? 'found' : 'clean' },
  });
  if (symbol === null) return;
  const told = { kind: 'foreign_order', step: 'none', done: '', summary: '', why: '' };
  const terms = `${side} 20 LMT at 90 (Submitted)`;
  const working = { side, quantity: '20', terms };
  const place = { symbol, brokerContractId: contractId(symbol) };
  const body = { subject: '99', ...place, working, broker, difference: null };
  await it.db.finding.create({ data: { userId, reconciliationId, ...told, body } });
}

async function resolveIt(resolution: Resolution) {
  const { code } = await proposeResolution(it.app, resolution);
  const { proposal, told } = await confirmResolution(it.app, resolution, code);
  expect(['told', 'later']).toContain((await told).how);
  return proposal;
}

describe('[TRD-11] an order of unknown fate', () => {
  test('declared absent, it frees its trade to be planned anew; nothing is done before', async () => {
    const tradeId = await unansweredTrade('AAA');
    await pictured(Date.now());
    const order = { kind: 'order', tradeId, order: 'entry', brokerOrderId: null } as const;
    const proposal = await proposeResolution(it.app, order);
    expect(proposal.evidence.join()).toContain('UNKNOWN');
    expect(proposal.does.join()).toContain('bought twice');
    expect((await tradeOf(tradeId)).orders[0]!.status).toBe('UNKNOWN');
    await expect(confirmResolution(it.app, order, '000000')).rejects.toThrow('look again');
    await resolveIt(order);
    const { orders, timeline } = await tradeOf(tradeId);
    expect(orders[0]).toMatchObject({ status: 'PENDING', intent: 'NEW' });
    expect(timeline.map(({ summary }) => summary)).toContain('ENTRY: declared absent by test');
    const [entry] = await listAudit(it.app, 1);
    expect(entry).toMatchObject({ actor: 'test', action: 'resolve.order' });
  });

  test('one whose answer is still awaited is not declared on', async () => {
    const tradeId = await unansweredTrade('AAA', true);
    const absent = { kind: 'order', tradeId, order: 'entry', brokerOrderId: null } as const;
    await expect(proposeResolution(it.app, absent)).rejects.toThrow('is still awaited');
  });

  test('declared present, it works under the id that was read at the broker', async () => {
    const tradeId = await unansweredTrade('BBB');
    await resolveIt({ kind: 'order', tradeId, order: 'entry', brokerOrderId: '4711' });
    const { orders } = await tradeOf(tradeId);
    expect(orders[0]).toMatchObject({ status: 'ACCEPTED', broker_order_id: '4711' });
  });

  test('one that the broker shows live is not declared absent, whatever a person says', async () => {
    const tradeId = await unansweredTrade('GGG');
    await resolveIt({ kind: 'order', tradeId, order: 'entry', brokerOrderId: '4713' });
    await resolveIt({ kind: 'order', tradeId, order: 'stop', brokerOrderId: '4714' });
    const stop = { kind: 'order', tradeId, order: 'stop', brokerOrderId: null } as const;
    const forced = { ...stop, withoutPicture: true };
    const atMs = Date.now();
    await pictured(atMs);
    const shown = `permId 4714) in its newest complete picture, of ${new Date(atMs).toISOString()}`;
    await expect(proposeResolution(it.app, stop)).rejects.toThrow(shown);
    await expect(proposeResolution(it.app, stop)).rejects.toThrow('ballast reconcile');
    await expect(proposeResolution(it.app, forced)).rejects.toThrow(shown);
    await pictured(null);
    await expect(proposeResolution(it.app, forced)).rejects.toThrow('no complete picture');
    // A comparison that finds it missing is the evidence.
    const { client_order_id: ref } = (await tradeOf(tradeId)).orders[1]!;
    await pictured(Date.now());
    await comparedWithout(ref);
    const { evidence } = await proposeResolution(it.app, stop);
    expect(evidence.join()).toContain('a comparison found it missing');
    await comparedWithout(null);
    await expect(proposeResolution(it.app, stop)).rejects.toThrow('newest complete picture');
  });

  test('without a picture since it was written only a flag declares it absent', async () => {
    const tradeId = await unansweredTrade('HHH');
    const entry = { kind: 'order', tradeId, order: 'entry', brokerOrderId: null } as const;
    await pictured(null);
    await expect(proposeResolution(it.app, entry)).rejects.toThrow('--without-picture');
    await pictured(Date.now() - 60_000);
    await expect(proposeResolution(it.app, entry)).rejects.toThrow('since it was written');
    // It may have been on its way still.
    await pictured(Date.now() - 28_000);
    await expect(proposeResolution(it.app, entry)).rejects.toThrow('since it was written');
    const { does } = await proposeResolution(it.app, { ...entry, withoutPicture: true });
    expect(does.join()).toContain('no picture of the broker says so');
    await pictured(Date.now());
    const { evidence } = await proposeResolution(it.app, entry);
    expect(evidence.join()).toContain('does not show it');
  });

  test('a code holds only while nothing has changed', async () => {
    const tradeId = await unansweredTrade('CCC');
    const absent = { kind: 'order', tradeId, order: 'stop', brokerOrderId: null } as const;
    await pictured(Date.now());
    const { code } = await proposeResolution(it.app, absent);
    await resolveIt({ kind: 'order', tradeId, order: 'entry', brokerOrderId: '4712' });
    await expect(confirmResolution(it.app, absent, code)).rejects.toThrow('look again');
    const ended = { ...absent, order: 'target' };
    await expect(proposeResolution(it.app, ended)).rejects.toThrow('it has no order target');
  });
});

test('[TRD-13] an execution without a reference is attributed; the net position stays', async () => {
  const tradeId = await unansweredTrade('DDD');
  await externalFill('0001.01.01', 'DDD', '10');
  const before = await held('DDD');
  const entry = (await tradeOf(tradeId)).orders[0]!;
  const fill = { kind: 'fill', executionId: '0001.01.01' } as const;
  const wrong = { ...fill, clientOrderId: 'nobody' };
  await expect(proposeResolution(it.app, wrong)).rejects.toThrow('no order of that account');
  await resolveIt({ ...fill, clientOrderId: entry.client_order_id });
  expect(await held('DDD')).toStrictEqual(before);
  const trade = await tradeOf(tradeId);
  expect(trade).toMatchObject({ held_quantity: '10' });
  expect(trade.orders[0]).toMatchObject({ filled_quantity: '10' });
  const again = { ...fill, clientOrderId: entry.client_order_id };
  await expect(proposeResolution(it.app, again)).rejects.toThrow('belongs to trade');
});

test('[TRD-13] an execution belongs to a trade by its contract, under whatever symbol', async () => {
  const tradeId = await unansweredTrade('III');
  await resolveIt({ kind: 'order', tradeId, order: 'entry', brokerOrderId: '4715' });
  const { client_order_id: clientOrderId } = (await tradeOf(tradeId)).orders[0]!;
  await externalFill('0011.01.01', 'III', '10', { brokerContractId: 999 });
  const ofOption = { kind: 'fill', executionId: '0011.01.01', clientOrderId } as const;
  await expect(proposeResolution(it.app, ofOption)).rejects.toThrow('contract 999');
  await externalFill('0012.01.01', 'III', '10', { symbol: 'IIIX' });
  await resolveIt({ ...ofOption, executionId: '0012.01.01' });
  expect(await tradeOf(tradeId)).toMatchObject({ held_quantity: '10' });
});

/** A trade whose entry was filled by its status alone, told longer ago than a person is told after. */
async function filledByStatus(symbol: Listed): Promise<string> {
  const tradeId = await unansweredTrade(symbol, true);
  await tellFilled(it.db, tradeId, { symbol, brokerContractId: contractId(symbol) });
  return tradeId;
}

test('[TRD-11] a fill whose execution never came is booked by hand, once, and gives way to it', async () => {
  const tradeId = await filledByStatus('FFF');
  const steps = async () => (await attentionChecks(it.app)).map(({ remedy }) => remedy ?? '');
  const [step] = (await steps()).filter((one) => one.includes('missing-fill'));
  const { client_order_id: ref } = (await tradeOf(tradeId)).orders[0]!;
  expect(step).toContain(`ballast resolve missing-fill ${tradeId} ${ref} --quantity 10`);
  const executedAtMs = Date.now();
  const missing: Resolution = {
    kind: 'missing_fill',
    ...{ tradeId, order: 'entry', quantity: '10', price: '100.5' },
    executedAtMs,
  };
  const part: Resolution = { ...missing, quantity: '4' };
  await expect(proposeResolution(it.app, part)).rejects.toThrow('10 of the entry are missing');
  const proposal = await resolveIt(missing);
  expect(proposal.evidence.join()).toContain('ENTRY: 10 filled by its status, 0 by executions');
  expect(await tradeOf(tradeId)).toMatchObject({ state: 'OPEN', held_quantity: '10' });
  expect(String((await held('FFF')).quantity)).toBe('10');
  const [audited] = await listAudit(it.app, 1);
  expect(audited).toMatchObject({ actor: 'test', action: 'resolve.missing_fill' });
  await expect(proposeResolution(it.app, missing)).rejects.toThrow('no execution of the entry');
  expect((await steps()).join()).not.toContain('missing-fill');

  const { ownerId: userId, accountId } = it.ready;
  const { connectionId } = await it.db.account.findUniqueOrThrow({ where: { id: accountId } });
  const report: ExecutionReport = {
    ...{ executionId: '0009.01', executionKey: '0009', correction: 1, clientOrderId: ref },
    ...{ brokerOrderId: '77', sessionOrderId: 0, sessionClientId: -1, account: ACCOUNT },
    ...{ symbol: 'FFF', brokerContractId: contractId('FFF'), side: 'BUY', quantity: '10' },
    ...{ price: '100.25', executedAtMs },
  };
  const fact = { kind: 'execution', report, receivedAtMs: Date.now() } as const;
  const context = { userId, connectionId, accountIds: new Map([[ACCOUNT, accountId]]) };
  const { id: orderRowId } = await it.db.order.findFirstOrThrow({ where: { clientOrderId: ref } });
  await commitEvents(it.db, context, tradeId, [{ fact, owner: { tradeId, orderRowId } }]);
  expect(await tradeOf(tradeId)).toMatchObject({ held_quantity: '10', average_entry: '100.25' });
  expect(String((await held('FFF')).quantity)).toBe('10');
});

test('[TRD-11] an external position is adopted as a trade that wants its stop', async () => {
  await externalFill('0002.01.01', 'EEE', '25');
  const before = await held('EEE');
  const position: Extract<Resolution, { kind: 'position' }> = {
    kind: 'position',
    ...{ symbol: 'eee', account: null, strategy: 'adopted', stopPrice: '95', targetPrice: null },
  };
  await quoted('EEE', '62.9', '63.1');
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    'at 62.9 it would sell at once',
  );
  await comparedWith(null);
  await it.db.quote.deleteMany({ where: { symbol: 'EEE' } });
  await expect(proposeResolution(it.app, position)).rejects.toThrow('no live quote of EEE');
  const told = { ...position, marketPrice: '94' };
  await expect(proposeResolution(it.app, told)).rejects.toThrow('at 94 it would sell at once');
  const seen = await proposeResolution(it.app, { ...position, marketPrice: '99' });
  expect(seen.evidence.join()).toContain('99');
  await quoted('EEE', '100', '100.02');
  const wrong = { ...position, targetPrice: '99' };
  await expect(proposeResolution(it.app, wrong)).rejects.toThrow('winning side');
  const { does, evidence } = await resolveIt(position);
  expect(evidence.join()).toContain('100 to 100.02');
  expect(does.join()).toContain('25 EEE (long) at 100 become a trade of adopted');
  expect(await held('EEE')).toStrictEqual(before);
  const adopted = (await listOpen(it.app)).find(({ held_quantity: quantity }) => quantity === '25');
  expect(adopted).toMatchObject({ symbol: 'EEE', state: 'OPEN', stop_price: '95' });
  expect(adopted!.is_protected).toBe(false);
  const row = await it.db.trade.findUniqueOrThrow({ where: { id: adopted!.trade_id } });
  expect(row.snapshot).toMatchObject({ needsWork: true });
  await expect(proposeResolution(it.app, position)).rejects.toThrow('no external position');
});

test('[TRD-11] a comparison from before the position was opened says nothing of the orders that came with it', async () => {
  await comparedWith(null);
  await externalFill('0031.01.01', 'HHH', '10');
  await quoted('HHH', '100', '100.02');
  const position: Resolution = {
    kind: 'position',
    ...{ symbol: 'HHH', account: null, strategy: 'adopted', stopPrice: '95', targetPrice: null },
  };
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    /position of HHH was changed at .* give "ballast reconcile" first/,
  );
  await comparedWith('HHH', 'BUY', 'Submitted');
  await externalFill('0032.01.01', 'HHH', '1');
  await expect(proposeResolution(it.app, position)).rejects.toThrow('was changed at');
  await comparedWith(null);
  await expect(proposeResolution(it.app, position)).resolves.toMatchObject({
    subject: `position HHH of ${ACCOUNT}`,
  });
});

test('[TRD-11] of several contracts of a symbol the one that is named is adopted', async () => {
  const bare = { kind: 'position', account: null, strategy: 'adopted', targetPrice: null } as const;
  const position = { ...bare, symbol: 'JJJ', stopPrice: '95' };
  const contract = { brokerContractId: contractId('JJJ') };
  await externalFill('0013.01.01', 'JJJ', '10');
  await externalFill('0014.01.01', 'JJJ', '2', { brokerContractId: 888, price: '320' });
  const named = { ...position, account: ACCOUNT };
  await expect(proposeResolution(it.app, named)).rejects.toThrow(
    `(10 at 100 with --account ${ACCOUNT} --contract ${contract.brokerContractId}; 2 at 320 with --account ${ACCOUNT} --contract 888)`,
  );
  const wrong = { ...named, brokerContractId: 887 };
  await expect(proposeResolution(it.app, wrong)).rejects.toThrow('no external position in JJJ');
  await quoted('JJJ', '100', '100.02');
  await comparedWith(null);
  const { does } = await resolveIt({ ...named, ...contract });
  expect(does.join()).toContain('10 JJJ (long) at 100 become a trade');
  const [adopted] = await it.db.trade.findMany({ where: { symbol: 'JJJ' } });
  expect(adopted!.instrument).toMatchObject(contract);
});

test('[TRD-3] [REC-2] a position that an order ends already is not adopted: two stops would sell it twice', async () => {
  await externalFill('0010.01.01', 'GGG', '20');
  await quoted('GGG', '60', '60.02');
  const position: Extract<Resolution, { kind: 'position' }> = {
    kind: 'position',
    ...{ symbol: 'GGG', account: null, strategy: 'adopted', stopPrice: '50', targetPrice: null },
  };
  await it.db.reconciliation.updateMany({ data: { pictureAt: new Date(Date.now() - 301_000) } });
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    'give "ballast reconcile" first',
  );
  await comparedWith('GGG');
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    "orders that are no trade's end this position of GGG already: SELL 20 LMT at 90 (Submitted); a stop of ours beside them could sell the same shares twice",
  );
  // One that adds to it ends nothing.
  await comparedWith('GGG', 'BUY');
  const { code } = await proposeResolution(it.app, position);
  await comparedWith('GGG');
  await expect(confirmResolution(it.app, position, code)).rejects.toThrow('end this position');
  await comparedWith(null);
  await expect(confirmResolution(it.app, position, code)).rejects.toThrow('look again');
  // Such an order may be among what a long report leaves out.
  await it.db.reconciliation.updateMany({ data: { report: { more: 3 } } });
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    'found 3 things more than it names, and an order that ends this position of GGG may be one of them',
  );
});

test('[TRD-13] what others hold the other way of a trade is not adopted: both would net at the broker', async () => {
  const tradeId = await unansweredTrade('KKK');
  const { client_order_id: clientOrderId } = (await tradeOf(tradeId)).orders[0]!;
  await externalFill('0021.01.01', 'KKK', '10');
  await resolveIt({ kind: 'fill', executionId: '0021.01.01', clientOrderId });
  await externalFill('0022.01.01', 'KKK', '4', { side: 'SELL' });
  await quoted('KKK', '100', '100.02');
  await comparedWith(null);
  const position: Extract<Resolution, { kind: 'position' }> = {
    kind: 'position',
    ...{ symbol: 'KKK', account: null, strategy: 'adopted', stopPrice: '110', targetPrice: null },
  };
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    /strategies hold 10 KKK, and -4 beside them would be the other direction/,
  );
});

test('[TRD-11] a part of a share is not adopted: no stop protects it', async () => {
  const position: Extract<Resolution, { kind: 'position' }> = {
    kind: 'position',
    ...{ symbol: 'BBB', account: null, strategy: 'adopted', stopPrice: '40', targetPrice: null },
  };
  await quoted('BBB', '60', '60.02');
  await externalFill('0005.01.01', 'BBB', '0.5');
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    'no stop protects a part of a share, and 0.5 BBB are less than one: nothing of it can be adopted',
  );
  await externalFill('0006.01.01', 'BBB', '10');
  await expect(proposeResolution(it.app, position)).rejects.toThrow(
    '10 of the 10.5 BBB can be adopted, once the other 0.5 are sold in TWS',
  );
  await externalFill('0007.01.01', 'BBB', '0.5');
  await comparedWith(null);
  const { does } = await proposeResolution(it.app, position);
  expect(does.join()).toContain('11 BBB (long)');
});

test('[TRD-13] a quarantine is released by who cleared it', async () => {
  const quarantine = { kind: 'quarantine', symbol: 'AAA' } as const;
  await expect(proposeResolution(it.app, quarantine)).rejects.toThrow('not in quarantine');
  const { ownerId: userId, accountId } = it.ready;
  const data = { userId, accountId, symbol: 'AAA', kind: 'quarantine', reason: 'unexplained' };
  const pause = await it.db.pause.create({ data });
  await resolveIt(quarantine);
  const lifted = await it.db.pause.findUniqueOrThrow({ where: { id: pause.id } });
  expect(lifted.liftedBy).toBe('test');
  expect(lifted.liftedAt).not.toBeNull();
});
