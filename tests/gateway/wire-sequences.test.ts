/**
 * The order life that IB Gateway was seen to have, as frames between a client and the whole gateway.
 * Each test has a client id and a symbol of its own, on a simulated market that is held.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { inShort, marketDataFrame, orderFrame } from './support/order-frames.js';
import type { OrderFields } from './support/order-frames.js';
import { RawClient } from './support/raw-client.js';

let gateway: TestGateway;
const clients: RawClient[] = [];

beforeAll(async () => {
  gateway = await startGateway({ flags: ['--paused', '--pacing', 'off'] });
});
afterAll(() => gateway.stop());
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

class Desk {
  private from = 0;
  constructor(
    readonly client: RawClient,
    readonly symbol: string,
  ) {}

  place(orderId: number, fields: OrderFields): void {
    this.client.send(...orderFrame(orderId, { symbol: this.symbol, ...fields }));
  }

  cancel(orderId: number): void {
    this.client.send(4, orderId, '', '', 2147483647);
  }

  /** What came since the last call, in short. */
  async news(): Promise<string[]> {
    const before = this.client.of(49).length;
    this.client.send(49, 1);
    await this.client.waitFor(() => this.client.of(49).length > before);
    const fresh = this.client.messages.slice(this.from).filter((fields) => fields[0] !== '49');
    this.from = this.client.messages.length;
    return fresh.map(inShort);
  }

  /** The newest openOrder frame of an order. */
  open(orderId: number): string[] {
    return this.client.of(5).findLast((fields) => fields[1] === String(orderId)) ?? [];
  }

  async price(price: string): Promise<void> {
    await gateway.control('/prices', { [this.symbol]: price });
  }
}

async function desk(clientId: number, symbol: string, offer?: string): Promise<Desk> {
  await gateway.control('/prices', { [symbol]: '100' });
  const client = await RawClient.start(gateway.port, clientId, offer);
  clients.push(client);
  const made = new Desk(client, symbol);
  await made.news();
  return made;
}

test('[GWY-2] MKT: PreSubmitted, execDetails, openOrder and Filled, commissionReport', async () => {
  const at = await desk(1, 'AAPL');
  at.place(1, { type: 'MKT' });
  expect(await at.news()).toEqual([
    'open 1',
    'status 1 PreSubmitted',
    'exec -1 1 BOT 10@100.01',
    'open 1',
    'status 1 Filled',
    'commission',
  ]);
  // The unset double: an opening trade has realized nothing.
  expect(at.client.of(59)[0]?.[5]).toBe('1.7976931348623157E308');
});

test('[GWY-2] a resting LMT is Submitted; its cancel is PendingCancel, Cancelled, then 202', async () => {
  const at = await desk(2, 'MSFT');
  at.place(1, { limit: '90' });
  expect((await at.news()).slice(-2)).toEqual(['open 1', 'status 1 Submitted']);
  at.cancel(1);
  expect(await at.news()).toEqual([
    'open 1',
    'status 1 PendingCancel',
    'open 1',
    'status 1 Cancelled',
    'error 1 202',
  ]);
  at.cancel(1);
  expect(await at.news()).toEqual(['error 1 10148']);
});

test('[GWY-2] STP waits PreSubmitted for its trigger, then is Submitted and fills', async () => {
  const at = await desk(3, 'NVDA');
  at.place(1, { type: 'STP', aux: '105' });
  expect(await at.news()).toEqual(['open 1', 'status 1 PreSubmitted (trigger)']);
  await at.price('106');
  await at.client.waitFor((fields) => fields[0] === '59');
  expect(await at.news()).toEqual([
    'open 1',
    'status 1 Submitted',
    'exec -1 1 BOT 10@106.01',
    'open 1',
    'status 1 Filled',
    'commission',
  ]);
});

test('[GWY-2] beyond the margin: 201, then openOrder and Inactive', async () => {
  const at = await desk(4, 'IBM');
  at.place(1, { type: 'MKT', quantity: 1_000_000 });
  expect(await at.news()).toEqual(['error 1 201', 'open 1', 'status 1 Inactive']);
});

test('[GWY-2] a bad field is an error and no order; a bad modification leaves the old one', async () => {
  const at = await desk(5, 'BAC');
  at.place(1, { limit: '90.001' });
  at.place(2, { limit: '90', quantity: 0 });
  at.place(3, { limit: 'ninety' });
  at.place(4, { type: 'TRAIL' });
  const codes = (await at.news()).map((item) => item.split(' '));
  expect(codes.every(([kind]) => kind === 'error')).toBe(true);
  expect(codes.map(([, id, code]) => `${id} ${code}`)).toEqual([
    '1 110',
    '2 160',
    '3 320',
    '4 158',
  ]);
  at.place(5, { limit: '90' });
  await at.news();
  at.place(5, { limit: '91.005' });
  expect(await at.news()).toEqual(['error 5 110']);
  at.client.send(5, 1);
  expect(await at.news()).toEqual(['open 5', 'status 5 Submitted', 'message 53']);
  expect(at.open(5)[16]).toBe('90');
});

