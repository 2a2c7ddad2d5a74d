/** Serves the built site on this machine alone. */
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';

/** Nobody else may read along: the site is for who sits at this machine. */
const HOST = '127.0.0.1';

/**
 * @param {string} folder of the built site @param {number} port 0 takes a free one
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveSite(folder, port) {
  const app = fastify();
  await app.register(fastifyStatic, { root: folder, extensions: ['html'] });
  app.setNotFoundHandler((_request, reply) => reply.code(404).sendFile('404.html', join(folder)));
  const url = await app.listen({ host: HOST, port });
  return { url, close: () => app.close() };
}
