import { expect, test } from '@jest/globals';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { ledgerReport } from '../../gateway/ledger/report.js';
import { CANCELLED, ENTRY, FILLED, STOP, Story, openBracket, stopOut } from './ledger-facts.js';

const REPEAT = { ...ENTRY, orderId: 11 };
const RENAMED = { ...ENTRY, orderId: 11, orderRef: 'bal-another' };

test('[GWY-7] an entry accepted twice under one reference is a duplicate', () => {
  const story = new Story();
  story.place(ENTRY);
  story.wait(1);
  story.place(REPEAT);
  story.fill(ENTRY, '100', '100');
  story.show({ ...ENTRY, ...FILLED });
  story.fill(REPEAT, '100', '200');
  const { verdicts, findings, signals } = story.report();
  expect(verdicts).toMatchObject({ duplicateEntries: 1, reReferencedEntries: 0 });
  expect(verdicts).toMatchObject({ overfilledEntries: 1, overfilledShares: '100' });
  expect(findings).toMatchObject([
    { kind: 'duplicate-entry', order: { orderId: 11 }, repeats: ['bal-entry'] },
  ]);
  expect(signals).toMatchObject([{ approved: '100', entered: '200', entryOrders: 2 }]);
});

test('[GWY-7] an id used again after its order is done is another order', () => {
  const story = new Story();
  story.place(ENTRY);
  story.fill(ENTRY, '100', '100');
  story.show({ ...ENTRY, ...FILLED });
  story.wait(1);
  story.tell({ kind: 'position', account: 'DU1000001', symbol: 'IBM', position: '0' });
  story.wait(1);
  story.place({ ...ENTRY, permId: 5005 });
  expect(story.report().verdicts.duplicateEntries).toBe(1);
  expect(story.report().orders.map((order) => order.permId)).toEqual([1001, 5005]);
});

test('[GWY-7] a resend of what the exchange never had is no duplicate', () => {
  const story = new Story();
  story.send(ENTRY, 'dropped');
  story.wait(20);
  story.place(ENTRY);
  const refused = { ...ENTRY, symbol: 'AIG', orderRef: 'bal-refused' };
  story.send({ ...refused, orderId: 12 });
  story.show({ ...refused, orderId: 12, status: 'Inactive' });
  story.wait(1);
  story.place({ ...refused, orderId: 13 });
  const { verdicts, messages } = story.report();
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });
  expect(messages.orders.map((message) => message.outcome)).toEqual([
    'dropped',
    'Submitted',
    'Inactive',
    'Submitted',
  ]);
});

test('[GWY-7] a modification is no second entry', () => {
  const story = new Story();
  story.place({ ...ENTRY, orderType: 'LMT', limitPrice: '99' });
  story.wait(1);
  story.place({ ...ENTRY, orderType: 'LMT', limitPrice: '98' });
  story.place({ ...ENTRY, orderType: 'LMT', limitPrice: '97', permId: 4711 });
  const { verdicts, orders } = story.report();
  expect(verdicts.duplicateEntries).toBe(0);
  expect(orders).toMatchObject([{ permIds: [1001, 4711], limitPrice: '97' }]);
});

test('[GWY-7] the same entry under another reference, the first never answered, is re-referenced', () => {
  const story = new Story();
  story.place(ENTRY);
  story.tell({ kind: 'disconnected', clientId: 1, reason: 'cut' });
  story.wait(5);
  story.tell({ kind: 'connected', clientId: 1 });
  story.place(RENAMED);
  const { verdicts, findings } = story.report();
  expect(verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 1 });
  expect(findings).toMatchObject([
    { kind: 're-referenced-entry', order: { orderRef: 'bal-another' }, repeats: ['bal-entry'] },
  ]);
});

test('[GWY-7] alike entries in one burst are not re-referenced, but one after a silence is', () => {
  const story = new Story();
  story.place(ENTRY);
  story.wait(1.9);
  story.place(RENAMED);
  expect(story.report().verdicts.reReferencedEntries).toBe(0);
  story.wait(0.1);
  story.place({ ...ENTRY, orderId: 12, orderRef: 'bal-third' });
  expect(story.report().verdicts.reReferencedEntries).toBe(1);
});

test('[GWY-7] told before its process died and not asked again: still re-referenced', () => {
  const story = new Story();
  story.place(ENTRY);
  story.tell({ kind: 'told', clientId: 1, permId: 1001 });
  story.tell({ kind: 'connected', clientId: 1 });
  story.place(RENAMED);
  expect(story.report().verdicts.reReferencedEntries).toBe(1);
});

