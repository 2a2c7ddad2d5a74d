/** C-12 … C-20: each kind of order rests far from the market, and reads back as it was sent. */
import type { OrderTerms } from '../../broker/port.js';
import { caseOf } from '../case.js';
import type { Case, Need } from '../case.js';
import type { Desk } from '../desk.js';
import { broken, noteCourse, readBack } from '../words.js';

const HOUR_MS = 3_600_000;

/** Sends the order, waits until it rests, and compares what the picture shows with what was sent. */
async function restsAsSent(desk: Desk, terms: Partial<OrderTerms>): Promise<void> {
  const order = await desk.placeOne({ name: 'order', terms });
  const told = await desk.rests(order);
  desk.must('its durable id is told', told.brokerOrderId !== null, told);
  await desk.quiet();
  const { orders } = await desk.picture();
  const shown = orders.filter((one) => one.clientOrderId === order.clientOrderId);
  desk.must('it is listed once, under its reference', shown.length === 1, shown.length);
  const [listed] = shown;
  desk.must('its account comes back', listed!.account === order.account, listed);
  desk.must('its symbol comes back', listed!.symbol === order.instrument.symbol, listed);
  desk.must('its order id comes back', listed!.sessionOrderId === order.sessionOrderId, listed);
  desk.must('its durable id stays', listed!.brokerOrderId === told.brokerOrderId, listed);
  desk.must('nothing of it is filled', Number(listed!.filledQuantity) === 0, listed);
  desk.must('its terms are read back', listed!.terms !== null, listed);
  const lost = broken(order.terms, listed!.terms);
  desk.must('what was sent is read back', lost.length === 0, lost);
  noteCourse(desk, 'order', order.clientOrderId);
  desk.note('terms read back', readBack(order.terms, listed!.terms));
  desk.note('held by', listed!.whyHeld);
}

const KINDS: readonly {
  readonly number: string;
  readonly title: string;
  readonly needs?: readonly Need[];
  readonly terms: (desk: Desk) => Promise<Partial<OrderTerms>>;
}[] = [
  {
    number: 'C-12',
    title: 'a limit order rests below the market and reads back as sent',
    needs: ['LMT'],
    terms: async ({ market }) => ({ limitPrice: await market.off('-0.1') }),
  },
  {
    number: 'C-13',
    title: 'a stop order rests above the market and reads back as sent',
    needs: ['STP'],
    terms: async ({ market }) => ({ orderType: 'STP', stopPrice: await market.off('0.1') }),
  },
  {
    number: 'C-14',
    title: 'a stop-limit order rests and reads back as sent',
    needs: ['STP LMT'],
    terms: async ({ market }) => ({
      orderType: 'STP LMT',
      stopPrice: await market.off('0.1'),
      limitPrice: await market.off('0.11'),
    }),
  },
  {
    number: 'C-15',
    title: 'an order that trails by an amount rests and reads back as sent',
    needs: ['TRAIL'],
    terms: async ({ market }) => ({
      orderType: 'TRAIL',
      trailAmount: '5',
      stopPrice: await market.off('0.1'),
    }),
  },
  {
    number: 'C-16',
    title: 'an order that trails by a part of the price rests and reads back as sent',
    needs: ['TRAIL'],
    terms: async ({ market }) => ({
      orderType: 'TRAIL',
      trailFraction: '0.1',
      stopPrice: await market.off('0.1'),
    }),
  },
  {
    number: 'C-17',
    title: 'an order good till cancelled reads back so',
    needs: ['LMT'],
    terms: async ({ market }) => ({
      limitPrice: await market.off('-0.1'),
      timeInForce: 'GTC',
    }),
  },
  {
    number: 'C-18',
    title: 'an order good till a time reads back with it',
    needs: ['LMT', 'goodTillDate'],
    terms: async ({ market }) => ({
      limitPrice: await market.off('-0.1'),
      timeInForce: 'GTD',
      goodTillMs: Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 24 * HOUR_MS,
    }),
  },
  {
    number: 'C-19',
    title: 'an order for outside the regular hours reads back so',
    needs: ['LMT'],
    terms: async ({ market }) => ({
      limitPrice: await market.off('-0.1'),
      outsideRegularHours: true,
    }),
  },
  {
    number: 'C-20',
    title: 'a stop reads back with what triggers it',
    needs: ['STP'],
    terms: async ({ market }) => ({
      orderType: 'STP',
      stopPrice: await market.off('0.1'),
      timeInForce: 'GTC',
      triggerMethod: 'bid_ask',
    }),
  },
];

export const RESTING: readonly Case[] = KINDS.map(({ number, title, needs = [], terms }) =>
  caseOf(number, title, ['BRK-2', 'BRK-6'], async (desk) => restsAsSent(desk, await terms(desk)), {
    needs,
  }),
);
