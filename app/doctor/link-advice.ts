/** What a broker worker that is well waits for itself: the terminal, the broker's servers, or SnapTrade. */
import type { ConnectionView } from '../../contract/views.js';
import type { Broker } from '../../domain/broker/abilities.js';

/** Of what a worker publishes of its link, what is read here. */
export interface Health {
  readonly socket?: unknown;
  readonly broker_servers?: unknown;
  readonly reason?: unknown;
}

/** A worker that is at work publishes its health every second: what is older may be a dead one's. */
const HEALTH_MAX_AGE_MS = 5_000;

/** As the worker says it (broker/ibkr/connection.ts). */
const CLIENT_ID_TAKEN = 'client id in use';

/** What a worker that is well waits for itself; null when nothing else is known to be away. */
export function waitsFor(
  { age_ms: ageMs, client_id: id }: ConnectionView,
  health: Health | null,
  broker: Broker,
): string | null {
  if (ageMs > HEALTH_MAX_AGE_MS || health === null) return null;
  const stops = 'stops that were placed stand at the broker, entries wait or are denied';
  if (broker === 'snaptrade') return snapTradeAdvice(health, stops);
  if (health.socket === 'up' && health.broker_servers === false) {
    return `wait for the broker: the worker runs, and goes on by itself once the gateway has the broker's servers again; ${stops}; look at TWS or IB Gateway if it stays so`;
  }
  if (health.reason === CLIENT_ID_TAKEN) {
    return `another program, or an earlier session, has client id ${id}: end it (TWS shows who is connected under API), and the worker connects by itself; else set another IBKR_CLIENT_ID everywhere`;
  }
  if (health.socket === 'down' || health.socket === 'connecting') {
    return `see to TWS or IB Gateway: the worker connects again by itself, every few seconds; ${stops}`;
  }
  return null;
}

/** Its reason says by itself what to do (broker/snaptrade/failures.ts). */
function snapTradeAdvice(
  { socket, broker_servers: servers, reason }: Health,
  stops: string,
): string | null {
  const again = `the worker connects again by itself, within half a minute; ${stops}`;
  if (socket === 'up') return servers === false ? `wait for SnapTrade: ${again}` : null;
  return /login needed/.test(String(reason))
    ? `log in (docs/snaptrade.md): a setting that was wrong takes a new start; ${again}`
    : `see to SNAPTRADE_URL and the way there; ${again}`;
}