test('[GWY-2] an unfilled IOC is cancelled, an unfilled FOK Inactive', async () => {
  const at = await desk(6, 'AIG');
  at.place(1, { limit: '90', tif: 'IOC' });
  const ioc = await at.news();
  const statuses = ioc.filter((item) => item.startsWith('status'));
  expect(statuses.slice(-2)).toEqual(['status 1 PendingCancel', 'status 1 Cancelled']);
  at.place(2, { limit: '90', tif: 'FOK' });
  const fok = (await at.news()).filter((item) => item.startsWith('status'));
  expect(fok.at(-1)).toBe('status 2 Inactive');
});

test('[GWY-2] transmit=0 is silent and unlisted; the id again with transmit=1 releases it', async () => {
  const at = await desk(7, 'SPY');
  at.place(1, { limit: '90', transmit: 0 });
  at.place(2, { limit: '91', transmit: '' });
  expect(await at.news()).toEqual([]);
  at.client.send(16, 1);
  await at.news();
  expect(at.client.of(5).filter((fields) => fields[3] === 'SPY')).toEqual([]);
  at.place(1, { limit: '90' });
  expect((await at.news()).at(-1)).toBe('status 1 Submitted');
});

test('[GWY-2] bracket: nothing until the last child; then parent, children, their group and type', async () => {
  const at = await desk(8, 'KO');
  at.place(2, { action: 'SELL', limit: '110', parentId: 1, transmit: 0 });
  expect(await at.news()).toEqual(['error 2 10006']);
  at.place(3, { type: 'LMT', limit: '99', transmit: 0 });
  at.place(4, { action: 'SELL', limit: '110', parentId: 3, transmit: 0 });
  expect(await at.news()).toEqual([]);
  at.place(5, { action: 'SELL', type: 'STP', aux: '95', parentId: 3 });
  const begun = await at.news();
  for (const id of [3, 4, 5]) expect(begun).toContain(`open ${id}`);
  expect(
    begun.filter((item) => /status [45]/.test(item)).every((i) => i.includes('PreSubmitted')),
  ).toBe(true);
  const [parent, target] = [at.open(3), at.open(4)];
  // Of an openOrder frame, 19 is the OCA group and 25 the permId.
  expect(target[19]).toBe(parent[25]);
  await at.price('98.5');
  await at.client.waitFor((fields) => fields[0] === '59');
  const filled = await at.news();
  const last = (id: number): string | undefined =>
    filled.findLast((item) => item.startsWith(`status ${id} `));
  expect(last(3)).toBe('status 3 Filled');
  expect(last(4)).toBe('status 4 Submitted');
  expect(last(5)).toBe('status 5 PreSubmitted (trigger)');
  // Modifying a child with an empty group does not drop it out of the group.
  at.place(5, { action: 'SELL', type: 'STP', aux: '96', parentId: 3 });
  await at.news();
  expect([at.open(5)[17], at.open(5)[19]]).toEqual(['96', parent[25]]);
  at.cancel(4);
  const ended = (await at.news()).filter((item) => !item.startsWith('open'));
  expect(ended).toEqual([
    'status 4 PendingCancel',
    'status 4 Cancelled',
    'error 4 202',
    'status 5 PendingCancel (trigger)',
    'status 5 Cancelled',
    'error 5 202',
  ]);
});

test('[GWY-2] parent cancelled: its children are cancelled', async () => {
  const at = await desk(9, 'PEP');
  at.place(1, { limit: '90', transmit: 0 });
  at.place(2, { action: 'SELL', limit: '110', parentId: 1, transmit: 0 });
  at.place(3, { action: 'SELL', type: 'STP', aux: '85', parentId: 1 });
  await at.news();
  at.cancel(1);
  const news = await at.news();
  for (const id of [1, 2, 3]) {
    expect(news).toContain(`status ${id} Cancelled`);
    expect(news).toContain(`error ${id} 202`);
  }
});

test('[GWY-2] what-if: one openOrder with margins, no orderStatus, no order', async () => {
  const at = await desk(10, 'DIS');
  at.place(1, { type: 'MKT', whatIf: 1 });
  expect(await at.news()).toEqual(['open 1']);
  expect(at.open(1)[25]).toBe('0');
  at.client.send(5, 1);
  expect(await at.news()).toEqual(['message 53']);
  at.place(2, { type: 'MKT', whatIf: 1, transmit: 0 });
  expect(await at.news()).toEqual(['error 2 413']);
});

test('[GWY-2] TIF empty is DAY; a filled order modified is 104; an old id is 103', async () => {
  const at = await desk(11, 'INTC');
  at.place(5, { limit: '90' });
  await at.news();
  expect(at.open(5)[18]).toBe('DAY');
  at.place(6, { type: 'MKT' });
  await at.news();
  at.place(6, { type: 'MKT' });
  expect(await at.news()).toEqual(['error 6 104']);
  at.place(3, { limit: '90' });
  expect(await at.news()).toEqual(['error 3 103']);
  at.cancel(999);
  expect(await at.news()).toEqual(['error 999 10147']);
});

