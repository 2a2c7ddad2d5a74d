/** What time alone brings: expiry, scheduled faults, and the broker's midnight. */
import { newYorkDate } from '../market/calendar.js';
import { catchUp } from './account-lag.js';
import { figures, valueOf } from './accounts.js';
import type { Core } from './core.js';
import { tellOrder } from './core.js';
import { cancelWithGroup } from './endings.js';
import { tellCommission } from './fills.js';
import { isExpired } from './hours.js';
import { restingStatus } from './orders.js';
import { bust, correct } from './revisions.js';
import type { Task } from './tasks.js';

/** The broker's day, New York: `2026-11-21`. */
export function dayOf(nowMs: number): string {
  return newYorkDate(nowMs).toString();
}

/** Cancels what has reached its end, as the exchange does at the close. */
export function expireOrders(core: Core, nowMs: number): void {
  const { state } = core;
  if (nowMs < state.nextExpiryMs) return;
  let next = Infinity;
  for (const order of [...state.live.values()]) {
    if (order.expiresMs === Infinity) continue;
    if (isExpired(core, order, nowMs)) cancelWithGroup(core, order, 'Expired');
    else next = Math.min(next, order.expiresMs);
  }
  state.nextExpiryMs = next;
}

function run(core: Core, task: Task): void {
  if (task.kind === 'commission') {
    const entry = core.state.executions.get(task.execId);
    if (entry && !entry.reported) tellCommission(core, entry);
  } else if (task.kind === 'correction') correct(core, task.execId, task.ticks);
  else if (task.kind === 'bust') bust(core, task.execId);
  else if (task.kind === 'values') catchUp(core, task.account, task.conId);
  else if (task.kind === 'resume') core.settings.market.setHalted(task.symbol, false);
  else {
    const order = core.state.live.get(task.seq);
    if (!order?.heldForLocate) return;
    order.heldForLocate = false;
    order.status = restingStatus(order);
    tellOrder(core, order);
    core.awake.push(order);
  }
}

/** Does what was promised for now or earlier, in the order of the promises. */
export function runTasks(core: Core, nowMs: number): void {
  for (const task of [...core.state.tasks.values()]) {
    if (task.dueMs > nowMs) continue;
    core.state.tasks.delete(task.id);
    core.batch.tasks.add(task.id);
    run(core, task);
  }
}

/** Starts a new day in the accounts. The caller forgets yesterday's orders and executions. */
export function startDay(core: Core): void {
  for (const position of [...core.state.positions.values()]) {
    position.realizedToday = position.realizedToday.mul(0);
    position.flowToday = position.flowToday.mul(0);
    position.dayStartValue = valueOf(core, position);
    if (position.quantity.isZero()) {
      core.state.positions.delete(`${position.account}|${position.contract.conId}`);
    }
  }
  for (const account of core.state.accounts.values()) {
    account.dayStartNetLiquidation = figures(core, account.name).equity;
  }
}
