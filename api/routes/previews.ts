/** Previews: what a signal would come to, and having exactly that sent. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { executePreview, loadPreview, previewTrade, type Executed } from '../../app/previews.js';
import { previewedSignalSchema } from '../../contract/signal.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { preview } from '../schemas/previews.js';
import { uuid } from '../schemas/view.js';

const byId = z.object({ id: z.uuid() });

/** Adds them. */
export function addPreviews(server: FastifyInstance): void {
  addMake(server);
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/previews/:id', id: 'getPreview', tag: 'previews' },
    ...{ scope: 'read', summary: 'One preview, as it was made', params: byId },
    description: 'Nobody is asked again: it shows the market of `made_at`.',
    answers: { 200: { description: 'The preview.', schema: preview } },
    problems: ['NOT_FOUND'],
    handle: ({ app, params: { id } }) => loadPreview(app, id),
  });
  addExecute(server);
}

function addMake(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/previews', id: 'makePreview', tag: 'previews' },
    // It changes nothing, as over MCP; how many a user may make at once is bounded, for entries need the broker's line.
    ...{ scope: 'read', summary: 'Show what a signal would come to; nothing is sent or reserved' },
    description:
      'Checks, size, orders, margin and commission. What would be denied is a preview as well: `state` says so. It takes some seconds, 35 at the most.',
    body: previewedSignalSchema,
    isBodyRaw: true,
    answers: { 201: { description: 'The preview.', schema: preview } },
    problems: ['INVALID_SIGNAL', 'SIGNAL_KNOWN', 'PREVIEWS_BUSY'],
    handle: async ({ app, body, reply }) => {
      const made = await previewTrade(app, body);
      void reply.code(201).header('location', `/api/v1/previews/${made.preview_id}`);
      return made;
    },
  });
}

const executed = z
  .object({
    trade_id: uuid,
    is_new: z
      .boolean()
      .meta({ description: 'False: it was executed before, nothing new was sent.' }),
    starts_later: z
      .boolean()
      .meta({ description: 'It is kept, and begins by itself once Temporal answers.' }),
  })
  .meta({ id: 'PreviewExecuted' });

function addExecute(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/previews/:id/execute', id: 'executePreview' },
    ...{ tag: 'previews', scope: 'trade', isRepeatable: true },
    ...{ summary: 'Send exactly what a preview shows, once' },
    description:
      'Whoever repeats it is given the same trade. Every check is made again, and what fails denies the trade.',
    params: byId,
    body: z.strictObject({}).optional(),
    answers: {
      200: { description: 'It was executed before: that trade.', schema: executed },
      202: { description: 'Taken; it goes on by itself.', schema: executed },
    },
    problems: [
      ...(['NOT_FOUND', 'SIGNAL_KNOWN', 'PREVIEW_CHANGED', 'PREVIEW_EXPIRED'] as const),
      ...(['PREVIEW_DENIED', 'PREVIEW_NOT_MADE', 'ACCOUNT_CHANGED', 'PREVIEWS_BUSY'] as const),
    ],
    handle: async ({ app, params, request, reply }) => {
      const { tradeId, isNew, startsLater } = sent(await executePreview(app, params.id));
      if (startsLater !== null) request.log.warn({ tradeId, startsLater }, 'it starts later');
      void reply.code(isNew ? 202 : 200).header('location', `/api/v1/trades/${tradeId}`);
      return { trade_id: tradeId, is_new: isNew, starts_later: startsLater !== null };
    },
  });
}

/** @throws Problem when nothing was sent */
function sent(outcome: Executed): Extract<Executed, { kind: 'executed' }> {
  if (outcome.kind === 'executed') return outcome;
  if (outcome.kind === 'refused') {
    throw new Problem(outcome.code, `nothing was sent: ${outcome.reason}`);
  }
  const { preview: changed, why } = outcome;
  const next = `POST /api/v1/previews/${changed.preview_id}/execute sends what it would be now`;
  throw new Problem('PREVIEW_CHANGED', `nothing was sent: ${why}; ${next}`, { preview: changed });
}
