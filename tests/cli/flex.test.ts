/** `ballast flex`: a statement beside the books, imported twice, and what a person had told. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StatementImportView } from '../../contract/views.js';
import { verifyAudit } from '../../store/audit.js';
import { settleTrade } from '../../store/settlement.js';
import { cash, file, statement, trades } from '../flex/documents.js';
import { flexServer, STARTED } from '../flex/flex-server.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { enteredTrade, type EnteredTrade } from '../store/support/closed-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { ballast } from './support.js';

const opened = useAccountDatabase(['AAA'], '100000');
const NOW = new Date();
const DAY = NOW.toISOString().slice(0, 10).replaceAll('-', '');
let folder: string;
let trade: EnteredTrade;

const run = (argv: string[], env: Record<string, string> = {}, input = '') =>
  ballast(argv, {
    env: { DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1', ...env },
    input,
  });
const imported = async (xml: string) => {
  const ran = await run(['flex', 'import', '-', '--json'], { FLEX_TIME_ZONE: 'UTC' }, xml);
  return { ...ran, view: JSON.parse(ran.out) as StatementImportView };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flex-'));
  const { db, ready } = opened();
  trade = await enteredTrade(db, ready, { strategy_id: 'flexed', quantity: '10' });
  await trade.exit('95');
  await trade.commission('1');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The trade's executions as its books have them, as a statement has them with these commissions. */
async function executionsOf(commissions: readonly string[]) {
  const rows = await opened().db.execution.findMany({
    where: { tradeId: trade.tradeId, superseded: false },
    orderBy: { id: 'asc' },
  });
  return rows.map((row, n) => ({
    ...{ accountId: ACCOUNT, ibExecID: row.executionId, conid: String(row.brokerContractId) },
    ...{ buySell: row.side, quantity: row.quantity.toFixed(), tradePrice: row.price.toFixed() },
    ...{ ibCommission: `-${commissions[n]}`, dateTime: timeText(row.executedAt) },
  }));
}

function timeText(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', ';');
}

