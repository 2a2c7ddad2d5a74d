/** All endpoints, by subject. */
import type { FastifyInstance } from 'fastify';
import type { SessionGate } from '../app/sessions.js';
import type { SharedApp } from '../app/users.js';
import type { ProcessRegistry } from '../telemetry/registry.js';
import { addAccounts } from './routes/account.js';
import { addCash } from './routes/cash.js';
import { addCodec } from './routes/codec.js';
import { addCommands } from './routes/commands.js';
import { addControl } from './routes/control.js';
import { addEvents } from './routes/events.js';
import { addFlatten } from './routes/flatten.js';
import { addHealth } from './routes/health.js';
import { addMetrics } from './routes/metrics.js';
import { addMcp } from './routes/mcp.js';
import { addDeliveries } from './routes/deliveries.js';
import { addNow } from './routes/now.js';
import { addHooks } from './routes/hooks.js';
import { addOperation } from './routes/operation.js';
import { addPreviews } from './routes/previews.js';
import { addSignals } from './routes/signals.js';
import { addResolutions } from './routes/resolutions.js';
import { addSessions } from './routes/sessions.js';
import { addTrades } from './routes/trades.js';

export interface RouteDeps {
  readonly shared: SharedApp;
  readonly env: NodeJS.ProcessEnv;
  /** What this process counts. */
  readonly counted: ProcessRegistry;
  /** Whether who was let in still may. */
  readonly gate: SessionGate;
}

/** Adds them to a server, in the order of the document. */
export function addRoutes(server: FastifyInstance, deps: RouteDeps): void {
  addSignals(server);
  addPreviews(server);
  addTrades(server);
  addCommands(server);
  addEvents(server, deps);
  addAccounts(server);
  addCash(server);
  addNow(server, deps);
  addControl(server, deps);
  addFlatten(server);
  addHooks(server);
  addSessions(server, deps);
  addOperation(server);
  addResolutions(server);
  addHealth(server, deps);
  addMetrics(server, deps);
  addCodec(server, deps);
  addMcp(server, deps);
  addDeliveries(server, deps);
}
