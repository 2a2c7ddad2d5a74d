/** Snapshots of the referee's books: what comes back is what was there, and no kill can hurt it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ZERO, decimal, text } from '../../domain/money.js';
import { decodeGraph, encodeGraph } from '../../gateway/ledger/graph.js';
import type { LedgerInput } from '../../gateway/ledger/inputs.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { openLedger } from '../../gateway/ledger/recorder.js';
import { ledgerReport } from '../../gateway/ledger/report.js';
import { loadSnapshot, saveSnapshot } from '../../gateway/ledger/snapshot.js';
import { createRig, request } from './support/exchange.js';
import type { Rig } from './support/exchange.js';

let folder: string;
let rig: Rig;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-snapshot-'));
  rig = createRig();
});

afterEach(() => {
  rig.close();
  rmSync(folder, { recursive: true });
});

const journal = () => join(folder, 'ledger.jsonl');
const snapshot = () => join(folder, 'ledger.snapshot.json');
const open = () => openLedger(folder, rig.exchange, rig.market);
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A day with everything that leaves a mark in the books. */
async function trade(): Promise<void> {
  const { observer } = ledger;
  const { exchange, market, faults } = rig;
  const send = (clientId: number, orderId: number, wish: Parameters<typeof request>[0]): void => {
    const order = request(wish);
    observer.onOrderReceived?.(clientId, orderId, order, 'passed', 0);
    exchange.place(clientId, orderId, order);
  };
  observer.onConnected?.(1, 0);
  for (let id = 1; id < 60; id += 10) {
    const exit = { action: 'SELL', tif: 'GTC', parentId: id } as const;
    send(1, id, { orderRef: `s-${id}`, transmit: false });
    send(1, id + 1, { ...exit, lmt: '110.00', transmit: false });
    send(1, id + 2, { ...exit, aux: '95.00' });
    await rest(3);
    if (id % 20 === 1) market.quoteText('IBM', '94.00x5000 94.02x5000');
    else faults.arm({ name: 'order-vanished', role: 'stop' });
    await rest(3);
    market.quoteText('IBM', '100.00x5000 100.02x5000');
  }
  send(1, 90, { orderRef: 's-1', lmt: '99.00' });
  send(1, 91, { orderRef: 's-91', lmt: '99.00' });
  observer.onOrderTold?.(1, rig.order(91).permId, 0);
  send(2, 1, { transmit: false, orderRef: 'left' });
  faults.arm({ name: 'external-order', symbol: 'AAPL', limit: 1 });
  observer.onDisconnected?.(1, 'test', 0);
}

let ledger: ReturnType<typeof open>;

