import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventName, OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import type { Order } from '@stoqey/ib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import {
  ACCOUNT,
  connectTrader,
  ledgerOf,
  orderIn,
  sendBracket,
  stock,
  until,
} from './support/trader.js';
import type { Trader } from './support/trader.js';

const PLAN = { symbol: 'AAPL', stop: 95, target: 110, ref: 'bal-first' };
const traders: Trader[] = [];
let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway({ flags: ['--paused'] });
  await gateway.control('/prices', { AAPL: 100 });
});

afterEach(async () => {
  for (const { ib } of traders.splice(0)) ib.disconnect();
  await gateway.stop();
});

async function connect(): Promise<Trader> {
  const trader = await connectTrader(gateway.port, 4);
  traders.push(trader);
  return trader;
}

const fault = (name: string, more: object = {}) => gateway.control('/faults', { name, ...more });
const verdicts = async () => (await ledgerOf(gateway)).verdicts;

async function fillsOf(count: number): Promise<void> {
  await until(async () => (await ledgerOf(gateway)).executions.length === count, `${count} fills`);
}

/** A bracket of which nothing came back: its socket was cut at the last leg. */
async function sendUnanswered(): Promise<void> {
  const trader = await connect();
  await fault('cut-before-ack', { orderRef: 'bal-firstt' });
  sendBracket(trader, PLAN);
  await until(() => !trader.isConnected, 'the cut');
  await fillsOf(1);
  expect(trader.statuses).toEqual([]);
}

test('[GWY-7] sent again under another reference after an unanswered send: re-referenced', async () => {
  await sendUnanswered();
  const trader = await connect();
  sendBracket(trader, { ...PLAN, ref: 'bal-second' });
  await fillsOf(2);
  expect(await verdicts()).toMatchObject({ reReferencedEntries: 1, duplicateEntries: 0 });
});

test('[GWY-7] sent again under the same reference: a duplicate, and twice the shares', async () => {
  await sendUnanswered();
  sendBracket(await connect(), PLAN);
  await fillsOf(2);
  expect(await verdicts()).toMatchObject({ duplicateEntries: 1, overfilledShares: '100' });
});

test('[GWY-7] looked up first, then another entry like it: a decision, no repeat', async () => {
  await sendUnanswered();
  const trader = await connect();
  await new Promise<void>((resolve) => {
    trader.ib.once(EventName.openOrderEnd, resolve);
    trader.ib.reqAllOpenOrders();
  });
  sendBracket(trader, { ...PLAN, ref: 'bal-second' });
  await fillsOf(2);
  expect(await verdicts()).toMatchObject({ reReferencedEntries: 0, duplicateEntries: 0 });
});

const LISTED = { signal: 's-1', symbol: 'AAPL', side: 'BUY', orderRefPrefix: 'bal-first' };

test('[GWY-7] with a list: looked up first, then sent again in another size: re-referenced, overfilled', async () => {
  await gateway.control('/signals', [{ ...LISTED, quantity: '100' }]);
  await sendUnanswered();
  const trader = await connect();
  await new Promise<void>((resolve) => {
    trader.ib.once(EventName.openOrderEnd, resolve);
    trader.ib.reqAllOpenOrders();
  });
  sendBracket(trader, { ...PLAN, ref: 'bal-second', quantity: 99 });
  await fillsOf(2);
  const { verdicts: judged, signals } = await ledgerOf(gateway);
  expect(judged).toMatchObject({ reReferencedEntries: 1, overfilledShares: '99' });
  expect(signals.map((signal) => signal.listed)).toEqual(['s-1', 's-1']);
});

