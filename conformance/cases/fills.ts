/** C-21 … C-27: fills. What was traded is told by executions, with this system's reference. */
import type { OrderToSend } from '../../broker/port.js';
import { decimal } from '../../domain/money.js';
import { caseOf } from '../case.js';
import type { Case } from '../case.js';
import type { Desk } from '../desk.js';
import { shares } from '../seen.js';
import { isDecimal, noteCourse } from '../words.js';

/** An execution is told with its own time; machines' clocks differ by seconds. */
const EXECUTION_AGE_MAX_MS = 60_000;

/** Waits until the order is filled and all of it was told by executions. */
export async function filled(desk: Desk, order: OrderToSend): Promise<void> {
  const { clientOrderId: ref, terms } = order;
  await desk.status(order, 'EXECUTED');
  await desk.until(`executions of ${terms.quantity} shares of ${ref}`, () =>
    decimal(shares(desk.seen.executions(ref))).gte(decimal(terms.quantity)),
  );
}

/** Buys at the market, and waits until all of it is told. */
export async function bought(desk: Desk, name = 'buy'): Promise<OrderToSend> {
  const order = await desk.placeOne({ name, terms: { orderType: 'MKT' } });
  await filled(desk, order);
  return order;
}

async function atTheMarket(desk: Desk): Promise<void> {
  const order = await bought(desk);
  const ref = order.clientOrderId;
  const executions = desk.seen.executions(ref);
  desk.must('what was filled is what was asked for', shares(executions) === order.terms.quantity);
  for (const execution of executions) {
    const { side, price, account, symbol, brokerOrderId, sessionOrderId, executedAtMs } = execution;
    desk.must('an execution has its side', side === 'BUY', execution);
    desk.must('its price is a decimal above zero', isDecimal(price) && decimal(price).gt(0), price);
    desk.must('its account', account === order.account, execution);
    desk.must('its symbol', symbol === order.instrument.symbol, execution);
    desk.must('its order', sessionOrderId === order.sessionOrderId, execution);
    const isSame = brokerOrderId === desk.seen.last(ref)?.brokerOrderId;
    desk.must('its durable id is that of the order', isSame, execution);
    const age = Math.abs(Date.now() - executedAtMs);
    desk.must('its time is the time of the fill', age < EXECUTION_AGE_MAX_MS, age);
  }
  const { seen } = desk;
  const fill = seen.firstIndex((e) => e.kind === 'execution' && e.report.clientOrderId === ref);
  const end = seen.firstIndex(
    (e) => e.kind === 'order' && e.report.clientOrderId === ref && e.report.status === 'EXECUTED',
  );
  desk.note('the execution is told', fill < end ? 'before the status' : 'after the status');
  noteCourse(desk, 'order', ref);
}

async function listed(desk: Desk): Promise<void> {
  const before = await heldIn(desk);
  const order = await bought(desk);
  const ref = order.clientOrderId;
  const { executions, completed, orders } = await desk.picture();
  const own = executions.filter(({ clientOrderId }) => clientOrderId === ref);
  desk.must('a picture lists its executions', shares(own) === order.terms.quantity, own);
  const told = desk.seen.executions(ref).map(({ executionId }) => executionId);
  const ids = own.map(({ executionId }) => executionId);
  desk.must(
    'under the ids they were told with',
    ids.every((id) => told.includes(id)),
    ids,
  );
  desk.must('it is open no more', !orders.some(({ clientOrderId }) => clientOrderId === ref));
  const ended = completed.filter(({ clientOrderId }) => clientOrderId === ref);
  desk.note('listed as completed', String(ended.length));
  desk.note('completed as', ended.map(({ status }) => status).join(', '));
  const isTold = ended.every(({ filledQuantity }) => filledQuantity === order.terms.quantity);
  desk.note('completed with what was filled', isTold);
  const grown = (await heldIn(desk)).sub(before);
  desk.must('the position grew by it', grown.eq(decimal(order.terms.quantity)), grown.toFixed());
}

async function heldIn(desk: Desk) {
  const { items, complete } = await desk.port.positions();
  desk.must('the list of positions is whole', complete);
  const { account, instrument } = desk.world;
  const own = items.find(
    (one) =>
      one.account === account &&
      one.symbol === instrument.symbol &&
      one.securityType === instrument.securityType,
  );
  return decimal(own?.quantity ?? '0');
}

