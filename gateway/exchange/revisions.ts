/** Executions that the exchange takes back or corrects after the fact. */
import { ZERO, decimal, max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { tellPosition } from './accounts.js';
import type { Core } from './core.js';
import { revisedId } from './executions.js';
import type { ExecutionRecord } from './executions.js';
import { tellCommission, tellExecution } from './fills.js';
import { averageOf } from './orders.js';
import type { Order } from './orders.js';
import { cashOf } from './positions.js';
import type { Position } from './positions.js';
import { orderKey } from './state.js';

function orderOf(core: Core, entry: ExecutionRecord): Order | undefined {
  const { clientId, orderId, permId } = entry.execution;
  const order = core.state.byId.get(orderKey(clientId, orderId));
  return order?.permId === permId ? order : undefined;
}

const sign = (entry: ExecutionRecord, shares: Decimal): Decimal =>
  entry.execution.side === 'BOT' ? shares : shares.neg();

function tellRevision(core: Core, entry: ExecutionRecord): void {
  const { account, contract } = entry.execution;
  tellExecution(core, entry);
  tellCommission(core, entry);
  const position = core.state.position(account, contract);
  core.batch.positions.add(position);
  core.batch.accounts.add(core.state.account(account));
  tellPosition(core, account, contract);
}

/** Books cash that a revision moved. */
function moveCash(core: Core, entry: ExecutionRecord, amount: Decimal): void {
  const { account, contract } = entry.execution;
  const books = core.state.account(account);
  books.cash = books.cash.add(amount);
  const position = core.state.position(account, contract);
  position.flowToday = position.flowToday.add(amount);
}

/**
 * Corrects an execution's price by some ticks: `.02` follows `.01` with the same shares. What it
 * opened and is still held changes its cost; what it closed, or was closed since, changes the result.
 */
export function correct(core: Core, execId: string, ticks: number): void {
  const entry = core.state.executions.get(execId);
  if (!entry) return;
  const { execution } = entry;
  const order = orderOf(core, entry);
  const tick = order?.minTick ?? decimal('0.01');
  const change = tick.mul(ticks);
  const position = core.state.position(execution.account, execution.contract);
  const isOpen = position.quantity.mul(sign(entry, entry.opened)).gt(ZERO);
  const stillHeld = isOpen ? min(position.quantity.abs(), entry.opened) : ZERO;
  const intoCost = sign(entry, stillHeld).mul(change);
  const intoResult = sign(entry, execution.shares.sub(stillHeld)).mul(change).neg();
  position.cost = position.cost.add(intoCost);
  position.realizedToday = position.realizedToday.add(intoResult);
  moveCash(core, entry, sign(entry, execution.shares).mul(change).neg());
  if (order) {
    order.value = order.value.add(execution.shares.mul(change));
    core.batch.orders.add(order);
  }
  const realized = entry.commission.realizedPnl?.sub(sign(entry, entry.closed).mul(change));
  const id = revisedId(execution.execId);
  const average = execution.shares.mul(change).div(max(execution.cumQty, execution.shares));
  tellRevision(core, {
    ...entry,
    reported: true,
    execution: {
      ...execution,
      execId: id,
      price: execution.price.add(change),
      avgPrice: order ? averageOf(order.value, order.filled) : execution.avgPrice.add(average),
    },
    commission: { ...entry.commission, execId: id, ...(realized && { realizedPnl: realized }) },
  });
}

/** What cost is left without shares was realized: sold at an average that the busted trade was part of. */
function settleRest(position: Position): void {
  position.realizedToday = position.realizedToday.sub(position.cost);
  position.cost = ZERO;
}

/** Takes an execution back: `.02` follows with no shares; position, cash and result are as before it. */
export function bust(core: Core, execId: string): void {
  const entry = core.state.executions.get(execId);
  if (!entry) return;
  const { execution, commission } = entry;
  const position = core.state.position(execution.account, execution.contract);
  const signed = sign(entry, execution.shares);
  const flow = cashOf(signed, execution.price, commission.commission);
  const realized = commission.realizedPnl ?? ZERO;
  position.quantity = position.quantity.sub(signed);
  // The trade changed the cost by what it realized less the cash that it moved.
  position.cost = position.cost.sub(realized.sub(flow));
  position.realizedToday = position.realizedToday.sub(realized);
  if (position.quantity.isZero()) settleRest(position);
  moveCash(core, entry, flow.neg());
  const id = revisedId(execution.execId);
  tellRevision(core, {
    ...{ reported: true, closed: ZERO, opened: ZERO },
    execution: {
      ...execution,
      execId: id,
      shares: ZERO,
      cumQty: execution.cumQty.sub(execution.shares),
    },
    commission: { execId: id, commission: ZERO, currency: commission.currency },
  });
}
