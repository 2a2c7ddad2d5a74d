/** Which methods an address knows: for whoever asks with another one. */
import type { FastifyInstance } from 'fastify';

/** @returns what gives the methods of the routes that an address belongs to; none when it belongs to none */
export function otherMethods(server: FastifyInstance): (address: string) => string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const methods = [method].flat();
    routes.push({ pattern: patternOf(url), methods });
  });
  return (address) => {
    const path = address.split('?')[0] ?? '';
    const found = routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  };
}

/** `/trades/:id/close`: what stands behind a colon is one part of an address; a star is all that follows. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:[a-z_]+|\*)/).map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