/** Yesterday to tomorrow, so that midnight makes no difference. */
const aroundToday = (sections: string, account = ACCOUNT, whenGenerated?: string) => {
  const away = (days: number) =>
    new Date(NOW.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const days = { fromDate: away(-1), toDate: away(1), whenGenerated };
  return statement(sections, account, days);
};

test('[REC-6] commissions are filled in and corrected, and the result of a settled trade with them', async () => {
  const { db } = opened();
  const settledResult = async () =>
    (await db.trade.findUniqueOrThrow({ where: { id: trade.tradeId } })).realizedPnl?.toFixed();
  await settleTrade(db, trade.tradeId, Date.now(), {});
  expect(await settledResult()).toBe('-51');
  const xml = file(aroundToday(trades(...(await executionsOf(['1.10', '1.2345678'])))));
  const { code, view } = await imported(xml);
  expect(code).toBe(0);
  const [report] = view.reports;
  expect(report?.findings.map(({ kind, done, open }) => [kind, done, open])).toEqual([
    ['commission_missing', 'the commission was filled in', false],
    ['commission_differs', 'the commission was corrected', false],
  ]);
  expect(report?.executions).toEqual({
    ...{ rows: 2, agreed: 0, before: 0, corrected: 2 },
    commissions: [{ currency: 'USD', before: '1', after: '2.3345678' }],
  });
  expect(await settledResult()).toBe('-52.3345678');
  const events = await db.tradeEvent.findMany({
    where: { tradeId: trade.tradeId, kind: { in: ['statement_commission', 'adjusted'] } },
    orderBy: { id: 'asc' },
  });
  expect(events.map(({ summary }) => summary)).toEqual([
    expect.stringContaining("not known → 1.1 USD, by the broker's statement of"),
    expect.stringContaining('result adjusted from -51 to -52.1'),
    expect.stringContaining('1 → 1.2345678 USD'),
    expect.stringContaining('result adjusted from -52.1 to -52.3345678'),
  ]);
  const again = await imported(xml);
  expect(again.view.reports[0]).toMatchObject({
    findings: [],
    executions: { rows: 2, agreed: 2, corrected: 0 },
  });
  expect(await db.tradeEvent.count({ where: { kind: 'adjusted' } })).toBe(2);
});

test('[REC-6] [RSK-8] cash is recorded once, and what a person told counts once', async () => {
  const at = new Date(NOW.getTime() - 60_000).toISOString();
  const told = await run(['account', 'deposit', ACCOUNT, '5000', '--at', at, '--ref', 'wire-1']);
  expect(told.code).toBe(0);
  const row = {
    accountId: ACCOUNT,
    dateTime: timeText(new Date(at)),
    type: 'Deposits/Withdrawals',
  };
  const sections = cash(
    { ...row, transactionID: '1', amount: '5000' },
    { ...row, transactionID: '2', amount: '700' },
    { ...row, transactionID: '3', amount: '-20.5', type: 'Withholding Tax' },
    { ...row, transactionID: '4', amount: '100', currency: 'EUR', fxRateToBase: '1.1' },
  );
  const { code, view } = await imported(file(aroundToday(sections)));
  expect(code).toBe(0);
  expect(view.reports[0]?.cash).toEqual({
    ...{ rows: 4, recorded: 4, matched: 1 },
    sums: [
      { kind: 'deposit', amount: '5810' },
      { kind: 'tax', amount: '-20.5' },
    ],
  });
  expect(view.reports[0]?.findings).toMatchObject([
    { kind: 'cash_matched', summary: expect.stringContaining('told as wire-1'), open: false },
  ]);
  expect((await imported(file(aroundToday(sections)))).view.reports[0]?.cash.recorded).toBe(0);
  const after = await run(['account', 'deposit', ACCOUNT, '700', '--at', at]);
  expect(after.out).toContain('the same as flex:2 of a statement, counted once');
  const movements = await run(['account', 'movements', ACCOUNT]);
  expect(movements.out).toMatch(/deposit +5000.00 +USD +flex:1 .*same as wire-1, counted there/);
  expect(movements.out).toMatch(/tax +-20.50 +USD +flex:3/);
  const { db, ready } = opened();
  await db.accountDay.deleteMany();
  await db.accountDay.create({
    data: {
      ...{ accountId: ready.accountId, userId: ready.ownerId },
      ...{ day: new Date(NOW.getTime() - 10 * 86_400_000), closeEquity: '100000' },
      closeValuesAt: new Date(NOW.getTime() - 3_600_000),
    },
  });
  const days = JSON.parse((await run(['account', '--json'])).out) as unknown[];
  expect(days).toMatchObject([{ net_flows: '5810' }]);
  // Such a loss would deny the entries of other tests.
  await db.accountDay.deleteMany();
});

test('[REC-6] what the broker tells differently, or without a rate, asks for a person', async () => {
  const row = { accountId: ACCOUNT, dateTime: DAY, type: 'Deposits/Withdrawals' };
  const sections = cash(
    { ...row, transactionID: '2', amount: '701' },
    { ...row, transactionID: '9', amount: '5', currency: 'JPY', fxRateToBase: '' },
  );
  const { code, view } = await imported(file(aroundToday(sections)));
  expect(code).toBe(1);
  expect(view.reports[0]).toMatchObject({ open: 2, cash: { recorded: 0 } });
  expect(view.reports[0]?.findings.map(({ kind }) => kind)).toEqual([
    'cash_differs',
    'cash_unusable',
  ]);
});

test('[REC-6] other numbers, executions of others, and missing ones are told; nothing is changed', async () => {
  const { db } = opened();
  const orders = await db.order.findMany({ where: { tradeId: trade.tradeId } });
  const { clientOrderId } = orders.find(({ role }) => role === 'STOP')!;
  const [entry] = await executionsOf(['1.10', '1.2345678']);
  const before = await db.execution.count();
  // Times are of whole seconds, and none of these is of before the account was made.
  const later = timeText(new Date(Date.now() + 60_000));
  const foreign = { ...entry, ibExecID: 'other.01', dateTime: later };
  const rows = trades({ ...entry, tradePrice: '99' }, foreign, {
    ...foreign,
    ibExecID: 'late.01',
    buySell: 'SELL',
    orderReference: clientOrderId,
  });
  const { code, view } = await imported(file(aroundToday(rows)));
  expect(code).toBe(1);
  const found = view.reports[0]!.findings.map(({ kind, done, open }) => [kind, done, open]);
  expect(found).toEqual([
    ['numbers_differ', 'nothing', true],
    ['execution_missing', expect.stringContaining('its order waits for 0 shares'), true],
    ['not_in_statement', 'nothing', true],
    ['execution_foreign', 'nothing', false],
  ]);
  expect(await db.execution.count()).toBe(before);
});

test('[REC-6] an execution of which only a status had told goes to its trade, with its commission', async () => {
  const { db, ready } = opened();
  const late = await enteredTrade(db, ready, { strategy_id: 'late', quantity: '10' });
  const orders = await db.order.findMany({ where: { tradeId: late.tradeId } });
  const stop = orders.find(({ role }) => role === 'STOP')!;
  const reported = { filled: '10', remaining: '0', sinceMs: Date.now() };
  await db.order.update({
    where: { id: stop.id },
    data: { status: 'EXECUTED', reported },
  });
  const xml = file(
    aroundToday(
      trades({
        ...{ accountId: ACCOUNT, ibExecID: `late-${late.tradeId}.01`, conid: '1', buySell: 'SELL' },
        ...{ quantity: '-10', tradePrice: '94', ibCommission: '-0.7' },
        ...{ orderReference: stop.clientOrderId, dateTime: timeText(new Date()) },
      }),
    ),
  );
  const { view } = await imported(xml);
  const own = view.reports[0]!.findings.filter(({ trade_id: id }) => id === late.tradeId);
  expect(own).toMatchObject([
    { kind: 'not_in_statement', open: true },
    { kind: 'execution_missing', done: 'booked to its trade, as a late execution', open: false },
  ]);
  const { state, heldQuantity } = await db.trade.findUniqueOrThrow({ where: { id: late.tradeId } });
  expect([state, heldQuantity.toFixed()]).toEqual(['CLOSED', '0']);
  const booked = { tradeId: late.tradeId, side: 'SELL', superseded: false };
  expect(await db.execution.findMany({ where: booked })).toMatchObject([
    { executionId: `late-${late.tradeId}.01`, inferred: false },
  ]);
  const facts = await db.brokerEvent.findMany({
    where: { tradeId: late.tradeId, body: { path: ['source'], equals: 'statement' } },
  });
  expect(facts.map(({ kind }) => kind)).toEqual(['execution']);
});

test('[REC-6] accounts that are not this installation’s are never touched', async () => {
  const { db } = opened();
  const row = { accountId: 'U7', transactionID: randomUUID(), amount: '5' };
  const before = await db.cashMovement.count();
  const both = file(aroundToday(cash(row), 'U7'), aroundToday(''));
  const mixed = await imported(both);
  expect(mixed.code).toBe(0);
  expect(mixed.view).toMatchObject({
    reports: [{ account_id: ACCOUNT }],
    unknown_accounts: ['U7'],
  });
  const path = join(folder, 'other.xml');
  await writeFile(path, file(aroundToday(cash(row), 'U7')));
  const alone = await run(['flex', 'import', path]);
  expect(alone).toMatchObject({ code: 1, out: '' });
  expect(alone.err).toContain("it is of U7, which is none of this installation's accounts");
  expect(await db.cashMovement.count()).toBe(before);
});

test('[REC-6] [OPS-6] a file that can not be read changes nothing; each import is in the audit log', async () => {
  const { db } = opened();
  const imports = await db.statementImport.count();
  const wrong = file(
    aroundToday(
      cash({ accountId: ACCOUNT, transactionID: '77' }, { accountId: ACCOUNT, amount: '1,5' }),
    ),
  );
  const path = join(folder, 'wrong.xml');
  await writeFile(path, wrong);
  const refused = await run(['flex', 'import', path]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`${path}: CashTransaction 2 of account ${ACCOUNT}: amount="1,5"`);
  expect(await db.cashMovement.count({ where: { reference: 'flex:77' } })).toBe(0);
  expect(await db.statementImport.count()).toBe(imports);
  const entries = await db.auditEntry.findMany({ where: { action: 'flex.import' } });
  expect(entries).toHaveLength(imports);
  expect(entries[0]).toMatchObject({ subject: `account ${ACCOUNT}`, body: { origin: 'file' } });
  expect((await verifyAudit(db)).broken).toBeNull();
});

test('[REC-6] a statement is fetched when the settings are there, kept, imported and listed', async () => {
  expect((await run(['flex', 'fetch'])).err).toContain('FLEX_TOKEN and FLEX_QUERY_ID are not both');
  const xml = file(aroundToday(''));
  const server = await flexServer({ SendRequest: [STARTED], GetStatement: [{ body: xml }] });
  try {
    const env = { FLEX_TOKEN: 'token12345', FLEX_QUERY_ID: '42', FLEX_URL: server.url };
    const fetched = await run(['flex', 'fetch', '--save', join(folder, 'kept.xml')], env);
    expect(fetched).toMatchObject({ code: 0, err: 'the statement is being made\n' });
    expect(fetched.out).toContain('(service)');
    expect(server.asked[0]?.query).toEqual({ q: '42', t: 'token12345', v: '3' });
  } finally {
    await server.close();
  }
  const kept = await run(['flex', 'import', join(folder, 'kept.xml')]);
  expect(kept.out).toContain('left out: it has no section Trades');
  const { reports } = JSON.parse(
    (await run(['flex', 'list', '--json'])).out,
  ) as StatementImportView;
  expect(reports.slice(0, 2).map(({ origin }) => origin)).toEqual(['file', 'service']);
}, 60_000);

test('[REC-6] an older statement takes back nothing that a newer one has told, and says so', async () => {
  const { db } = opened();
  const made = (days: number) => timeText(new Date(NOW.getTime() + days * 86_400_000));
  const told = async (exit: string, generated: string | undefined) => {
    const sections = trades(...(await executionsOf(['1.1', exit])));
    const { view } = await imported(file(aroundToday(sections, ACCOUNT, generated)));
    const { findings, executions } = view.reports[0]!;
    const own = findings.filter(({ trade_id: id }) => id === trade.tradeId);
    return { own, corrected: executions.corrected };
  };
  const exitCommission = async () => {
    const rows = await db.execution.findMany({ where: { tradeId: trade.tradeId } });
    return rows
      .sort((a, b) => Number(a.id - b.id))
      .at(-1)!
      .commission?.toFixed();
  };
  const adjusted = () => db.tradeEvent.count({ where: { kind: 'adjusted' } });
  await told('1.5', made(4));
  expect(await exitCommission()).toBe('1.5');
  const count = await adjusted();
  const { own, corrected } = await told('1.4', made(2));
  expect(own).toMatchObject([
    {
      kind: 'commission_differs',
      done: expect.stringContaining('this statement is older'),
      open: false,
    },
  ]);
  expect(corrected).toBe(0);
  expect([await exitCommission(), await adjusted()]).toEqual(['1.5', count]);
  await told('1.6', made(5));
  expect(await exitCommission()).toBe('1.6');
  // One that does not say when it was made is no older one.
  await told('1.7', undefined);
  expect(await exitCommission()).toBe('1.7');
});
