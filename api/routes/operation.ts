/** What keeps an installation honest: reconciliation, notifications, the audit log. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listAudit, verifyAudit } from '../../app/audit.js';
import {
  listChannels,
  listNotifications,
  loadNotification,
  tellTest,
} from '../../app/notifications.js';
import {
  listReports,
  loadReport,
  reconcileNow,
  ReconcileTimeoutError,
} from '../../app/reconcile.js';
import { listSchedules } from '../../app/schedules.js';
import { name } from '../fields.js';
import { checkCursor, countedQuery, listAnswer, pageAnswer, pageOf, pageQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import {
  auditCheck,
  auditEntry,
  channel,
  notification,
  reconciliation,
  schedule,
} from '../schemas/operation.js';
import { uuid } from '../schemas/view.js';

const reads = { method: 'GET', tag: 'operation', scope: 'read' } as const;
const byId = z.object({ id: z.uuid() });

/** Adds them. */
export function addOperation(server: FastifyInstance): void {
  addReconciliations(server);
  addNotifications(server);
  addAudit(server);
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/schedules', id: 'listSchedules' },
    summary: 'What runs by the clock, when it is due, and how its last run ended',
    description: 'It is asked of Temporal; of the accounts of the user alone.',
    answers: listAnswer(schedule, 'By account, in the order of the day.'),
    handle: async ({ app }) => ({ items: await listSchedules(app) }),
  });
}

/** Two looks that are 10 s apart, and what they need of the broker; a proxy waits no longer. */
const RECONCILE_WAIT_MS = 25_000;

function addReconciliations(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/reconciliations', id: 'listReconciliations' },
    summary: 'Reports of reconciliations, newest first',
    query: z.strictObject(pageQuery),
    answers: pageAnswer(reconciliation, 'A page of them.'),
    problems: ['INVALID_CURSOR'],
    handle: async ({ app, query: { limit, cursor } }) => {
      await checkCursor(cursor, async (id) => (await loadReport(app, id)) !== null);
      const rows = await listReports(app, limit + 1, cursor);
      return pageOf(rows, limit, ({ reconciliation_id: id }) => id);
    },
  });
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/reconciliations/:id', id: 'getReconciliation' },
    ...{ summary: 'One report', params: byId },
    answers: { 200: { description: 'The report.', schema: reconciliation } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, params: { id } }) => {
      const report = await loadReport(app, id);
      if (report) return report;
      throw new Problem('NOT_FOUND', `there is no reconciliation ${id}`);
    },
  });
  addReconcileNow(server);
}

function addReconcileNow(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/reconciliations', id: 'reconcile', tag: 'operation' },
    ...{ scope: 'admin', summary: 'Compare the books with the broker now' },
    description: 'One that is under way already is waited for, not begun again.',
    body: z.strictObject({ account_id: name.optional() }).optional(),
    answers: {
      200: {
        description: 'A report for each account.',
        schema: z.object({ items: z.array(reconciliation) }),
      },
      202: {
        description: 'It goes on; the list has it later.',
        schema: z.object({ items: z.array(reconciliation) }),
      },
    },
    problems: ['NOT_FOUND'],
    handle: async ({ app, body, reply }) => {
      try {
        return { items: await reconcileNow(app, body?.account_id ?? null, RECONCILE_WAIT_MS) };
      } catch (error) {
        if (!(error instanceof ReconcileTimeoutError)) throw error;
        void reply.code(202);
        return { items: [] };
      }
    },
  });
}

function addNotifications(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/notifications', id: 'listNotifications' },
    summary: 'What people were told, or are to be, newest first',
    query: z.strictObject({
      undelivered: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true`: only what has not arrived on some channel.' }),
      ...pageQuery,
    }),
    answers: pageAnswer(notification, 'A page of them.'),
    problems: ['INVALID_CURSOR'],
    handle: async ({ app, query: { limit, cursor, undelivered } }) => {
      await checkCursor(cursor, async (id) => (await loadNotification(app, id)) !== null);
      const filter = { undelivered: undelivered === 'true', after: cursor, limit: limit + 1 };
      return pageOf(await listNotifications(app, filter), limit, ({ id }) => id);
    },
  });
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/notifications/channels', id: 'listChannels', isOwnerOnly: true },
    summary: 'The ways to people, and how each does',
    answers: listAnswer(channel, 'All that were ever used.'),
    handle: async ({ app }) => ({ items: await listChannels(app) }),
  });
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/notifications/test', id: 'testNotification' },
    ...{ tag: 'operation', scope: 'admin', summary: 'Put a test message into the outbox' },
    body: z.strictObject({}).optional(),
    answers: { 202: { description: 'It is on its way.', schema: z.object({ id: uuid }) } },
    problems: ['REFUSED'],
    handle: async ({ app, reply }) => {
      void reply.code(202);
      return { id: await tellTest(app) };
    },
  });
}

function addAudit(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...reads, url: '/api/v1/audit', id: 'listAudit' },
    summary: 'Who did what, newest first',
    query: z.strictObject(countedQuery),
    answers: pageAnswer(auditEntry, 'A page of it.'),
    handle: async ({ app, query: { limit, cursor } }) => {
      const before = cursor === undefined ? undefined : BigInt(cursor);
      return pageOf(await listAudit(app, limit + 1, before), limit, ({ id }) => id);
    },
  });
  addEndpoint(server, {
    ...{ ...reads, scope: 'admin', url: '/api/v1/audit/verification', id: 'verifyAudit' },
    ...{ isOwnerOnly: true, summary: 'Read the whole log, and say where it breaks first' },
    answers: { 200: { description: 'Whether it is as it was written.', schema: auditCheck } },
    handle: ({ app }) => verifyAudit(app),
  });
}
