/** Signals: taken in once each, and a person's word on those that wait for it. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { APPROVALS_LISTED_MAX, approvals, decide } from '../../app/approvals.js';
import { executeSignal } from '../../app/execute-signal.js';
import { isTrade, listSignals, tradeOfSignal } from '../../app/reads.js';
import { signalDeps, submitPatiently } from '../../app/signals.js';
import { awaitVerdict } from '../../app/verdict.js';
import { signalSchema } from '../../contract/signal.js';
import { idempotencyHeaders, keyOf, name, reason } from '../fields.js';
import { checkCursor, listAnswer, pageAnswer, pageOf, pageQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint, type Answer, type Asked } from '../route.js';
import { approval } from '../schemas/control.js';
import { signalView, tradeDetail, tradeState } from '../schemas/trades.js';
import { uuid } from '../schemas/view.js';
import { commandAnswers, commandTaken, type CommandGivenBack } from './commands.js';
import { filterOf, tradeFilters } from './trades.js';

/** Adds them. */
export function addSignals(server: FastifyInstance): void {
  addSubmit(server);
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/signals', id: 'listSignals', tag: 'signals', scope: 'read' },
    ...{ summary: 'Signals with what became of them, newest first' },
    query: z.strictObject({ ...tradeFilters, ...pageQuery }),
    description: '`cursor` is the id of the last trade of the page before.',
    answers: pageAnswer(signalView, 'A page of them.'),
    problems: ['INVALID_CURSOR'],
    handle: async ({ app, query: { limit, cursor, ...filters } }) => {
      await checkCursor(cursor, (id) => isTrade(app, id));
      const filter = { ...filterOf(filters), after: cursor, limit: limit + 1 };
      return pageOf(await listSignals(app, filter), limit, ({ trade }) => trade.id);
    },
  });
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/approvals', id: 'listApprovals', tag: 'signals' },
    ...{ scope: 'read', summary: 'What waits for a person, the most urgent first' },
    description: `At the most ${APPROVALS_LISTED_MAX}.`,
    answers: listAnswer(approval, 'All that can still be decided.'),
    handle: async ({ app }) => ({ items: await approvals(app) }),
  });
  addDecision(server, 'approve', 'approved', 'Let a signal that waits for it go on');
  addDecision(server, 'reject', 'rejected', 'Deny a signal that waits for an approval');
  addExecuteSignal(server);
}

const taken = z
  .object({
    trade_id: uuid,
    is_new: z
      .boolean()
      .meta({ description: 'False: the same signal was known, nothing happened.' }),
    starts_later: z
      .boolean()
      .meta({ description: 'It is kept, and begins by itself once Temporal answers.' }),
    trade: tradeDetail.nullable().meta({ description: 'With `wait=verdict`.' }),
  })
  .meta({ id: 'SignalAnswer' });

const SUBMIT_ANSWERS: Record<number, Answer> = {
  200: { description: 'It was known, or `wait` was answered: nothing is open.', schema: taken },
  202: { description: 'Taken; it goes on by itself.', schema: taken },
};

const submitQuery = z.strictObject({
  wait: z
    .enum(['verdict'])
    .optional()
    .meta({ description: 'Answer when it was judged, or after `wait_ms`.' }),
  wait_ms: z.coerce.number().int().min(0).max(20_000).default(10_000),
});

function addSubmit(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/signals', id: 'submitSignal', tag: 'signals' },
    ...{ scope: 'trade', summary: 'Hand in a signal, once for ever by its id' },
    description:
      'The same id with the same body is the same trade, at any time. `Idempotency-Key` may stand for `id`.',
    query: submitQuery,
    body: signalSchema,
    isBodyRaw: true,
    headers: idempotencyHeaders,
    answers: SUBMIT_ANSWERS,
    problems: ['INVALID_SIGNAL', 'SIGNAL_CONFLICT', 'NOT_STORED', 'UNKNOWN_OUTCOME'],
    handle: submit,
  });
}

type SubmitAsked = Asked<unknown, z.output<typeof submitQuery>, unknown>;

