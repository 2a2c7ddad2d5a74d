/** Account values that lag behind the fills, as the broker's own do by up to three minutes. */
import { durationMs } from '../faults.js';
import { accountValues } from './account-values.js';
import { tellPosition } from './accounts.js';
import type { AccountValue } from './api.js';
import { schedule } from './core.js';
import type { Core } from './core.js';
import { orderContext } from './fill-faults.js';
import type { Order } from './orders.js';

/** Before an order's fill is booked: by fault its account's values stay as they are for a while. */
export function lagBehind(core: Core, order: Order): void {
  const { account, contract } = order;
  if (core.lagging.has(account)) return;
  const fault = core.settings.faults.take('account-values-lag', orderContext(order));
  if (!fault) return;
  core.lagging.set(account, accountValues(core, account));
  const dueMs = core.settings.nowMs() + durationMs(fault.params);
  schedule(core, { kind: 'values', dueMs, account, conId: contract.conId });
}

/** The lag is over: subscribers are to look again. */
export function catchUp(core: Core, account: string, conId: number): void {
  core.lagging.delete(account);
  const position = core.state.positions.get(`${account}|${conId}`);
  if (position) tellPosition(core, account, position.contract);
}

/** An account's values as they are told now. */
export function toldValues(core: Core, account: string): AccountValue[] {
  return core.lagging.get(account) ?? accountValues(core, account);
}
