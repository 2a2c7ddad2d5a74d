/**
 * Takes away what a case has made: its orders are cancelled, and the shares that its own executions bought
 * or sold are traded back. What others hold in the account is not touched.
 */
import type { OrderToSend, Snapshot } from '../broker/port.js';
import { decimal, sum, text } from '../domain/money.js';
import type { Decimal } from '../domain/money.js';
import { Desk, pause } from './desk.js';
import { latest } from './seen.js';
import type { Role, World } from './case.js';

/** Cancels of one turn to write. */
const CANCELS_AT_ONCE = 20;
/** An order that still lives after so many cancels is left to a person. */
const CANCEL_ROUNDS = 3;
/** Between two pictures while cancels take effect. */
const LOOK_MS = 100;

/**
 * Tidies up after one case, or after the whole run.
 * @param tag the case's; null for everything of this run.
 * @returns what is still there, in words for a person; empty when nothing is.
 */
export async function tidyUp(world: World, tag: string | null): Promise<string[]> {
  const beginning = tag === null ? `${world.run}-` : `${world.run}-${tag}-`;
  const desk = new Desk(world, tag ?? 'end');
  try {
    await world.controls?.calm();
    await desk.open();
    const left = await cancelOrders(desk, beginning, 'first');
    const hasOthers = left.length > 0 && world.abilities.has('second session');
    const alive = hasOthers ? await cancelOthers(world, desk.tag, beginning) : left;
    return [...alive.map(orderInWords), ...(await tradeBack(desk, beginning, alive.length === 0))];
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return [`what is left of ${beginning}* could not be read or taken away: ${told}`];
  } finally {
    await desk.port.close();
  }
}

type Order = Snapshot['orders'][number];

async function liveOrders(desk: Desk, beginning: string): Promise<Order[]> {
  const { orders } = await desk.picture();
  return orders.filter(({ clientOrderId }) => clientOrderId?.startsWith(beginning));
}

/** Cancels what the role's session has sent. @returns all that lives then. */
async function cancelOrders(desk: Desk, beginning: string, role: Role): Promise<Order[]> {
  const { world } = desk;
  const isOwn = ({ sessionClientId }: Order) => sessionClientId === world.sessionClientId(role);
  let alive = await liveOrders(desk, beginning);
  for (let round = 0; round < CANCEL_ROUNDS && alive.some(isOwn); round += 1) {
    const own = alive.filter(isOwn);
    for (let from = 0; from < own.length; from += CANCELS_AT_ONCE) {
      await desk.cancel(...own.slice(from, from + CANCELS_AT_ONCE));
    }
    const deadline = Date.now() + world.patienceMs / CANCEL_ROUNDS;
    do {
      await pause(LOOK_MS);
      alive = await liveOrders(desk, beginning);
    } while (alive.some(isOwn) && Date.now() < deadline);
  }
  return alive;
}

/** What the second session sent, only that one can cancel. */
async function cancelOthers(world: World, tag: string, beginning: string): Promise<Order[]> {
  const desk = new Desk(world, tag, 'second');
  try {
    await desk.open();
    return await cancelOrders(desk, beginning, 'second');
  } finally {
    await desk.port.close();
  }
}

/**
 * Sells what was bought, or buys back what was sold, once.
 * @param mayTrade not beside orders that live: an exit that fills as well would open a position.
 */
async function tradeBack(desk: Desk, beginning: string, mayTrade: boolean): Promise<string[]> {
  const net = await netOf(desk, beginning);
  if (net.isZero()) return [];
  const { world } = desk;
  const { symbol } = world.instrument;
  const isHeld = mayTrade && world.abilities.has('fills') && (await holds(desk, net));
  if (!isHeld) return [sharesInWords(net, symbol)];
  const order = await desk.placeOne({
    name: `close${Date.now().toString(36)}`,
    terms: { side: net.gt(0) ? 'SELL' : 'BUY', orderType: 'MKT', quantity: text(net.abs()) },
  });
  await desk.status(order, 'EXECUTED').catch(() => giveUp(desk, order));
  await desk.quiet();
  const left = await netOf(desk, beginning);
  return left.isZero() ? [] : [sharesInWords(left, symbol)];
}

async function giveUp(desk: Desk, order: OrderToSend): Promise<void> {
  await desk.cancel(order);
  await desk.status(order, 'CANCELLED', 'REJECTED', 'EXECUTED').catch(() => undefined);
}

/** Bought less sold by orders of this beginning. */
async function netOf(desk: Desk, beginning: string): Promise<Decimal> {
  const { executions } = await desk.picture();
  const own = latest(executions).filter(({ clientOrderId }) =>
    clientOrderId?.startsWith(beginning),
  );
  return sum(
    own.map(({ side, quantity }) => {
      return side === 'BUY' ? decimal(quantity) : decimal(quantity).neg();
    }),
  );
}

/**
 * Whether the account holds at least as much on that side; a list of positions may come behind its fills.
 * Else somebody has traded it away, and trading it back would open a position.
 */
async function holds(desk: Desk, net: Decimal): Promise<boolean> {
  const { account, instrument, patienceMs } = desk.world;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { positions } = await desk.picture();
    const held = sum(
      positions
        .filter((one) => one.account === account && one.symbol === instrument.symbol)
        .filter(({ securityType }) => securityType === instrument.securityType)
        .map(({ quantity }) => decimal(quantity)),
    );
    if (net.gt(0) ? held.gte(net) : held.lte(net)) return true;
    if (Date.now() > deadline) return false;
    await pause(LOOK_MS);
  }
}

function orderInWords({ clientOrderId, sessionOrderId, brokerOrderId, status }: Order): string {
  return `order ${clientOrderId} (session id ${sessionOrderId}, broker's id ${brokerOrderId}): ${status}`;
}

function sharesInWords(shares: Decimal, symbol: string): string {
  return `${text(shares.abs())} shares of ${symbol} ${shares.gt(0) ? 'bought' : 'sold short'}`;
}
