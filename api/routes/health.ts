/** `GET /health`: what is up and what isn't. It needs no token, so it names no account and no address. */
import type { FastifyInstance } from 'fastify';
import { healthReader, type HealthView } from '../../app/health.js';
import { answersOf, refusalsOf } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { healthSchema } from '../schemas/health.js';

/** Adds it. */
export function addHealth(server: FastifyInstance, { shared }: RouteDeps): void {
  const read = healthReader(shared);
  server.get(
    '/health',
    {
      config: { scope: null },
      schema: {
        ...{
          operationId: 'getHealth',
          tags: ['operation'],
          summary: 'What is up, and what is not',
        },
        description:
          'Needs no token. 200 also while a part is down; 503 when nothing can be answered.',
        response: {
          ...answersOf({
            200: { description: 'The database answers.', schema: healthSchema },
            503: { description: 'The database does not answer.', schema: healthSchema },
          }),
          ...refusalsOf(['METHOD_NOT_ALLOWED', 'RATE_LIMITED', 'INTERNAL']),
        },
      },
    },
    async (_request, reply): Promise<HealthView> => {
      const health = await read();
      void reply.code(health.status === 'down' ? 503 : 200);
      return health;
    },
  );
}
