/** Faults that happen the moment they are armed: what others do to the account, and to the market. */
import { ZERO, decimal, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { durationMs } from '../faults.js';
import type { FaultName, FaultParams } from '../faults.js';
import { accept } from './accept.js';
import { tellPosition } from './accounts.js';
import type { OrderRequest } from './api.js';
import { schedule } from './core.js';
import type { Core } from './core.js';
import { takeForOldest } from './dead-orders.js';
import { cancelAlone, cancelWithGroup } from './endings.js';
import type { Position } from './positions.js';
import { isRefused, validate } from './validation.js';

/** Orders by hand belong to no API client: client 0 without an order id, as TWS shows them. */
const BY_HAND = { clientId: 0, orderId: 0 };

/** A field that was checked to be decimal text when the fault was armed. */
function decimalField(params: FaultParams, name: string): Decimal | undefined {
  const value = params[name];
  return typeof value === 'string' ? decimal(value) : undefined;
}

function byHand(
  symbol: string,
  action: 'BUY' | 'SELL',
  quantity: Decimal,
  limit: Decimal | undefined,
  account: string,
): OrderRequest {
  return {
    contract: { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' },
    ...{ action, totalQuantity: quantity, orderType: limit ? 'LMT' : 'MKT' },
    ...(limit && { lmtPrice: limit }),
    ...{ tif: 'DAY', goodTillDate: '', goodAfterTime: '', ocaGroup: '', ocaType: 0, account },
    ...{ orderRef: '', transmit: true, parentId: 0, outsideRth: false, triggerMethod: 0 },
    ...{ allOrNone: false, whatIf: false, echoed: {} },
  };
}

function enter(core: Core, request: OrderRequest): void {
  const validated = validate(core, request);
  // Nobody is there to hear an error: the one who armed the fault sees that nothing appeared.
  if (!isRefused(validated)) accept(core, BY_HAND, validated);
}

function externalOrder(core: Core, params: FaultParams): void {
  const { symbol, action, account } = params;
  const [first] = core.settings.accounts;
  const request = byHand(
    typeof symbol === 'string' ? symbol : (core.settings.listings.all()[0]?.symbol ?? ''),
    action === 'SELL' ? 'SELL' : 'BUY',
    decimalField(params, 'quantity') ?? ZERO,
    decimalField(params, 'limit'),
    typeof account === 'string' ? account : (first ?? ''),
  );
  enter(core, request);
}

function affected(core: Core, params: FaultParams): Position[] {
  const { symbol, account } = params;
  return [...core.state.positions.values()].filter(
    (position) =>
      !position.quantity.isZero() &&
      (symbol === undefined || symbol === position.contract.symbol) &&
      (account === undefined || account === position.account),
  );
}

function closeByHand(core: Core, params: FaultParams): void {
  for (const { quantity, contract, account } of affected(core, params)) {
    const action = quantity.gt(ZERO) ? 'SELL' : 'BUY';
    enter(core, byHand(contract.symbol, action, quantity.abs(), undefined, account));
  }
}

/** Cancels the oldest live order that fits the armed fault, as a hand in TWS does: everybody is told. */
export function cancelByHand(core: Core): void {
  const order = takeForOldest(core, 'manual-cancel');
  if (order) cancelWithGroup(core, order);
}

function halt(core: Core, params: FaultParams): void {
  const { listings, market, nowMs } = core.settings;
  const all = listings.all().map((listing) => listing.symbol);
  const symbols = typeof params['symbol'] === 'string' ? [params['symbol']] : all;
  const dueMs = nowMs() + durationMs(params);
  for (const symbol of symbols) {
    if (!market.quote(symbol)) continue;
    market.setHalted(symbol, true);
    schedule(core, { kind: 'resume', dueMs, symbol });
  }
}

function splitSymbol(core: Core, symbol: string, ratio: Decimal): void {
  for (const order of [...core.state.live.values()]) {
    if (order.contract.symbol === symbol) cancelAlone(core, order, 'Cancelled by corporate action');
  }
  for (const position of core.state.positions.values()) {
    if (position.contract.symbol !== symbol || position.quantity.isZero()) continue;
    position.quantity = position.quantity.mul(ratio);
    core.batch.positions.add(position);
    tellPosition(core, position.account, position.contract);
  }
  const quote = core.settings.market.quote(symbol);
  if (!quote) return;
  const price = quote.bid.add(quote.ask).div(2).div(ratio);
  const tick = core.settings.listings.find({ symbol })[0]?.minTick ?? decimal('0.01');
  core.settings.market.setPrices({ [symbol]: max(tick, price.toDecimalPlaces(2)) });
}

function split(core: Core, params: FaultParams): void {
  const ratio = decimalField(params, 'ratio') ?? ZERO;
  const held = affected(core, params).map((position) => position.contract.symbol);
  const symbols = typeof params['symbol'] === 'string' ? [params['symbol']] : held;
  for (const symbol of new Set(symbols)) splitSymbol(core, symbol, ratio);
}

function expireDayOrders(core: Core): void {
  for (const order of [...core.state.live.values()]) {
    if (order.request.tif === 'DAY') cancelWithGroup(core, order, 'Expired');
  }
}

/** The faults carried out here; the day's turn is the exchange's own. */
export const IMMEDIATE_FAULTS = {
  'external-order': externalOrder,
  'manual-close': closeByHand,
  'day-expiry': expireDayOrders,
  halt,
  'overnight-split': split,
} as const satisfies Partial<Record<FaultName, (core: Core, params: FaultParams) => void>>;