test('[GWY-7] another client id of the same installation re-references too, a stranger does not', () => {
  const story = new Story();
  story.place(ENTRY);
  story.tell({ kind: 'connected', clientId: 2 });
  story.wait(5);
  story.place({ ...RENAMED, clientId: 2, orderRef: 'stranger-1' });
  expect(story.report().verdicts.reReferencedEntries).toBe(0);
  story.place({ ...RENAMED, clientId: 2, orderId: 12 });
  expect(story.report().verdicts.reReferencedEntries).toBe(1);
  story.wait(5);
  for (const permId of [1001, 2011, 2012]) story.tell({ kind: 'told', clientId: 2, permId });
  story.place({ ...RENAMED, clientId: 2, orderId: 13, orderRef: 'bal-third' });
  expect(story.report().verdicts.reReferencedEntries).toBe(1);
});

test('[GWY-7] one client with references that have nothing in common re-references too', () => {
  const story = new Story();
  story.place({ ...ENTRY, orderRef: 'first' });
  story.wait(5);
  story.place({ ...ENTRY, orderId: 11, orderRef: 'second' });
  expect(story.report().verdicts.reReferencedEntries).toBe(1);
});

test('[GWY-7] a second signal alike is fair when the first one is known, other or over', () => {
  const story = new Story();
  story.place(ENTRY);
  story.tell({ kind: 'told', clientId: 1, permId: 1001 });
  story.wait(5);
  story.place({ ...ENTRY, orderId: 21, orderRef: 'bal-other-strategy' });
  story.tell({ kind: 'told', clientId: 1, permId: 1021 });
  story.place({ ...ENTRY, orderId: 22, orderRef: 'bal-size', quantity: '90', remaining: '90' });
  story.place({ ...ENTRY, orderId: 23, orderRef: 'bal-symbol', symbol: 'AIG' });
  expect(story.report().verdicts.reReferencedEntries).toBe(0);
});

test('[GWY-7] yesterday’s finished trade does not count against today’s like it', () => {
  const story = new Story();
  openBracket(story);
  story.tell({ kind: 'told', clientId: 1, permId: 1002 });
  stopOut(story);
  story.wait(86_400);
  story.tell({ kind: 'connected', clientId: 1 });
  story.place({ ...ENTRY, orderId: 31, orderRef: 'bal-next-day' });
  expect(story.report().verdicts.reReferencedEntries).toBe(0);
});

test('[GWY-7] entry fills beyond the approved quantity; a bust takes shares back', () => {
  const story = new Story();
  story.place(ENTRY);
  story.fill(ENTRY, '100', '100', '0001.a.01.01');
  story.fill(ENTRY, '30', '130', '0001.b.01.01');
  expect(story.report().verdicts.overfilledShares).toBe('30');
  story.fill(ENTRY, '0', '100', '0001.b.01.02');
  story.fill(ENTRY, '0', '100', '0001.b.01.02');
  const { signals, executions } = story.report();
  expect(signals[0]).toMatchObject({ entered: '100', overfilledShares: '30' });
  expect(executions).toMatchObject([{}, { shares: '0', corrected: ['0001.b.01.01'] }]);
});

test('[GWY-7] staged groups left behind, pacing violations, messages', () => {
  const story = new Story();
  story.send({ ...ENTRY, orderId: 40, transmit: false }, 'dropped');
  story.place({ ...ENTRY, orderId: 42, symbol: 'AIG' });
  story.send({ ...ENTRY, orderId: 42, symbol: 'AIG', transmit: false });
  story.send({ ...ENTRY, transmit: false });
  story.send({ ...STOP, transmit: false });
  story.send({ ...ENTRY, orderId: 41, orderRef: 'bal-later', transmit: false });
  story.wait(5);
  expect(story.report().verdicts.stagedGroupsLeftBehind).toBe(0);
  story.place({ ...ENTRY, orderId: 41, orderRef: 'bal-later' });
  story.wait(5);
  story.tell({ kind: 'pacing', clientId: 1, breaches: 1 });
  story.tell({ kind: 'messages', counts: { '3': 4, '61': 1 } });
  expect(story.report().verdicts).toMatchObject({ stagedGroupsLeftBehind: 1, pacingViolations: 1 });
  expect(story.report().stagedOrders).toHaveLength(2);
  story.tell({ kind: 'up' });
  story.tell({ kind: 'messages', counts: { '3': 1 } });
  const { verdicts, stagedOrders, messages } = story.report();
  expect(verdicts.stagedGroupsLeftBehind).toBe(1);
  expect(stagedOrders).toEqual([]);
  expect(messages.byId).toEqual({ '3': 5, '61': 1 });
});

