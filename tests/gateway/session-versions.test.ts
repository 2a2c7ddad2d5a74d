/**
 * Every server version from 157 to 193 as the unchanged @stoqey/ib writes and decodes it: what it sends
 * is what the exchange gets, and what it decodes is what it sent, with any optional group of an order.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ConjunctionConnection,
  EventName,
  IBApi,
  OrderAction,
  PercentChangeCondition,
  PriceCondition,
  SecType,
  TimeCondition,
  TriggerMethod,
  VolumeCondition,
} from '@stoqey/ib';
import type { Contract, Order } from '@stoqey/ib';
import fc from 'fast-check';
import { startWireGateway } from './support/wire-gateway.js';
import type { WireGateway } from './support/wire-gateway.js';

const WAIT_MS = 5000;
const STOCK: Contract = {
  symbol: 'AAPL',
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
};

interface Linked {
  gateway: WireGateway;
  ib: IBApi;
  errors: string[];
  opened: Map<number, Order>;
  completed: Order[];
}

async function link(serverVersion: number): Promise<Linked> {
  const gateway = await startWireGateway({ serverVersion, pacing: 'off' });
  const ib = new IBApi({ host: '127.0.0.1', port: gateway.port, clientId: 3 });
  const linked: Linked = { gateway, ib, errors: [], opened: new Map(), completed: [] };
  ib.on(EventName.error, (error, code, id) => linked.errors.push(`${id}/${code} ${error.message}`));
  ib.on(EventName.openOrder, (id, _contract, order) => linked.opened.set(id, order));
  ib.on(EventName.completedOrder, (_contract, order) => linked.completed.push(order));
  const ready = new Promise((resolve) => ib.once(EventName.nextValidId, resolve));
  ib.connect();
  await ready;
  return linked;
}

async function unlink({ gateway, ib }: Linked): Promise<void> {
  ib.disconnect();
  await gateway.close();
  expect(gateway.internalErrors).toEqual([]);
}

async function until(done: () => boolean, what: string): Promise<void> {
  const deadlineMs = Date.now() + WAIT_MS;
  while (!done()) {
    if (Date.now() > deadlineMs) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const versions = Array.from({ length: 193 - 157 + 1 }, (_v, n) => 157 + n).filter((v) => v !== 158);

test.each(versions)(
  '[PRF-4] [GWY-1] version %i: order, fill, contract and listing decode whole',
  async (version) => {
    const linked = await link(version);
    const { ib, gateway, errors, opened, completed } = linked;
    const order: Order = {
      action: OrderAction.SELL,
      totalQuantity: 7,
      orderType: 'TRAIL' as Order['orderType'] & string,
      auxPrice: 0.75,
      trailStopPrice: 95.25,
      tif: 'GTC',
      orderRef: `ref-${version}`,
      ocaGroup: 'group',
      ocaType: 3,
      parentId: 0,
      account: 'DU1000001',
      outsideRth: true,
      triggerMethod: 2,
      goodAfterTime: '20301231 10:00:00 US/Eastern',
      transmit: true,
    };
    let execution: unknown;
    let details: unknown;
    ib.on(EventName.execDetails, (_id, _contract, found) => (execution = found));
    ib.on(EventName.contractDetails, (_id, found) => (details = found));
    ib.placeOrder(1, STOCK, order);
    await until(() => opened.has(1), 'openOrder');
    const { transmit: _transmit, ...echoed } = order;
    expect(opened.get(1)).toMatchObject(echoed);
    ib.placeOrder(2, STOCK, { ...order, orderType: 'MKT' as Order['orderType'] & string });
    ib.reqContractDetails(9, STOCK);
    await until(() => execution !== undefined && details !== undefined, 'fill and details');
    expect(execution).toMatchObject({ shares: 7, price: 101.5, orderRef: `ref-${version}` });
    expect(details).toMatchObject({ minTick: 0.01, longName: 'APPLE INC', stockType: 'COMMON' });
    if (version >= 177) {
      ib.reqCompletedOrders(false);
      await until(() => completed.length === 1, 'completedOrder');
      expect(completed[0]).toMatchObject({ orderRef: `ref-${version}`, filledQuantity: 7 });
    }
    expect(gateway.exchange.placed.length).toBe(2);
    expect(errors).toEqual([]);
    await unlink(linked);
  },
);

let shared: Linked;
beforeAll(async () => {
  shared = await link(193);
});
afterAll(() => unlink(shared));

const price = fc.integer({ min: 1, max: 10_000_00 }).map((cents) => cents / 100);
const text = fc.stringMatching(/^[A-Za-z0-9 _.:/-]{1,20}$/);
const whole = fc.integer({ min: 1, max: 1_000_000 });
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const CONDITIONS = fc.array(
  fc.constantFrom(
    new PriceCondition(
      170.5,
      TriggerMethod.Default,
      265598,
      'SMART',
      true,
      ConjunctionConnection.AND,
    ),
    new TimeCondition('20301231 10:00:00 US/Eastern', true, ConjunctionConnection.OR),
    new VolumeCondition(1000, 265598, 'SMART', false, ConjunctionConnection.AND),
    new PercentChangeCondition(2.5, 265598, 'SMART', true, ConjunctionConnection.OR),
  ),
  { maxLength: 3 },
);

/** Fields whose meaning is only to be kept and echoed, in any combination. */
const fields = fc.record({
  action: fc.constantFrom(OrderAction.BUY, OrderAction.SELL),
  totalQuantity: whole,
  orderType: fc.constantFrom('LMT', 'STP', 'STP LMT', 'TRAIL', 'PEG BENCH', 'PEG BEST', 'PEG MID'),
  lmtPrice: price,
  auxPrice: price,
  trailStopPrice: price,
  tif: fc.constantFrom('DAY', 'GTC', 'GTD', 'IOC'),
  orderRef: text,
  ocaGroup: some(text),
  goodTillDate: some(fc.constant('20301231 10:00:00 US/Eastern')),
  outsideRth: fc.boolean(),
  allOrNone: fc.boolean(),
  minQty: some(whole),
  displaySize: some(whole),
  parentId: fc.nat({ max: 1000 }),
  triggerMethod: fc.constantFrom(0, 1, 2, 3, 4, 7, 8),
  conditions: CONDITIONS,
  hedgeType: some(fc.constant('D')),
  algoStrategy: some(fc.constant('Vwap')),
  algoParams: fc.array(fc.record({ tag: text, value: text }), { maxLength: 3 }),
  scalePriceIncrement: some(price),
  scaleInitLevelSize: whole,
  deltaNeutralOrderType: some(fc.constant('MKT')),
  deltaNeutralAuxPrice: price,
  modelCode: some(text),
  discretionaryAmt: some(price),
  cashQty: some(price),
  usePriceMgmtAlgo: fc.boolean(),
});