async function submit({ app, query, body, headers, request, reply }: SubmitAsked) {
  const given = withKey(body, keyOf(headers));
  const { tradeId, isNew, startsLater } = await submitPatiently(signalDeps(app), app.userId, given);
  if (startsLater !== null) request.log.warn({ tradeId, startsLater }, 'it starts later');
  const answer = { trade_id: tradeId, is_new: isNew, starts_later: startsLater !== null };
  void reply.header('location', `/api/v1/trades/${tradeId}`);
  if (query.wait === undefined) {
    void reply.code(isNew ? 202 : 200);
    return { ...answer, trade: null };
  }
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const deadlineMs = Date.now() + query.wait_ms;
  const seen = await awaitVerdict(app, tradeId, { deadlineMs, signal: gone.signal });
  void reply.code(seen?.isJudged ? 200 : 202);
  return { ...answer, trade: seen?.trade ?? null };
}

/** The key is the signal's id; two that differ would be two signals, or none. @throws Problem */
function withKey(body: unknown, key: string | undefined): unknown {
  if (key === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) {
    return body;
  }
  const { id } = body as { id?: unknown };
  if (id === undefined) return { ...body, id: key };
  if (id === key) return body;
  const errors = [{ path: 'header.idempotency-key', message: 'differs from the id of the signal' }];
  throw new Problem('INVALID_REQUEST', 'Idempotency-Key and id differ: give one of them', {
    errors,
  });
}

const decisionBody = z.strictObject({ reason: reason.optional() }).optional();

function addDecision(
  server: FastifyInstance,
  word: 'approve' | 'reject',
  verdict: 'approved' | 'rejected',
  summary: string,
): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: `/api/v1/signals/:id/${word}`, id: `${word}Signal` },
    ...{ tag: 'signals', scope: 'approve', summary },
    description:
      'By the id of the signal. The first word counts; it is checked anew, and then goes on.',
    params: z.object({ id: name }),
    body: decisionBody,
    ...{ headers: idempotencyHeaders, hasOwnLimit: word === 'reject' },
    answers: commandAnswers,
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: async ({ app, params, body, headers, reply }): Promise<CommandGivenBack> => {
      const tradeId = await tradeOfSignal(app, params.id);
      if (tradeId === null) throw new Problem('NOT_FOUND', `there is no signal ${params.id}`);
      const key = keyOf(headers) ?? randomUUID();
      const given = { tradeId, verdict, key, reason: body?.reason ?? null };
      return commandTaken(reply, { tradeId, kind: word, key }, await decide(app, given));
    },
  });
}

const executeBody = z.strictObject({ signal_id: name, reason: reason.optional() });

const executed = z
  .object({
    trade_id: uuid,
    state: tradeState,
    is_new: z.boolean().meta({ description: 'True: this was the word that it waited for.' }),
  })
  .meta({ id: 'SignalExecuted' });

function addExecuteSignal(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/execute', id: 'executeSignal', tag: 'signals' },
    ...{ scope: 'trade', summary: 'Have a signal carried out, by its id' },
    description:
      'A signal goes on by itself: this only gives the word where one is waited for, which needs the scope `approve` beside `trade`. A preview is executed by its own id.',
    body: executeBody,
    headers: idempotencyHeaders,
    answers: {
      200: { description: 'It was carried out, and is closed.', schema: executed },
      202: { description: 'It goes on.', schema: executed },
    },
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: async ({ app, body, headers, request, reply }) => {
      const { signal_id: signalId, reason: why = null } = body;
      const mayApprove = request.caller?.scopes.has('approve') ?? false;
      const given = { signalId, key: keyOf(headers) ?? randomUUID(), reason: why, mayApprove };
      const outcome = await executeSignal(app, given);
      if (outcome === null) throw new Problem('NOT_FOUND', `there is no signal ${signalId}`);
      if (outcome.kind === 'refused') throw new Problem('REFUSED', outcome.reason);
      if (outcome.kind === 'not_allowed') {
        const detail = 'it waits for a person: the scope "approve" is needed beside "trade"';
        throw new Problem('SCOPE_MISSING', detail);
      }
      const { trade, isNew } = outcome;
      void reply.code(trade.state === 'CLOSED' ? 200 : 202);
      void reply.header('location', `/api/v1/trades/${trade.id}`);
      return { trade_id: trade.id, state: trade.state, is_new: isNew };
    },
  });
}
