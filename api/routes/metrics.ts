/** `GET /metrics`: the installation as a whole, and what this process counts of itself, as Prometheus reads it. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { systemMetrics } from '../../app/metrics.js';
import { TEXT_TYPE } from '../../telemetry/text.js';
import { ownVersion } from '../../telemetry/version.js';
import { answersOf, refusalsOf } from '../route.js';
import type { RouteDeps } from '../routes.js';

/** Adds it. It needs the owner's token, unless METRICS_OPEN says otherwise: it tells of all users. */
export function addMetrics(server: FastifyInstance, { shared, env, counted }: RouteDeps): void {
  const ofSystem = systemMetrics(shared, env, ownVersion());
  const isOpen = shared.config.metricsOpen;
  server.get(
    '/metrics',
    {
      config: isOpen ? { scope: null } : { scope: 'read', isOwnerOnly: true },
      schema: {
        ...{ operationId: 'getMetrics', tags: ['operation'], summary: 'Metrics, for Prometheus' },
        description:
          "Needs the owner's token, or none with METRICS_OPEN. 200 also while the database is away: what can't be read is left out, and said so.",
        ...(!isOpen && { security: [{ bearer: ['read'] }] }),
        response: {
          ...answersOf({
            200: {
              description: 'The text format of Prometheus.',
              schema: z.string(),
              type: 'text/plain',
            },
          }),
          ...refusalsOf([
            ...(['INVALID_REQUEST', 'UNAUTHENTICATED', 'SCOPE_MISSING', 'OWNER_ONLY'] as const),
            ...(['METHOD_NOT_ALLOWED', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'] as const),
          ]),
        },
      },
      // The text goes out as it is.
      serializerCompiler: () => String,
    },
    async (_request, reply) => {
      const [system, own] = await Promise.all([ofSystem(), counted.text()]);
      return reply.type(TEXT_TYPE).send(`${system}${own}`);
    },
  );
}
