/** The real client, connected to a gateway process, with what it was told. */
import { EventName, IBApi, OrderAction, OrderType, SecType } from '@stoqey/ib';
import type { CommissionReport, Contract, Execution, Order } from '@stoqey/ib';
import type { LedgerReport } from '../../../gateway/ledger/report.js';
import type { TestGateway } from '../../support/gateway.js';

export const ACCOUNT = 'DU1000001';
const WAIT_MS = 20_000;

export interface Trader {
  ib: IBApi;
  nextId: number;
  executions: Execution[];
  commissions: CommissionReport[];
  /** `<order id> <status>`, as they came. */
  statuses: string[];
  isConnected: boolean;
}

/** Waits until a condition holds. @throws Error naming what did not come */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = WAIT_MS,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Connects and waits for the next valid id; `messagesPerSecond` lifts the client's own limit. */
export async function connectTrader(
  port: number,
  clientId: number,
  messagesPerSecond = 40,
): Promise<Trader> {
  const ib = new IBApi({ host: '127.0.0.1', port, clientId, maxReqPerSec: messagesPerSecond });
  const lists = { executions: [], commissions: [], statuses: [] };
  const trader: Trader = { ib, nextId: 0, isConnected: true, ...lists };
  ib.on(EventName.execDetails, (_id, _contract, execution) => trader.executions.push(execution));
  ib.on(EventName.commissionReport, (report) => trader.commissions.push(report));
  ib.on(EventName.orderStatus, (id, status) => trader.statuses.push(`${id} ${status}`));
  ib.on(EventName.disconnected, () => (trader.isConnected = false));
  trader.nextId = await new Promise<number>((resolve, reject) => {
    ib.once(EventName.nextValidId, resolve);
    ib.once(EventName.error, reject);
    ib.connect();
  });
  ib.on(EventName.error, () => undefined);
  return trader;
}

export const stock = (symbol: string): Contract => ({
  ...{ symbol, secType: SecType.STK, exchange: 'SMART', currency: 'USD' },
});

interface BracketPlan {
  symbol: string;
  stop: number;
  target: number;
  /** Reference of the entry; the exits' follow from it. */
  ref: string;
  quantity?: number;
  /** First of the three order ids; default: the next. */
  firstId?: number;
}

/** Sends a long bracket; gives its order ids. */
export function sendBracket(trader: Trader, plan: BracketPlan) {
  const parent = plan.firstId ?? trader.nextId;
  trader.nextId = Math.max(trader.nextId, parent + 3);
  const [stop, target] = [parent + 1, parent + 2];
  const shared = { totalQuantity: plan.quantity ?? 100, account: ACCOUNT };
  const send = (id: number, order: Order) => trader.ib.placeOrder(id, stock(plan.symbol), order);
  const entry = { ...shared, action: OrderAction.BUY, orderType: OrderType.MKT, tif: 'DAY' };
  send(parent, { ...(entry as Order), orderRef: plan.ref, transmit: false });
  const exit = {
    ...shared,
    action: OrderAction.SELL,
    tif: 'GTC' as Order['tif'],
    parentId: parent,
  };
  const oca = { ocaGroup: `oca-${plan.ref}`, ocaType: 2 };
  const stopOrder = { ...exit, ...oca, orderType: OrderType.STP, auxPrice: plan.stop };
  send(stop, { ...stopOrder, orderRef: `${plan.ref}s`, transmit: false });
  const targetOrder = { ...exit, ...oca, orderType: OrderType.LMT, lmtPrice: plan.target };
  send(target, { ...targetOrder, orderRef: `${plan.ref}t`, transmit: true });
  return { parent, stop, target };
}

export const ledgerOf = (gateway: TestGateway) => gateway.control<LedgerReport>('/ledger');

/** An order's latest state in the gateway's ledger. */
export function orderIn(ledger: LedgerReport, orderId: number) {
  return ledger.orders.find((order) => order.orderId === orderId);
}
