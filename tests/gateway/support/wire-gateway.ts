/** A TWS port over scripted parts, on a free port. */
import { FaultBook } from '../../../gateway/faults.js';
import { createListings } from '../../../gateway/market/listings.js';
import { createSessions } from '../../../gateway/market/sessions.js';
import { createServer } from '../../../gateway/session/server.js';
import type { GatewayServer, ServerOptions } from '../../../gateway/session/server.js';
import { ScriptedExchange } from './scripted-exchange.js';
import { ScriptedMarket } from './scripted-market.js';

export interface WireGateway {
  port: number;
  exchange: ScriptedExchange;
  market: ScriptedMarket;
  faults: FaultBook;
  server: GatewayServer;
  /** Mistakes that the server reported; a test expects none. */
  internalErrors: unknown[];
  close(): Promise<void>;
}

/** Starts it; close it at the test's end. */
export async function startWireGateway(more: Partial<ServerOptions> = {}): Promise<WireGateway> {
  const exchange = new ScriptedExchange();
  const market = new ScriptedMarket();
  const faults = new FaultBook();
  const internalErrors: unknown[] = [];
  const server = createServer({
    exchange,
    market,
    faults,
    listings: createListings(),
    sessions: createSessions('always'),
    onInternalError: (error) => internalErrors.push(error),
    ...more,
  });
  const port = await server.listen(0);
  const close = async (): Promise<void> => {
    faults.close();
    await server.close();
  };
  return { port, exchange, market, faults, server, internalErrors, close };
}
