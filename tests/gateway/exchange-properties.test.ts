import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ZERO, decimal, sum, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ExchangeEvent, OrderView } from '../../gateway/exchange/api.js';
import { createRig, request } from './support/exchange.js';
import type { Rig } from './support/exchange.js';

const RUNS = 60;
const START = decimal('100000');

let rig: Rig | undefined;
afterEach(() => {
  rig?.close();
  rig = undefined;
});

/** One step of a generated day. Prices are ticks around 100.00, sizes small, so that much meets. */
type Step =
  | { do: 'quote'; bid: number; spread: number; bidSize: number; askSize: number }
  | { do: 'order'; buy: boolean; kind: 'MKT' | 'LMT' | 'STP'; price: number; size: number }
  | { do: 'bracket'; size: number; price: number; oca: number }
  | { do: 'group'; oca: number; sizes: number[]; price: number; buy: boolean }
  | { do: 'modify'; pick: number; price: number; size: number }
  | { do: 'cancel'; pick: number }
  | { do: 'restart' };

const size = fc.integer({ min: 1, max: 120 });
const tick = fc.integer({ min: -30, max: 30 });
const oca = fc.integer({ min: 1, max: 3 });
const pick = fc.nat(20);
const buy = fc.boolean();
const quote = fc.record({
  do: fc.constant('quote' as const),
  ...{ bid: tick, spread: fc.integer({ min: 1, max: 4 }), bidSize: size, askSize: size },
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: quote },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      ...{ buy, kind: fc.constantFrom('MKT' as const, 'LMT' as const, 'STP' as const) },
      ...{ price: tick, size },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('bracket' as const), size, price: tick, oca }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('group' as const),
      ...{ oca, sizes: fc.array(size, { minLength: 2, maxLength: 4 }), price: tick, buy },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('modify' as const), pick, price: tick, size }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

const SWITCHES = fc.record({
  children: fc.constantFrom(
    'scaled' as const,
    'full_size_on_first_fill' as const,
    'on_complete_fill' as const,
  ),
  parentCancel: fc.constantFrom('keeps' as const, 'kills' as const),
});

const priceOf = (ticks: number): string =>
  decimal('100')
    .add(decimal(String(ticks)).div(100))
    .toFixed(2);
const line = (each: Extract<Step, { do: 'quote' }>): string =>
  `${priceOf(each.bid)}x${each.bidSize} ${priceOf(each.bid + each.spread)}x${each.askSize}`;

/** Fills since the current quote came, by side, against its sizes. */
class BudgetJudge {
  private used = { BOT: ZERO, SLD: ZERO };
  private offered = { BOT: decimal('1000'), SLD: decimal('1000') };

  renew(each: Extract<Step, { do: 'quote' }>): void {
    this.used = { BOT: ZERO, SLD: ZERO };
    this.offered = { BOT: decimal(String(each.askSize)), SLD: decimal(String(each.bidSize)) };
  }

  hear(event: ExchangeEvent): void {
    if (event.kind !== 'execution') return;
    const { side, shares } = event.execution;
    this.used[side] = this.used[side].add(shares);
    if (this.used[side].gt(this.offered[side]))
      throw new Error(`${side} beyond the displayed size`);
  }
}

function perform(on: Rig, each: Step, nextId: number, groups: Map<string, OcaGroup>): number {
  const { exchange } = on;
  if (each.do === 'quote') on.market.quoteText('IBM', line(each));
  else if (each.do === 'restart') on.restart();
  else if (each.do === 'order') {
    const price = each.kind === 'LMT' ? { lmt: priceOf(each.price) } : {};
    const stop = each.kind === 'STP' ? { aux: priceOf(each.price) } : {};
    const action = each.buy ? 'BUY' : 'SELL';
    exchange.place(1, nextId, request({ action, quantity: `${each.size}`, ...price, ...stop }));
    return nextId + 1;
  } else if (each.do === 'bracket') {
    const exit = {
      action: 'SELL',
      quantity: `${each.size}`,
      parentId: nextId,
      tif: 'GTC',
    } as const;
    const entry = { quantity: `${each.size}`, lmt: priceOf(each.price), transmit: false };
    exchange.place(1, nextId, request(entry));
    const target = { ...exit, lmt: priceOf(each.price + 8), ocaType: each.oca, transmit: false };
    exchange.place(1, nextId + 1, request(target));
    const stop = { ...exit, aux: priceOf(each.price - 8), ocaType: each.oca };
    exchange.place(1, nextId + 2, request(stop));
    return nextId + 3;
  } else if (each.do === 'group') {
    const name = `G${nextId}`;
    const before = exchange.executions().length;
    each.sizes.forEach((one, index) => {
      const price = priceOf(each.price + (each.buy ? -index : index));
      const leg = { quantity: `${one}`, lmt: price, ocaGroup: name, ocaType: each.oca };
      exchange.place(1, nextId + index, request({ action: each.buy ? 'BUY' : 'SELL', ...leg }));
    });
    // A leg that fills before the others came belonged to no group yet.
    if (exchange.executions().length === before) {
      groups.set(name, { type: each.oca, sizes: each.sizes, firstId: nextId });
    }
    return nextId + each.sizes.length;
  } else disturb(on, each);
  return nextId;
}

