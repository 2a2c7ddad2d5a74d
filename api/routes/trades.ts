/** Trades as they are read: a list with filters, page by page or as CSV, and one whole. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { App } from '../../app/app.js';
import { isTrade, listTrades, loadTrade, tradeBars } from '../../app/reads.js';
import { STATUS_FILTERS, type TradeFilter } from '../../contract/views.js';
import { csvLine } from '../csv.js';
import { instant, name, symbol, tradeParams } from '../fields.js';
import { checkCursor, pageAnswer, pageOf, pageQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import {
  priceBars,
  SUMMARY_FIELDS,
  timelineEntry,
  tradeDetail,
  tradeSummary,
} from '../schemas/trades.js';

export const tradeFilters = {
  status: z.enum(STATUS_FILTERS).optional().meta({ description: '`live`, `ended`, or a state.' }),
  symbol: symbol.optional(),
  strategy_id: name.optional(),
  account_id: name.optional(),
  side: z.enum(['BUY', 'SELL']).optional(),
  from: instant.optional().meta({ description: 'Taken in at this instant or later.' }),
  until: instant.optional().meta({ description: 'Taken in before this instant.' }),
};

const filtersOnly = z.strictObject(tradeFilters);
const query = z.strictObject({ ...tradeFilters, ...pageQuery });

/** The names of the address as those of the application. */
export function filterOf({
  strategy_id: strategy,
  account_id: account,
  ...rest
}: z.output<typeof filtersOnly>): Omit<TradeFilter, 'limit'> {
  return { ...rest, strategy, account };
}

/** Adds them. */
export function addTrades(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/trades', id: 'listTrades', tag: 'trades', scope: 'read' },
    ...{ summary: 'Trades, newest first', query },
    answers: pageAnswer(tradeSummary, 'A page of them.'),
    problems: ['INVALID_CURSOR'],
    handle: async ({ app, query: { limit, cursor, ...filters } }) => {
      await checkCursor(cursor, (id) => isTrade(app, id));
      const filter = { ...filterOf(filters), after: cursor, limit: limit + 1 };
      return pageOf(await listTrades(app, filter), limit, ({ id }) => id);
    },
  });
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/trades.csv', id: 'exportTrades', tag: 'trades' },
    ...{ scope: 'read', summary: 'All trades that the filters let through, as CSV' },
    query: filtersOnly,
    answers: {
      200: { description: 'A header, then a line for each.', schema: z.string(), type: 'text/csv' },
    },
    handle: ({ app, query: filters, reply }) => {
      void reply.type('text/csv; charset=utf-8; header=present');
      void reply.header('content-disposition', 'attachment; filename="trades.csv"');
      return Promise.resolve(Readable.from(csvOf(app, filterOf(filters))));
    },
  });
  addOne(server);
  addBars(server);
}

/** Read at a time: the list may be long, the memory is not. */
const CSV_PAGE = 500;

async function* csvOf(app: App, filter: Omit<TradeFilter, 'limit'>): AsyncGenerator<string> {
  yield csvLine(SUMMARY_FIELDS);
  let after: string | undefined;
  for (;;) {
    const trades = await listTrades(app, { ...filter, after, limit: CSV_PAGE });
    yield trades.map((trade) => csvLine(SUMMARY_FIELDS.map((field) => trade[field]))).join('');
    after = trades.at(-1)?.id;
    if (trades.length < CSV_PAGE) return;
  }
}

function addOne(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/trades/:id', id: 'getTrade', tag: 'trades', scope: 'read' },
    ...{ summary: 'One trade whole', params: tradeParams },
    description: 'Signal, sizing, every decision, orders, executions, commands, timeline, result.',
    answers: { 200: { description: 'The trade.', schema: tradeDetail } },
    problems: ['NOT_FOUND'],
    handle: ({ app, params: { id } }) => tradeNamed(app, id),
  });
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/trades/:id/timeline', id: 'getTimeline', tag: 'trades' },
    ...{ scope: 'read', summary: 'What happened to a trade, oldest first', params: tradeParams },
    answers: {
      200: { description: 'Its timeline.', schema: z.object({ items: z.array(timelineEntry) }) },
    },
    problems: ['NOT_FOUND'],
    handle: async ({ app, params: { id } }) => ({ items: (await tradeNamed(app, id)).timeline }),
  });
}

function addBars(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/trades/:id/bars', id: 'getBars', tag: 'trades' },
    ...{ scope: 'read', summary: 'Prices around the life of a trade, for a chart' },
    description: 'Of the times that its contract was watched in: from its signal until its end.',
    params: tradeParams,
    answers: { 200: { description: 'The bars.', schema: priceBars } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, params: { id } }) => {
      const found = await tradeBars(app, id);
      if (found) return found;
      throw new Problem('NOT_FOUND', `there is no trade ${id}`);
    },
  });
}

/** @throws Problem when the user has none of that id */
export async function tradeNamed(app: App, id: string) {
  const trade = await loadTrade(app, id);
  if (trade) return trade;
  throw new Problem('NOT_FOUND', `there is no trade ${id}`);
}
