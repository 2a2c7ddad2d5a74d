/**
 * `POST /hooks/{token}`: alerts of charting services (SIG-6). Whoever sends one can give no header, hangs up after 3 s,
 * and shows nobody what it was answered; so it is answered before that, by the database alone, and what was refused
 * is in the log too.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { openHook, takeAlert, type OpenHook } from '../../app/hooks.js';
import { within } from '../../app/within.js';
import { tooMany } from '../identity.js';
import { JSON_TYPE } from '../json.js';
import { Problem, type ProblemCode } from '../problems.js';
import { problemOf } from '../refusals.js';
import { answersOf, refusalsOf } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { text, uuid } from '../schemas/view.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The webhook that a request came through. */
    hook: OpenHook | null;
  }
}

/** TradingView gives up after 3 s: what is not stored by then is refused as unknown, and comes again. */
const ANSWER_WITHIN_MS = 2_000;

const taken = z
  .object({
    trade_id: uuid,
    is_new: z.boolean().meta({ description: 'False: the same alert was known, nothing happened.' }),
    link: text.meta({ description: 'The trade, in this API.' }),
  })
  .meta({ id: 'HookAnswer' });

const PROBLEMS: readonly ProblemCode[] = [
  'INVALID_REQUEST',
  'INVALID_JSON',
  'INVALID_ALERT',
  'STRATEGY_NOT_ALLOWED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'SIGNAL_CONFLICT',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'NOT_STORED',
  'RATE_LIMITED',
  'INTERNAL',
  'UNAVAILABLE',
  'UNKNOWN_OUTCOME',
];

const schema = {
  ...{ operationId: 'deliverAlert', tags: ['hooks'] },
  summary: 'Hand in an alert of a charting service: the address is the key',
  description:
    'JSON whatever its type is called, mapped to a signal by the template of the webhook. The same alert again is the same trade.',
  params: z.object({ token: z.string() }),
  body: z.unknown(),
  security: [],
  response: {
    ...answersOf({ 202: { description: 'Taken; it goes on by itself.', schema: taken } }),
    ...refusalsOf(PROBLEMS),
  },
};

/** Adds it, in a context of its own: here alone a body is JSON whatever the request calls it. */
export function addDeliveries(server: FastifyInstance, { shared }: RouteDeps): void {
  server.decorateRequest('hook', null);
  const judge = judgeOf(server, shared);
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      request.hook = await judge(request, reply);
      // Also where it is called nothing that could be a type: there is nobody who could mend it.
      request.raw.headers['content-type'] = JSON_TYPE;
    });
    scope.setErrorHandler((error, request) => {
      tell(request, problemOf(error));
      // It is answered as everywhere.
      throw error;
    });
    scope.post('/hooks/:token', {
      schema,
      // It has limits of its own, by what stands in the address.
      config: { scope: null, rateLimit: false },
      validatorCompiler: () => (value: unknown) => ({ value }),
      handler: deliver,
    });
    done();
  });
}

const leftMs = (reply: FastifyReply) => Math.max(0, ANSWER_WITHIN_MS - reply.elapsedTime);

function judgeOf(server: FastifyInstance, shared: RouteDeps['shared']) {
  const max = shared.config.hookRequestsPerMinute;
  const count = server.createRateLimit({
    max,
    keyGenerator: ({ hook }) => `hook ${hook?.id ?? 'none'}`,
  });
  // By address, apart from requests: whoever guesses shuts out nobody who has one.
  const countUnknown = server.createRateLimit({ keyGenerator: ({ ip }) => `no hook ${ip}` });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<OpenHook> => {
    const { token } = request.params as { token: string };
    const late = () =>
      new Problem('UNAVAILABLE', 'the database does not answer in time: nothing was stored', {
        headers: { 'retry-after': '5' },
      });
    const hook = await within(openHook(shared, token), leftMs(reply), late);
    request.hook = hook;
    const counted = await (hook === null ? countUnknown : count)(request);
    if (!counted.isAllowed && counted.isExceeded) {
      throw tooMany(counted.ttl, hook === null ? undefined : 'HOOK_REQUESTS_PER_MINUTE');
    }
    if (hook === null) throw new Problem('NOT_FOUND', 'there is nothing at this address');
    return hook;
  };
}

async function deliver(request: FastifyRequest, reply: FastifyReply) {
  const { tradeId, isNew, started } = await takeAlert(request.hook!, request.body, leftMs(reply));
  const { name: hook } = request.hook!;
  request.log.info({ hook, tradeId, isNew, request_id: request.id }, 'an alert was taken');
  void started.then((startsLater) => {
    if (startsLater !== null) request.log.warn({ hook, tradeId, startsLater }, 'it starts later');
  });
  const link = `/api/v1/trades/${tradeId}`;
  void reply.code(202).header('location', link);
  return { trade_id: tradeId, is_new: isNew, link };
}

/** Charting services show nobody the answer: the log says which fields were wrong, and never what stood in them. */
function tell(request: FastifyRequest, { code, more }: Problem): void {
  const { hook, id } = request;
  if (hook === null) return;
  const fields = more.errors?.map(({ path }) => path);
  const refused = { hook: hook.name, request_id: id, code, fields, trade_id: more.trade_id };
  request.log.warn(refused, 'an alert was refused');
}