const inputs = (): LedgerInput[] =>
  readFileSync(journal(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerInput);

function reportOf(books: Ledger, facts: readonly LedgerInput[]): unknown {
  for (const fact of facts) books.apply(fact);
  return JSON.parse(JSON.stringify(ledgerReport(books, books.nowMs + 1_000)));
}

test('[GWY-4] books that went through a snapshot anywhere judge as if they never had', async () => {
  ledger = open();
  await trade();
  ledger.close();
  const facts = inputs();
  const whole = reportOf(new Ledger(20), facts);
  expect(facts.length).toBeGreaterThan(100);
  const place = { bytes: 0, fingerprint: '' };
  for (let cut = 0; cut <= facts.length; cut += 7) {
    const books = new Ledger(20);
    for (const fact of facts.slice(0, cut)) books.apply(fact);
    saveSnapshot(snapshot(), place, books, []);
    const back = loadSnapshot(snapshot())?.ledger;
    expect(back && reportOf(back, facts.slice(cut))).toEqual(whole);
  }
});

test('[GWY-4] a restart writes only what a kill kept from the journal', async () => {
  ledger = open();
  await trade();
  ledger.close();
  const before = ledger.report();
  const bytes = statSync(journal()).size;
  for (let restart = 0; restart < 5; restart += 1) open().close();
  // A start and an end of each run, nothing of its orders.
  expect(statSync(journal()).size - bytes).toBeLessThan(5 * 100);
  // The kill kept the last facts from the journal.
  const lines = readFileSync(journal(), 'utf8').trim().split('\n');
  const told = lines.findIndex((line) => line.includes('"kind":"execution"'));
  writeFileSync(journal(), `${lines.slice(0, told).join('\n')}\n`);
  const again = open();
  const { orders, executions, positions } = again.report();
  again.close();
  expect(executions).toHaveLength(before.executions.length);
  expect(positions).toEqual(before.positions);
  expect(orders.map(({ permId, status }) => `${permId} ${status}`).sort()).toEqual(
    before.orders.map(({ permId, status }) => `${permId} ${status}`).sort(),
  );
});

test('[GWY-4] what is no snapshot of this journal and these rules is left aside', async () => {
  ledger = open();
  await trade();
  ledger.close();
  const facts = inputs();
  const whole = reportOf(new Ledger(), facts) as { orders: unknown[]; signals: unknown[] };
  const books = new Ledger();
  const empty = { bytes: statSync(journal()).size, fingerprint: 'of another journal' };
  const said = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const seen = (): unknown[] => {
    const again = open();
    const { orders, signals } = again.report();
    again.close();
    rmSync(snapshot(), { force: true });
    return [orders.length, signals.length];
  };
  const right = [whole.orders.length, whole.signals.length];
  saveSnapshot(snapshot(), empty, books, []);
  expect(seen()).toEqual(right);
  saveSnapshot(snapshot(), { ...empty, bytes: 1e9 }, books, []);
  expect(seen()).toEqual(right);
  saveSnapshot(snapshot(), empty, books, []);
  const other = readFileSync(snapshot(), 'utf8').replace(/"code":"./, '"code":"other');
  writeFileSync(snapshot(), other);
  expect(loadSnapshot(snapshot())).toBeUndefined();
  expect(seen()).toEqual(right);
  expect(said).not.toHaveBeenCalled();
  writeFileSync(snapshot(), other.slice(0, 100));
  expect(seen()).toEqual(right);
  expect(said.mock.calls.join()).toMatch(/reading all of the ledger, .*ledger\.snapshot\.json/);
  said.mockRestore();
  // A kill while the next snapshot is written leaves the one of before.
  saveSnapshot(snapshot(), empty, books, []);
  copyFileSync(snapshot(), `${snapshot()}.new`);
  writeFileSync(`${snapshot()}.new`, '{"code');
  expect(seen()).toEqual(right);
});

class Inner {
  constructor(readonly shout?: () => string) {}
  level = ZERO;
}
class Root {
  readonly inner = new Inner(() => 'kept');
  readonly list: unknown[] = [];
  readonly alias = this.list;
  readonly byName = new Map<string, unknown>();
}

test('a graph keeps who is who, decimals, odd numbers, and what constructors made', () => {
  const root = new Root();
  const one = { name: 'one', far: Infinity, nothing: undefined, self: {} as object };
  one.self = one;
  root.inner.level = decimal('1.50');
  root.list.push(one, new Set([one]), [[1, 'r'], null]);
  root.byName.set('one', one).set('inner', new Inner());
  const nodes = JSON.parse(JSON.stringify(encodeGraph(root))) as ReturnType<typeof encodeGraph>;
  const back = new Root();
  decodeGraph(nodes, { Inner: () => new Inner() }, back);
  const [first, set] = back.list as [typeof one, Set<unknown>];
  expect(first).toMatchObject({ name: 'one', far: Infinity });
  expect(first.self).toBe(first);
  expect(set.has(first)).toBe(true);
  expect(back.byName.get('one')).toBe(first);
  expect(back.alias).toBe(back.list);
  expect(back.list[2]).toEqual([[1, 'r'], null]);
  expect([text(back.inner.level), back.inner.shout?.()]).toEqual(['1.5', 'kept']);
  expect(() => decodeGraph(nodes, {}, new Root())).toThrow(/no maker of Inner/);
  const bare = Object.assign(new Root(), { inner: new Inner() });
  expect(() => decodeGraph(nodes, { Inner: () => new Inner() }, bare)).toThrow(/without shout/);
});
