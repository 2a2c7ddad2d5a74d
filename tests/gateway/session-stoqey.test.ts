/** The unchanged @stoqey/ib client against the TWS port: everything it decodes is what was meant. */
import { afterEach, expect, test } from '@jest/globals';
import { EventName, IBApi, OrderAction, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import type { Contract, Execution, Order, OrderState } from '@stoqey/ib';
import { decimal } from '../../domain/money.js';
import { startWireGateway } from './support/wire-gateway.js';
import type { WireGateway } from './support/wire-gateway.js';

const WAIT_MS = 5000;
const STOCK: Contract = {
  symbol: 'AAPL',
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
};

const open: { gateways: WireGateway[]; clients: IBApi[] } = { gateways: [], clients: [] };

afterEach(async () => {
  for (const client of open.clients.splice(0)) client.disconnect();
  for (const gateway of open.gateways.splice(0)) await gateway.close();
});

async function gatewayOf(): Promise<WireGateway> {
  const gateway = await startWireGateway();
  open.gateways.push(gateway);
  return gateway;
}

/** The arguments of the next event that fits. */
function next(ib: IBApi, name: EventName, fits: (...args: never[]) => boolean = () => true) {
  return new Promise<never[]>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} in time`)), WAIT_MS);
    const listener = (...args: never[]): void => {
      if (!fits(...args)) return;
      clearTimeout(timer);
      ib.off(name, listener as never);
      resolve(args);
    };
    ib.on(name as EventName.error, listener as never);
  });
}

async function connect(
  gateway: WireGateway,
  clientId: number,
): Promise<{ ib: IBApi; odd: string[] }> {
  const ib = new IBApi({ host: '127.0.0.1', port: gateway.port, clientId });
  const odd: string[] = [];
  // 505 is the library's word for a message it could not decode.
  ib.on(EventName.error, (error, code) => odd.push(`${code} ${error.message}`));
  ib.on(EventName.info, (message, code) => {
    if (code < 2000) odd.push(`${code} ${message}`);
  });
  open.clients.push(ib);
  const ready = Promise.all([next(ib, EventName.nextValidId), next(ib, EventName.managedAccounts)]);
  ib.connect();
  const [[id], [accounts]] = (await ready) as unknown as [[number], [string]];
  expect(id).toBe(1);
  expect(accounts).toBe('DU1000001');
  return { ib, odd };
}

function limitOrder(more: Partial<Order> = {}): Order {
  return {
    action: OrderAction.BUY,
    totalQuantity: 10,
    orderType: OrderType.LMT,
    lmtPrice: 99.25,
    tif: TimeInForce.GTC,
    account: 'DU1000001',
    orderRef: 'ref-1',
    transmit: true,
    ...more,
  };
}

test('[GWY-1] @stoqey/ib places, sees and cancels a limit order', async () => {
  const gateway = await gatewayOf();
  const { ib, odd } = await connect(gateway, 7);
  const opened = next(ib, EventName.openOrder);
  const status = next(ib, EventName.orderStatus);
  ib.placeOrder(1, STOCK, limitOrder({ outsideRth: true, ocaGroup: 'g', ocaType: 1 }));
  const [orderId, contract, order, state] = (await opened) as unknown as [
    number,
    Contract,
    Order,
    OrderState,
  ];
  expect([orderId, contract.conId, order.orderRef, state.status]).toEqual([
    1,
    265598,
    'ref-1',
    'Submitted',
  ]);
  expect(order).toMatchObject({ lmtPrice: 99.25, tif: 'GTC', ocaGroup: 'g', ocaType: 1 });
  expect(order).toMatchObject({ outsideRth: true, permId: 1001, clientId: 7, totalQuantity: 10 });
  expect((await status).slice(0, 4)).toEqual([1, 'Submitted', 0, 10]);
  const cancelled = next(ib, EventName.orderStatus, (_id: number, s: string) => s === 'Cancelled');
  const notice = next(ib, EventName.error);
  ib.cancelOrder(1);
  await cancelled;
  await notice;
  expect(odd).toEqual(['202 Order Canceled - reason:']);
  expect(gateway.internalErrors).toEqual([]);
});

test('[GWY-2] a market order gives execution, commission and completed order', async () => {
  const gateway = await gatewayOf();
  const { ib, odd } = await connect(gateway, 7);
  const execution = next(ib, EventName.execDetails);
  const commission = next(ib, EventName.commissionReport);
  ib.placeOrder(1, STOCK, limitOrder({ orderType: OrderType.MKT }));
  const [reqId, , fill] = (await execution) as unknown as [number, Contract, Execution];
  expect(reqId).toBe(-1);
  expect(fill).toMatchObject({ side: 'BOT', shares: 10, price: 101.5, orderRef: 'ref-1' });
  expect(fill).toMatchObject({ clientId: 7, permId: 1001, cumQty: 10, acctNumber: 'DU1000001' });
  expect((await commission)[0]).toMatchObject({ execId: fill.execId, commission: 1 });
  const completed = next(ib, EventName.completedOrder);
  const end = next(ib, EventName.completedOrdersEnd);
  ib.reqCompletedOrders(false);
  const [, order, state] = (await completed) as unknown as [Contract, Order, OrderState];
  await end;
  expect(order).toMatchObject({ permId: 1001, orderRef: 'ref-1', filledQuantity: 10 });
  expect(state).toMatchObject({ status: 'Filled', completedStatus: 'Filled Size: 10' });
  expect(odd).toEqual([]);
});

test('[GWY-2] contract details, account, positions and prices arrive as they are', async () => {
  const gateway = await gatewayOf();
  gateway.market.set('AAPL', '101.40', '101.50', { last: decimal('101.45') });
  const { ib, odd } = await connect(gateway, 7);
  const details = next(ib, EventName.contractDetails);
  const detailsEnd = next(ib, EventName.contractDetailsEnd);
  ib.reqContractDetails(5, STOCK);
  const found = (await details)[1] as unknown as { minTick: number; contract: Contract };
  await detailsEnd;
  expect(found).toMatchObject({
    minTick: 0.01,
    timeZoneId: 'US/Eastern',
    marketRuleIds: expect.stringContaining('26'),
  });
  const summary = next(ib, EventName.accountSummary);
  const summaryEnd = next(ib, EventName.accountSummaryEnd);
  ib.reqAccountSummary(6, 'All', 'NetLiquidation');
  expect(await summary).toEqual([6, 'DU1000001', 'NetLiquidation', '100000.00', 'USD']);
  await summaryEnd;
  const ask = next(ib, EventName.tickPrice, (_id: number, type: number) => type === 2);
  const snapshotEnd = next(ib, EventName.tickSnapshotEnd);
  ib.reqMktData(8, STOCK, '', true, false);
  expect((await ask).slice(0, 3)).toEqual([8, 2, 101.5]);
  await snapshotEnd;
  ib.placeOrder(1, STOCK, limitOrder({ orderType: OrderType.MKT }));
  const position = next(ib, EventName.position);
  ib.reqPositions();
  expect((await position)[2]).toBe(10);
  expect(odd).toEqual([]);
  expect(gateway.internalErrors).toEqual([]);
});