test('[GWY-7] the list survives a kill of the gateway, and what was accepted before it stands', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-list-'));
  await gateway.stop();
  gateway = await startGateway({ flags: ['--paused'], stateDir });
  await gateway.control('/prices', { AAPL: 100 });
  await gateway.control('/signals', [{ ...LISTED, quantity: '100' }]);
  const second = { ...LISTED, signal: 's-2', orderRefPrefix: 'bal-second', quantity: '50' };
  await gateway.control('/signals', [second]);
  sendBracket(await connect(), PLAN);
  await fillsOf(1);
  const before = await gateway.control('/signals');
  await gateway.kill();
  gateway = await startGateway({ flags: ['--paused'], stateDir });
  expect(await gateway.control('/signals')).toEqual(before);
  expect(before).toMatchObject([{ signal: 's-1', quantity: '100' }, { entry: null }]);
  await expect(gateway.control('/signals', [{ ...LISTED, quantity: '90' }])).rejects.toThrow(
    '/signals answered 409: {"error":"signal \\"s-1\\" is approved with 100: its entry was',
  );
  await gateway.control('/signals', [{ ...second, quantity: '40' }]);
  expect((await ledgerOf(gateway)).signals).toMatchObject([{ listed: 's-1', approved: '100' }]);
  rmSync(stateDir, { recursive: true });
});

test('[GWY-7] a dropped entry sent again with the same id: one parent order, nothing to judge', async () => {
  const trader = await connect();
  await fault('order-dropped', { count: 3 });
  const { parent } = sendBracket(trader, PLAN);
  await until(async () => (await ledgerOf(gateway)).messages.orders.length === 3, 'the loss');
  sendBracket(trader, { ...PLAN, firstId: parent });
  await fillsOf(1);
  const ledger = await ledgerOf(gateway);
  expect(ledger.verdicts).toMatchObject({ reReferencedEntries: 0, duplicateEntries: 0 });
  expect(ledger.orders.filter((order) => order.role === 'entry')).toHaveLength(1);
  expect(ledger.messages.orders.map(({ outcome }) => outcome).slice(0, 3)).toEqual([
    'dropped',
    'dropped',
    'dropped',
  ]);
});

test('[GWY-7] a stop moved to 0.01 and one cancelled leave the position unprotected', async () => {
  const trader = await connect();
  const ids = sendBracket(trader, PLAN);
  await fillsOf(1);
  await until(async () => orderIn(await ledgerOf(gateway), ids.stop)?.armed === true, 'the stop');
  expect((await verdicts()).unprotectedShareSeconds).toBe('0');
  const moved: Order = {
    ...{ action: OrderAction.SELL, orderType: OrderType.STP, tif: TimeInForce.GTC, transmit: true },
    ...{ totalQuantity: 100, auxPrice: 0.01, parentId: ids.parent, account: ACCOUNT },
    ...{ orderRef: 'bal-firsts', ocaGroup: 'oca-bal-first', ocaType: 2 },
  };
  trader.ib.placeOrder(ids.stop, stock('AAPL'), moved);
  await until(async () => orderIn(await ledgerOf(gateway), ids.stop)?.stopPrice === '0.01', 'move');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { contracts, breaches, verdicts: judged } = await ledgerOf(gateway);
  expect(contracts[0]).toMatchObject({ position: '100', unprotectedShares: '100' });
  expect(breaches).toMatchObject([{ kind: 'unprotected', maxShares: '100', toMs: null }]);
  expect(Number(judged.unprotectedShareSeconds)).toBeGreaterThanOrEqual(30);
});

test('[GWY-7] a stop for the day protects nothing, one good till a later day does', async () => {
  const trader = await connect();
  const ids = sendBracket(trader, PLAN);
  await fillsOf(1);
  const stop: Order = {
    ...{ action: OrderAction.SELL, orderType: OrderType.STP, tif: TimeInForce.DAY, transmit: true },
    ...{ totalQuantity: 100, auxPrice: 95, parentId: ids.parent, account: ACCOUNT },
    ...{ orderRef: 'bal-firsts', ocaGroup: 'oca-bal-first', ocaType: 2 },
  };
  const shown = async (tif: string) => {
    await until(async () => orderIn(await ledgerOf(gateway), ids.stop)?.tif === tif, tif);
    return orderIn(await ledgerOf(gateway), ids.stop);
  };
  trader.ib.placeOrder(ids.stop, stock('AAPL'), stop);
  expect(await shown('DAY')).toMatchObject({ armed: false, goodTillMs: null });
  const goodTillDate = '20991231 23:59:59 UTC';
  trader.ib.placeOrder(ids.stop, stock('AAPL'), { ...stop, tif: TimeInForce.GTD, goodTillDate });
  const goodTillMs = Date.parse('2099-12-31T23:59:59Z');
  expect(await shown('GTD')).toMatchObject({ armed: true, goodTillMs });
});