function disturb(on: Rig, each: Extract<Step, { do: 'modify' | 'cancel' }>): void {
  const open = on.exchange.openOrders();
  const order = open[each.pick % Math.max(1, open.length)];
  if (!order) return;
  if (each.do === 'cancel') on.exchange.cancel(order.clientId, order.orderId);
  // A group's sizes are its judge's yardstick.
  else if (order.request.ocaGroup === '') {
    const price = decimal(priceOf(each.price));
    const { lmtPrice, auxPrice } = order.request;
    on.exchange.place(1, order.orderId, {
      ...order.request,
      totalQuantity: decimal(`${each.size}`),
      ...(lmtPrice && { lmtPrice: price }),
      ...(auxPrice && { auxPrice: price }),
    });
  }
}

interface OcaGroup {
  type: number;
  sizes: number[];
  firstId: number;
}

function all(on: Rig): OrderView[] {
  return [...on.exchange.openOrders(), ...on.exchange.completedOrders()];
}

function judgeMoney(on: Rig): void {
  const { exchange } = on;
  const executions = exchange.executions();
  const signed = executions.map(({ execution: { side, shares } }) =>
    side === 'BOT' ? shares : shares.neg(),
  );
  const held = sum(exchange.positions().map((position) => position.position));
  expect(text(held)).toBe(text(sum(signed)));
  const spent = executions.map(({ execution, commission }, index) =>
    (signed[index] ?? ZERO).mul(execution.price).add(commission?.commission ?? ZERO),
  );
  const value = (tag: string): Decimal => {
    const found = exchange.accountValues('DU1000001').find((each) => each.tag === tag);
    return decimal(found?.value ?? '0');
  };
  expect(value('TotalCashValue').toFixed(2)).toBe(START.sub(sum(spent)).toFixed(2));
  const worth = sum(exchange.positions().map((position) => position.marketValue));
  expect(value('NetLiquidation').toFixed(2)).toBe(START.sub(sum(spent)).add(worth).toFixed(2));
  const { realized, unrealized } = exchange.pnl('DU1000001');
  expect(text(realized.add(unrealized))).toBe(text(worth.sub(sum(spent))));
}

/** What was reported trade by trade comes to what the account shows; no amount is finer than 0.0001. */
function judgeReports(on: Rig): void {
  const reports = on.exchange.executions().map(({ commission }) => commission?.realizedPnl ?? ZERO);
  for (const report of reports) expect(report.decimalPlaces()).toBeLessThanOrEqual(4);
  expect(text(sum(reports))).toBe(text(on.exchange.pnl('DU1000001').realized));
}

function judgeOrders(on: Rig): void {
  for (const order of all(on)) {
    const { totalQuantity } = order.request;
    if (order.filled.gt(totalQuantity)) throw new Error(`order ${order.orderId} overfilled`);
    if (order.status === 'Filled') expect(text(order.filled)).toBe(text(totalQuantity));
    const mine = on.exchange
      .executions()
      .filter(({ execution }) => execution.permId === order.permId);
    expect(text(sum(mine.map(({ execution }) => execution.shares)))).toBe(text(order.filled));
  }
}

/** Of a group of type 1 one leg fills; of 2 and 3 the filled shares of all legs sum to one at most. */
function judgeGroups(on: Rig, groups: Map<string, OcaGroup>): void {
  const orders = new Map(all(on).map((order) => [order.orderId, order]));
  for (const { type, sizes, firstId } of groups.values()) {
    const filled = sizes.map((_size, index) => orders.get(firstId + index)?.filled ?? ZERO);
    if (type === 1) {
      expect(filled.filter((shares) => shares.gt(ZERO)).length).toBeLessThanOrEqual(1);
      continue;
    }
    const parts = filled.map((shares, index) => shares.div(sizes[index] ?? 1));
    expect(sum(parts).lte(decimal('1.000000001'))).toBe(true);
  }
}

/** Exits of `scaled` and `on_complete_fill` brackets never cover more than their parent bought. */
function judgeBrackets(on: Rig, children: string): void {
  if (children === 'full_size_on_first_fill') return;
  const byPermId = new Map(all(on).map((order) => [order.permId, order]));
  for (const child of on.exchange.openOrders()) {
    const parent = byPermId.get(child.parentPermId);
    if (!parent || child.whyHeld.includes('child')) continue;
    const cover = child.filled.add(child.remaining);
    expect(cover.lte(parent.filled)).toBe(true);
  }
}

test('[GWY-3] any day: money and shares add up, no fill beyond quote, order or group', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), SWITCHES, (steps, switches) => {
      const on = (rig = createRig({ switches }));
      const budget = new BudgetJudge();
      const groups = new Map<string, OcaGroup>();
      let nextId = 1;
      let judged = 0;
      for (const each of steps) {
        if (each.do === 'quote') budget.renew(each);
        nextId = perform(on, each, nextId, groups);
        for (const event of on.events.slice(judged)) budget.hear(event);
        judged = on.events.length;
        if (each.do !== 'modify') judgeBrackets(on, switches.children);
      }
      judgeMoney(on);
      judgeReports(on);
      judgeOrders(on);
      judgeGroups(on, groups);
      on.close();
      rig = undefined;
    }),
    { numRuns: RUNS },
  );
});
