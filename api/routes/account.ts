/** Accounts, positions and results. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountDays, listEquity, listMovements } from '../../app/cash.js';
import { listAccounts, listConnections, listPositions } from '../../app/reads.js';
import { name } from '../fields.js';
import { listAnswer, newestQuery } from '../page.js';
import { addEndpoint } from '../route.js';
import { account, accountDay, connection, equity, movement, position } from '../schemas/account.js';

const base = { method: 'GET', tag: 'account', scope: 'read' } as const;
const newestOf = z.strictObject({ ...newestQuery, account_id: name.optional() });

/** Adds them. */
export function addAccounts(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/accounts', id: 'listAccounts' },
    summary: 'Accounts as the broker reported them, with their newest values',
    answers: listAnswer(account, 'All of them.'),
    handle: async ({ app }) => ({ items: await listAccounts(app) }),
  });
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/connections', id: 'listConnections' },
    summary: 'Connections to brokers: who holds them, and whether they are ready',
    answers: listAnswer(connection, 'All of them.'),
    handle: async ({ app }) => ({ items: await listConnections(app) }),
  });
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/positions', id: 'listPositions' },
    summary: 'Open positions, and what protects them',
    answers: listAnswer(position, 'All of them.'),
    handle: async ({ app }) => ({ items: await listPositions(app) }),
  });
  addResults(server);
}

function addResults(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/pnl', id: 'listDays' },
    summary: 'The day so far of each account: what it is measured from, and its result',
    answers: listAnswer(accountDay, 'One for each account.'),
    handle: async ({ app }) => ({ items: await accountDays(app) }),
  });
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/equity', id: 'listEquity' },
    summary: 'What accounts were worth, newest first',
    query: newestOf,
    answers: listAnswer(equity, 'The newest.'),
    handle: async ({ app, query: { limit, account_id: of = null } }) => ({
      items: await listEquity(app, { account: of, limit }),
    }),
  });
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/cash-movements', id: 'listCashMovements' },
    summary: 'Deposits, withdrawals and what statements told of cash, newest first',
    query: newestOf,
    answers: listAnswer(movement, 'The newest.'),
    handle: async ({ app, query: { limit, account_id: of = null } }) => ({
      items: await listMovements(app, { account: of, limit }),
    }),
  });
}