test('[GWY-7] a trailing stop protects, with the stop price that the exchange gave it', async () => {
  const trader = await connect();
  const long: Order = {
    ...{ action: OrderAction.BUY, orderType: OrderType.MKT, tif: TimeInForce.DAY, transmit: false },
    ...{ totalQuantity: 100, account: ACCOUNT, orderRef: 'bal-first' },
  };
  const trail: Order = {
    ...{ action: OrderAction.SELL, orderType: OrderType.TRAIL, tif: TimeInForce.GTC },
    ...{ totalQuantity: 100, account: ACCOUNT, orderRef: 'bal-firsts', auxPrice: 2 },
    ...{ parentId: trader.nextId, transmit: true },
  };
  trader.ib.placeOrder(trader.nextId, stock('AAPL'), long);
  trader.ib.placeOrder(trader.nextId + 1, stock('AAPL'), trail);
  await fillsOf(1);
  const ledger = await ledgerOf(gateway);
  expect(orderIn(ledger, trader.nextId + 1)).toMatchObject({ armed: true, stopPrice: '98' });
  expect(ledger.verdicts.unprotectedShareSeconds).toBe('0');
});

test('[GWY-7] a stop that its part-filled parent holds protects nothing', async () => {
  await gateway.stop();
  gateway = await startGateway({ flags: ['--paused', '--children', 'on_complete_fill'] });
  await gateway.control('/prices', { AAPL: 100 });
  const trader = await connect();
  // A price set by hand shows 1,000 shares.
  const ids = sendBracket(trader, { ...PLAN, quantity: 1_500 });
  await fillsOf(1);
  const held = await ledgerOf(gateway);
  const stop = { status: 'PreSubmitted', whyHeld: 'child,trigger', armed: false };
  expect(orderIn(held, ids.stop)).toMatchObject(stop);
  expect(held.contracts[0]).toMatchObject({ position: '1000', unprotectedShares: '1000' });
  await gateway.control('/prices', { AAPL: 100 });
  await fillsOf(2);
  const released = await ledgerOf(gateway);
  expect(orderIn(released, ids.stop)?.armed).toBe(true);
  expect(released.contracts[0]).toMatchObject({ position: '1500', unprotectedShares: '0' });
});

test('[GWY-7] a close beside live exits leaves exits over nothing until they are cancelled', async () => {
  const trader = await connect();
  const ids = sendBracket(trader, PLAN);
  await fillsOf(1);
  trader.nextId += 1;
  const close: Order = {
    ...{ action: OrderAction.SELL, orderType: OrderType.MKT, tif: TimeInForce.DAY, transmit: true },
    ...{ totalQuantity: 100, account: ACCOUNT, orderRef: 'bal-close' },
  };
  trader.ib.placeOrder(trader.nextId, stock('AAPL'), close);
  await fillsOf(2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  trader.ib.cancelOrder(ids.stop);
  trader.ib.cancelOrder(ids.target);
  await until(async () => {
    const { orders } = await ledgerOf(gateway);
    return orders.filter((order) => order.status === 'Cancelled').length === 2;
  }, 'the cancels');
  const ledger = await ledgerOf(gateway);
  expect(ledger.positions).toEqual([]);
  expect(Number(ledger.verdicts.excessExitShareSeconds)).toBeGreaterThanOrEqual(20);
  expect(ledger.breaches).toMatchObject([{ kind: 'excess', maxShares: '100' }]);
});
