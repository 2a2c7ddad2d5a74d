/** All endpoints, by subject. */
import type { FastifyInstance } from 'fastify';
import type { SharedApp } from '../app/users.js';
import { addHealth } from './routes/health.js';

export interface RouteDeps {
  readonly shared: SharedApp;
  readonly env: NodeJS.ProcessEnv;
}

/** Adds them to a server. */
export function addRoutes(server: FastifyInstance, deps: RouteDeps): void {
  addHealth(server, deps);
}