test('[PRF-4] any combination of order fields goes over the wire and comes back', async () => {
  const { ib, gateway, errors, opened } = shared;
  let orderId = 100;
  await fc.assert(
    fc.asyncProperty(fields, async (sent) => {
      orderId += 1;
      const id = orderId;
      ib.placeOrder(id, STOCK, { ...sent, account: 'DU1000001', transmit: true } as never);
      await until(() => opened.has(id), `openOrder ${id}`);
      const request = gateway.exchange.placed.at(-1)?.request;
      expect(request).toMatchObject({ action: sent.action, tif: sent.tif, transmit: true });
      expect(request?.totalQuantity.toNumber()).toBe(sent.totalQuantity);
      expect(request?.lmtPrice?.toNumber()).toBe(sent.lmtPrice);
      const got = opened.get(id) as unknown as Record<string, unknown>;
      const skipped = new Set(['conditions', 'algoParams', 'hedgeType', 'scaleInitLevelSize']);
      for (const [name, value] of Object.entries(sent)) {
        if (value === undefined || skipped.has(name)) continue;
        expect([name, got[name]]).toEqual([name, value]);
      }
      expect((got['conditions'] as unknown[] | undefined)?.length ?? 0).toBe(
        sent.conditions.length,
      );
      if (sent.algoStrategy) expect(got['algoParams'] ?? []).toEqual(sent.algoParams);
      expect(errors).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