test('the same facts give the same report', () => {
  const story = new Story();
  openBracket(story, { stopPrice: '0.01' });
  story.wait(3);
  story.place(REPEAT);
  story.show({ ...STOP, ...CANCELLED });
  const again = new Ledger();
  const facts = JSON.parse(JSON.stringify(story.inputs)) as typeof story.inputs;
  for (const fact of facts) again.apply(fact);
  const report = story.report();
  expect(ledgerReport(again, report.atMs)).toEqual(report);
});

/** Its own work, however busy the machine is; squared, ten thousand take minutes. */
const PROCESSOR_MS_MAX = 8_000;

function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

test('ten thousand working orders in one contract are judged in linear time', () => {
  const story = new Story();
  const before = process.cpuUsage();
  for (let index = 0; index < 10_000; index += 1) {
    const order = { ...ENTRY, orderId: index + 1, orderRef: `bal-${index}`, orderType: 'LMT' };
    story.wait(0.001);
    story.place(order);
    story.tell({ kind: 'told', clientId: 1, permId: 1001 + index });
  }
  expect(processorMs(before)).toBeLessThan(PROCESSOR_MS_MAX);
  expect(story.report().verdicts).toMatchObject({ duplicateEntries: 0, reReferencedEntries: 0 });
});

test('ten thousand open positions in one contract are judged in linear time', () => {
  const story = new Story();
  const before = process.cpuUsage();
  for (let index = 1; index <= 10_000; index += 1) {
    const order = { ...ENTRY, orderId: index, orderRef: `bal-${index}`, quantity: '1' };
    story.wait(0.001);
    story.place({ ...order, remaining: '1' });
    story.tell({ kind: 'told', clientId: 1, permId: 1000 + index });
    story.fill(order, '1', String(index));
    story.show({ ...order, status: 'Filled', filled: '1', remaining: '0' });
  }
  expect(processorMs(before)).toBeLessThan(PROCESSOR_MS_MAX);
  expect(story.report().contracts[0]).toMatchObject({ position: '10000', managed: '10000' });
});

test('the books are bounded: old orders that are over are only counted, their references stay', () => {
  const story = new Story(100);
  const order = (index: number) => ({ ...ENTRY, orderId: index, orderRef: `bal-${index}` });
  const overfilled = order(1);
  story.place(overfilled);
  story.fill(overfilled, '130', '130');
  story.show({ ...overfilled, ...FILLED });
  story.wait(1);
  story.tell({ kind: 'position', account: 'DU1000001', symbol: 'IBM', position: '0' });
  const resting = order(2);
  story.place(resting);
  for (let index = 3; index < 3_000; index += 1) {
    story.wait(1);
    story.place(order(index));
    story.tell({ kind: 'told', clientId: 1, permId: 1000 + index });
    story.show({ ...order(index), ...CANCELLED });
  }
  story.wait(1);
  const report = story.report();
  expect(report.orders.length).toBeLessThan(2_200);
  expect(report.orders.length + report.archivedOrders).toBe(2_999);
  expect(report.orders.map(({ orderId }) => orderId)).toContain(2);
  expect(report.orders.map(({ orderId }) => orderId)).not.toContain(1);
  expect(report.executions).toEqual([]);
  expect(report.verdicts).toMatchObject({ overfilledEntries: 1, overfilledShares: '30' });
  expect(report.verdicts.duplicateEntries).toBe(0);
  story.place({ ...order(1), permId: 99_999 });
  expect(story.report().verdicts.duplicateEntries).toBe(1);
});

test('[GWY-7] the commission of an execution that was taken back, told late, is none of the correction', () => {
  const story = new Story();
  story.place(ENTRY);
  story.fill(ENTRY, '100', '100', '0001.c.01.01');
  story.fill(ENTRY, '0', '0', '0001.c.01.02');
  story.tell({ kind: 'commission', execId: '0001.c.01.02', commission: '0' });
  story.tell({ kind: 'commission', execId: '0001.c.01.01', commission: '1' });
  expect(story.report().executions).toMatchObject([{ shares: '0', commission: '0' }]);
});
