/**
 * A small exchange for tests of the wire: it keeps orders, fills market orders at once at a fixed
 * price, and can be told to emit any event. Matching is not its subject.
 */
import type { Decimal } from '../../../domain/money.js';
import { ZERO, decimal } from '../../../domain/money.js';
import type {
  CommissionView,
  ContractSpec,
  Exchange,
  ExchangeEvent,
  ExecutionView,
  OrderRequest,
  OrderView,
  PositionView,
} from '../../../gateway/exchange/api.js';

export const ACCOUNT = 'DU1000001';

export const AAPL: ContractSpec = {
  conId: 265598,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  primaryExchange: 'NASDAQ',
  currency: 'USD',
  localSymbol: 'AAPL',
  tradingClass: 'NMS',
};

const FILL_PRICE = decimal('101.5');

export class ScriptedExchange implements Exchange {
  readonly accounts = [ACCOUNT];
  readonly orders: OrderView[] = [];
  readonly fills: { execution: ExecutionView; commission: CommissionView }[] = [];
  readonly placed: { clientId: number; orderId: number; request: OrderRequest }[] = [];
  readonly cancelled: { clientId: number; orderId: number }[] = [];
  globalCancels = 0;
  position: PositionView | undefined;
  values = [
    { account: ACCOUNT, tag: 'NetLiquidation', value: '100000.00', currency: 'USD' },
    { account: ACCOUNT, tag: 'TotalCashValue', value: '100000.00', currency: 'USD' },
    { account: ACCOUNT, tag: 'BuyingPower', value: '400000.00', currency: 'USD' },
  ];
  private readonly listeners = new Set<(event: ExchangeEvent) => void>();
  private readonly nextIds = new Map<number, number>();
  private nextPermId = 1001;

  onEvent(listener: (event: ExchangeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: ExchangeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  nextValidId(clientId: number): number {
    return this.nextIds.get(clientId) ?? 1;
  }

  place(clientId: number, orderId: number, request: OrderRequest): void {
    this.placed.push({ clientId, orderId, request });
    this.nextIds.set(clientId, Math.max(this.nextValidId(clientId), orderId + 1));
    const order: OrderView = {
      clientId,
      orderId,
      permId: this.nextPermId++,
      parentPermId: 0,
      contract: AAPL,
      request,
      status: 'Submitted',
      whyHeld: '',
      filled: ZERO,
      remaining: request.totalQuantity,
      avgFillPrice: ZERO,
      lastFillPrice: ZERO,
      warningText: '',
    };
    this.orders.push(order);
    this.emit({ kind: 'order', order: { ...order } });
    if (request.orderType === 'MKT') this.fill(order);
  }

  whatIf(request: OrderRequest): ReturnType<Exchange['whatIf']> {
    if (request.contract.symbol !== 'AAPL') return { error: { code: 201, message: 'no margin' } };
    const [before, change, after] = [decimal('0'), decimal('3000.5'), decimal('3000.5')];
    return {
      initMarginBefore: before,
      initMarginChange: change,
      initMarginAfter: after,
      maintMarginBefore: before,
      maintMarginChange: change,
      maintMarginAfter: after,
      equityWithLoanBefore: decimal('100000'),
      equityWithLoanChange: decimal('-1'),
      equityWithLoanAfter: decimal('99999'),
      commission: decimal('1'),
      warningText: '',
    };
  }

  cancel(clientId: number, orderId: number): void {
    this.cancelled.push({ clientId, orderId });
    const order = this.orders.find((o) => o.clientId === clientId && o.orderId === orderId);
    if (!order || order.status !== 'Submitted') {
      const message = `OrderId ${orderId} that needs to be cancelled is not found.`;
      this.emit({ kind: 'error', clientId, orderId, code: 10147, message });
      return;
    }
    this.update(order, { status: 'Cancelled', completedStatus: 'Cancelled by Trader' });
    const message = 'Order Canceled - reason:';
    this.emit({ kind: 'error', clientId, orderId, code: 202, message });
  }

  globalCancel(): void {
    this.globalCancels += 1;
  }

  liveOrder(clientId: number, orderId: number): OrderView | undefined {
    return this.openOrders(clientId).find((order) => order.orderId === orderId);
  }

  openOrders(clientId?: number): OrderView[] {
    return this.orders.filter(
      (order) =>
        order.status === 'Submitted' && (clientId === undefined || order.clientId === clientId),
    );
  }

  completedOrders(): OrderView[] {
    return this.orders.filter(({ status }) => status !== 'Submitted');
  }

  vanishedOrders(): OrderView[] {
    return [];
  }

  executions(): { execution: ExecutionView; commission?: CommissionView }[] {
    return this.fills;
  }

  positions(): PositionView[] {
    return this.position ? [this.position] : [];
  }

  accountValues(account: string): typeof this.values {
    return this.values.filter((value) => value.account === account);
  }

  pnl(): ReturnType<Exchange['pnl']> {
    const numbers = { daily: decimal('-12.5'), unrealized: decimal('3'), realized: decimal('0') };
    return { ...numbers, position: decimal('10'), value: decimal('1015') };
  }

  update(order: OrderView, change: Partial<OrderView>): void {
    Object.assign(order, change);
    this.emit({ kind: 'order', order: { ...order } });
  }

  fill(order: OrderView, shares: Decimal = order.remaining): void {
    const { clientId, orderId, permId, request } = order;
    const signed = request.action === 'BUY' ? shares : shares.neg();
    const execution: ExecutionView = {
      execId: `0000e0d5.69dd7411.${String(this.fills.length + 1).padStart(2, '0')}.01`,
      timeMs: Date.now(),
      account: ACCOUNT,
      exchange: 'ARCA',
      side: request.action === 'BUY' ? 'BOT' : 'SLD',
      shares,
      price: FILL_PRICE,
      permId,
      clientId,
      orderId,
      cumQty: order.filled.add(shares),
      avgPrice: FILL_PRICE,
      orderRef: request.orderRef,
      contract: order.contract,
      lastLiquidity: 2,
    };
    const commission: CommissionView = {
      execId: execution.execId,
      commission: decimal('1'),
      currency: 'USD',
    };
    this.fills.push({ execution, commission });
    this.emit({ kind: 'execution', execution });
    const filled = order.filled.add(shares);
    const remaining = request.totalQuantity.sub(filled);
    this.update(order, {
      filled,
      remaining,
      avgFillPrice: FILL_PRICE,
      lastFillPrice: FILL_PRICE,
      status: remaining.isZero() ? 'Filled' : 'Submitted',
      completedTimeMs: execution.timeMs,
      completedStatus: `Filled Size: ${filled.toFixed()}`,
    });
    this.emit({ kind: 'commission', report: commission, clientId, account: ACCOUNT });
    this.position = {
      account: ACCOUNT,
      contract: order.contract,
      position: (this.position?.position ?? ZERO).add(signed),
      avgCost: FILL_PRICE,
      marketPrice: FILL_PRICE,
      marketValue: FILL_PRICE.mul(signed),
      unrealizedPnl: ZERO,
      realizedPnl: ZERO,
    };
    this.emit({ kind: 'position', position: this.position });
  }
}
