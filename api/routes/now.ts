/** `GET /now`: what stands now, in one look. */
import type { FastifyInstance } from 'fastify';
import { readNow } from '../../app/now.js';
import { haltedBy } from '../../app/switches.js';
import { haltFilesOf, limitsFrom, switchesFrom } from '../../config/index.js';
import { addEndpoint } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { now } from '../schemas/now.js';

/** Adds it. */
export function addNow(server: FastifyInstance, { env }: RouteDeps): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/now', id: 'getNow', tag: 'account', scope: 'read' },
    summary: 'What stands now: accounts, links, positions, limits, and what waits for a person',
    description: 'For whoever shows all of it at once, as the dashboard does; `at` is its age.',
    answers: { 200: { description: 'All of it.', schema: now } },
    handle: ({ app }) => {
      const { config } = app;
      const own = { limits: limitsFrom(config), switches: switchesFrom(config)() };
      const halted = haltFilesOf(env).files.flatMap((file) => haltedBy(file) ?? []);
      return readNow(app, own, halted);
    },
  });
}
