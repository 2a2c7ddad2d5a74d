/** The codec endpoint: the Temporal UI and its command line have payloads opened here, as Temporal's protocol for it says. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isCodecSecret, payloadCodecOf } from '../../app/payload-codec.js';
import { Problem } from '../problems.js';
import type { RouteDeps } from '../routes.js';

/** A page of the UI asks for all of a history at once. */
const BODY_BYTES_MAX = 8 * 1_024 * 1_024;
const PAYLOADS_MAX = 10_000;

const payload = z.object({
  metadata: z.record(z.string(), z.string()).nullish(),
  data: z.string().nullish(),
});
const bodySchema = z.object({ payloads: z.array(payload).max(PAYLOADS_MAX) });
const paramsSchema = z.object({
  secret: z.string(),
  operation: z.enum(['encode', 'decode']),
});

/**
 * Pages of any origin may ask: who does not know the address gets nothing, and no cookie says who somebody is. It
 * stands in no document, for it is no way to trade.
 */
const CROSS_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'content-type, x-namespace, authorization',
  'access-control-max-age': '600',
};

/** Adds it. */
export function addCodec(server: FastifyInstance, { shared }: RouteDeps): void {
  const { config } = shared;
  const codec = payloadCodecOf(config);
  const url = '/codec/:secret/:operation';
  const common = { config: { scope: null }, bodyLimit: BODY_BYTES_MAX };
  const hidden = { ...common, schema: { hide: true } };
  server.options(url, hidden, (_request, reply) => reply.code(204).headers(CROSS_ORIGIN).send());
  server.post(
    url,
    { ...common, schema: { hide: true, params: paramsSchema, body: bodySchema } },
    async (request, reply) => {
      const { secret, operation } = request.params as z.output<typeof paramsSchema>;
      if (!isCodecSecret(config, secret)) {
        throw new Problem('NOT_FOUND', 'there is nothing at this address');
      }
      const operations = await codec;
      if (operations === null) {
        throw new Problem('NOT_FOUND', 'TEMPORAL_PAYLOAD_KEYS is not set: nothing is encrypted');
      }
      void reply.headers(CROSS_ORIGIN);
      const { payloads } = request.body as z.output<typeof bodySchema>;
      return { payloads: await opened(operations[operation](payloads)) };
    },
  );
}

async function opened<T>(payloads: Promise<T>): Promise<T> {
  try {
    return await payloads;
  } catch (error) {
    throw new Problem('INVALID_REQUEST', error instanceof Error ? error.message : String(error));
  }
}