test('[GWY-2] orders outlive their connection; another client lists but cannot cancel them', async () => {
  const first = await desk(12, 'MCD');
  first.place(1, { limit: '90', ref: 'mine' });
  await first.news();
  const permId = first.open(1)[25];
  first.client.destroy();
  const other = await desk(13, 'MCD');
  other.client.send(5, 1);
  expect(await other.news()).toEqual(['message 53']);
  other.client.send(16, 1);
  await other.news();
  const seen = other.client.of(5).find((fields) => fields[23] === 'mine') ?? [];
  expect([seen[1], seen[24], seen[25]]).toEqual(['1', '12', permId]);
  other.cancel(1);
  expect(await other.news()).toEqual(['error 1 10147']);
  const again = await desk(12, 'MCD');
  // The counter of a client id goes on between its sessions.
  expect(again.client.of(9)[0]?.[2]).toBe('2');
  again.cancel(1);
  expect(await again.news()).toContain('status 1 Cancelled');
});

test('[GWY-2] fills are asked for again with their commissions, by a client that made none', async () => {
  const first = await desk(14, 'WMT');
  first.place(1, { type: 'MKT', ref: 'asked' });
  await first.news();
  const fill = first.client.of(11)[0] ?? [];
  const other = await desk(15, 'WMT');
  other.client.send(7, 3, 501, 14, '', '', '', '', '', '');
  expect(await other.news()).toEqual([`exec 501 1 BOT 10@100.01`, 'commission', 'message 55']);
  expect(other.client.of(11)[0]?.slice(14)).toEqual(fill.slice(14));
});

test('[GWY-2] OCA: the first of a group that fills cancels its sibling', async () => {
  const at = await desk(16, 'CVX');
  at.place(1, { limit: '95', ocaGroup: 'pair', ocaType: 1 });
  at.place(2, { type: 'STP', aux: '105', ocaGroup: 'pair', ocaType: 1 });
  await at.news();
  await at.price('94');
  await at.client.waitFor((fields) => fields[0] === '4' && fields[2] === '2');
  const news = (await at.news()).filter((item) => !item.startsWith('open'));
  expect(news).toContain('status 1 Filled');
  expect(news.slice(-1)).toEqual(['error 2 202']);
  expect(news).toContain('status 2 Cancelled');
});

test('[GWY-2] outsideRth on a market order is a notice; fractions need version 163', async () => {
  const at = await desk(17, 'XOM');
  at.place(1, { type: 'MKT', outsideRth: 1 });
  const news = await at.news();
  expect(news).toContain('error 1 2109');
  expect(news).toContain('status 1 Filled');
  at.place(2, { type: 'MKT', quantity: '0.5' });
  expect(await at.news()).toContain('exec -1 2 BOT 0.5@100.01');
});

test('[GWY-2] --master-client hears everyone, --data delayed has no live prices', async () => {
  const flags = ['--paused', '--master-client', '9', '--data', 'delayed'];
  const own = await startGateway({ flags });
  try {
    const [owner, master] = [
      await RawClient.start(own.port, 1),
      await RawClient.start(own.port, 9),
    ];
    clients.push(owner, master);
    owner.send(...orderFrame(1, { type: 'MKT', ref: 'heard' }));
    await master.waitFor((fields) => fields[0] === '59');
    expect(master.of(11)[0]).toContain('heard');
    owner.send(...marketDataFrame(7, 'AAPL', 1));
    await owner.waitFor((fields) => fields[2] === '7' && fields[3] === '10168');
  } finally {
    await own.stop();
  }
});

test('[GWY-4] permIds, order ids and executions are the same after kill -9', async () => {
  const own = await startGateway({ flags: ['--paused', '--pacing', 'off'] });
  const listing = async (port: number): Promise<string[][]> => {
    const client = await RawClient.start(port, 3);
    clients.push(client);
    client.send(16, 1);
    client.send(7, 3, 5, 0, '', '', '', '', '', '');
    client.send(99, 0);
    await client.waitFor((fields) => fields[0] === '102');
    const kinds = ['3', '5', '9', '11', '59', '101'];
    return client.messages.filter((fields) => kinds.includes(fields[0] ?? ''));
  };
  const client = await RawClient.start(own.port, 3);
  clients.push(client);
  client.send(...orderFrame(1, { type: 'MKT' }));
  client.send(...orderFrame(2, { limit: '1' }));
  client.send(...orderFrame(3, { limit: '2' }));
  client.send(4, 3, '', '', 2147483647);
  await client.waitFor((fields) => fields[0] === '4' && fields[3] === '202');
  client.destroy();
  const before = await listing(own.port);
  await own.kill();
  const again = await startGateway({ stateDir: own.stateDir, flags: ['--paused'] });
  expect(await listing(again.port)).toEqual(before);
  expect(before.map(inShort)).toContain('exec 5 1 BOT 10@' + (before[3]?.[20] ?? ''));
  await again.stop();
});