async function commission(desk: Desk): Promise<void> {
  const order = await bought(desk);
  const ids = desk.seen.executions(order.clientOrderId).map(({ executionId }) => executionId);
  const paid = () => desk.seen.commissions().filter(({ executionId }) => ids.includes(executionId));
  await desk.until('the commission of each execution', () => paid().length >= ids.length);
  for (const report of paid()) {
    desk.must('a commission is a decimal', isDecimal(report.commission), report);
    desk.must('of the account of its execution', report.account === order.account, report);
  }
  const [first] = paid();
  desk.note('currency', first!.currency);
  desk.note('something is charged', decimal(first!.commission).gt(0));
  desk.note('a buy has a realized result', first!.brokerRealizedPnl !== null);
}

async function marketableLimit(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('0.005');
  const order = await desk.placeOne({ name: 'buy', terms: { limitPrice } });
  await filled(desk, order);
  const worst = desk.seen
    .executions(order.clientOrderId)
    .filter(({ price }) => decimal(price).gt(decimal(limitPrice)));
  desk.must('no share costs more than the limit', worst.length === 0, worst);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function limitReached(desk: Desk): Promise<void> {
  const limitPrice = await desk.market.off('-0.1');
  const order = await desk.placeOne({ name: 'buy', terms: { limitPrice } });
  await desk.rests(order);
  await desk.controls.setPrice(await desk.market.off('-0.12'));
  await filled(desk, order);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function stopTriggered(desk: Desk): Promise<void> {
  const stopPrice = await desk.market.off('0.1');
  const order = await desk.placeOne({ name: 'buy', terms: { orderType: 'STP', stopPrice } });
  await desk.rests(order);
  await desk.controls.setPrice(await desk.market.off('0.09'));
  await desk.quiet();
  const early = desk.seen.executions(order.clientOrderId);
  desk.must('short of its stop it is not filled', early.length === 0, early);
  await desk.controls.setPrice(await desk.market.off('0.11'));
  await filled(desk, order);
  noteCourse(desk, 'order', order.clientOrderId);
}

async function trails(desk: Desk): Promise<void> {
  await bought(desk);
  const stopPrice = await desk.market.off('-0.05');
  const order = await desk.placeOne({
    name: 'trail',
    terms: { side: 'SELL', orderType: 'TRAIL', trailFraction: '0.05', stopPrice },
  });
  await desk.rests(order);
  await desk.controls.setPrice(await desk.market.off('0.2'));
  await desk.quiet();
  const { orders } = await desk.picture();
  const now = orders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId)?.terms;
  const hasRisen = decimal(now?.stopPrice ?? '0').gt(decimal(stopPrice));
  desk.note('after a rise its stop is read back', hasRisen ? 'raised' : 'as sent');
  // Above the stop that was sent, below one that followed.
  await desk.controls.setPrice(await desk.market.off('0.1'));
  await filled(desk, order);
  noteCourse(desk, 'order', order.clientOrderId);
}

const MARKET = { needs: ['MKT'], abilities: ['fills'] } as const;

export const FILLS: readonly Case[] = [
  caseOf(
    'C-21',
    'an order at the market fills; executions carry its reference',
    ['BRK-3'],
    atTheMarket,
    MARKET,
  ),
  caseOf(
    'C-22',
    'a picture lists what was filled, and the position',
    ['BRK-3', 'BRK-12'],
    listed,
    MARKET,
  ),
  caseOf('C-23', 'each execution has its commission, of its account', ['BRK-5'], commission, {
    needs: ['MKT', 'commissions'],
    abilities: ['fills'],
  }),
  caseOf(
    'C-24',
    'a limit order at the market pays no more than its limit',
    ['BRK-6'],
    marketableLimit,
    {
      needs: ['LMT'],
      abilities: ['fills'],
    },
  ),
  caseOf(
    'C-25',
    'a resting limit order fills when the price comes to it',
    ['BRK-6'],
    limitReached,
    {
      needs: ['LMT'],
      abilities: ['prices'],
    },
  ),
  caseOf(
    'C-26',
    'a stop fills when the price reaches it, and not before',
    ['BRK-6'],
    stopTriggered,
    {
      needs: ['STP'],
      abilities: ['prices'],
    },
  ),
  caseOf('C-27', 'a trailing stop follows the price and fills when it turns', ['BRK-6'], trails, {
    needs: ['MKT', 'TRAIL'],
    abilities: ['prices'],
  }),
];
