/** Accounts, positions and results. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountDays, listEquity } from '../../app/cash.js';
import {
  accountNow,
  accountsNow,
  AccountNotNamedError,
  type OwnSettings,
} from '../../app/account-now.js';
import type { App } from '../../app/app.js';
import { listConnections, listPositions } from '../../app/reads.js';
import { limitsFrom, switchesFrom } from '../../config/index.js';
import { name } from '../fields.js';
import { listAnswer, newestQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { exposure } from '../schemas/control.js';
import { account, accountDay, connection, equity, position } from '../schemas/account.js';

const base = { method: 'GET', tag: 'account', scope: 'read' } as const;
const newestOf = z.strictObject({ ...newestQuery, account_id: name.optional() });

/** Adds them. */
export function addAccounts(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/accounts', id: 'listAccounts' },
    summary: 'Accounts with their broker and newest values, and whether they may be traded on',
    answers: listAnswer(account, 'All of them.'),
    handle: async ({ app }) => ({ items: await accountsNow(app, ownSettings(app)) }),
  });
  addAccount(server);
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
}

function ownSettings({ config }: App): OwnSettings {
  return { limits: limitsFrom(config), switches: switchesFrom(config)() };
}

const whole = z
  .object({
    account,
    day: accountDay.nullable(),
    exposures: z
      .array(exposure)
      .meta({ description: 'What is taken of each limit; `/api/v1/limits` says what they mean.' }),
  })
  .meta({ id: 'AccountNow' });

function addAccount(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...base, url: '/api/v1/account', id: 'getAccount' },
    summary: 'One account: values, mode, result of the day, and what is taken of its limits',
    description:
      'Without `account_id` the one that signals without an account trade on, or the only one.',
    query: z.strictObject({ account_id: name.optional() }),
    answers: { 200: { description: 'The account now.', schema: whole } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, query: { account_id: of = null } }) => {
      const found = await accountNow(app, of, ownSettings(app)).catch(notNamed);
      if (found) return found;
      const none = 'there is no account yet: it is known once a broker worker has reported it';
      throw new Problem('NOT_FOUND', of === null ? none : `there is no account ${of}`);
    },
  });
}

function notNamed(error: unknown): never {
  if (!(error instanceof AccountNotNamedError)) throw error;
  const errors = [{ path: 'query.account_id', message: `one of ${error.accounts.join(', ')}` }];
  throw new Problem('INVALID_REQUEST', error.message, { errors });
}
