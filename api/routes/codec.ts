/** The codec endpoint: the Temporal UI and its command line have payloads opened here, as Temporal's protocol for it says. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isCodecSecret, payloadCodecOf } from '../../app/payload-codec.js';
import { Problem } from '../problems.js';
import type { RouteDeps } from '../routes.js';

/** A page of the UI asks for all of a history at once; a trade's is some hundred KiB. */
const BODY_BYTES_MAX = 2 * 1_024 * 1_024;
const PAYLOADS_MAX = 5_000;

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

/** Adds it, where anything is encrypted. The address is judged before a body is read. */
export function addCodec(server: FastifyInstance, { shared }: RouteDeps): void {
  const { config } = shared;
  if (!config.temporalPayloadKeys) return;
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request) => {
      const { secret } = request.params as { readonly secret: string };
      if (isCodecSecret(config, secret)) return;
      throw new Problem('NOT_FOUND', 'there is nothing at this address');
    });
    addOperations(scope, payloadCodecOf(config));
    done();
  });
}

function addOperations(scope: FastifyInstance, opening: ReturnType<typeof payloadCodecOf>): void {
  const url = '/codec/:secret/:operation';
  const common = { config: { scope: null }, bodyLimit: BODY_BYTES_MAX };
  scope.options(url, { ...common, schema: { hide: true } }, (_request, reply) =>
    reply.code(204).headers(CROSS_ORIGIN).send(),
  );
  const schema = { hide: true, params: paramsSchema, body: bodySchema };
  scope.post(url, { ...common, schema }, async (request, reply) => {
    const { operation } = request.params as z.output<typeof paramsSchema>;
    const { payloads } = request.body as z.output<typeof bodySchema>;
    const operations = await opening;
    if (operations === null) throw new Problem('NOT_FOUND', 'nothing is encrypted here');
    void reply.headers(CROSS_ORIGIN);
    return { payloads: await opened(operations[operation](payloads)) };
  });
}

async function opened<T>(payloads: Promise<T>): Promise<T> {
  try {
    return await payloads;
  } catch (error) {
    throw new Problem('INVALID_REQUEST', error instanceof Error ? error.message : String(error));
  }
}
