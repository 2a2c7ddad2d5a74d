/** Which connection and account the settings mean: whoever holds the connection, and whoever watches it, find the same row. */
import { createHash } from 'node:crypto';
import type { Broker } from '../domain/broker/abilities.js';

/** Of the configuration, what says so. */
export interface BrokerSettings {
  readonly broker: Broker;
  readonly ibkrHost: string;
  readonly ibkrPort: number;
  readonly ibkrClientId: number;
  readonly ibkrAccount?: string | undefined;
  readonly snaptradeClientId?: string | undefined;
  readonly snaptradeUserId?: string | undefined;
  readonly snaptradeAccount?: string | undefined;
}

/** What a connection's row is found by. */
export interface ConnectionPlace {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

/** SnapTrade is reached over HTTPS alone. */
const HTTPS_PORT = 443;
/** Enough of a digest to tell users of one installation apart. */
const DIGEST_LENGTH = 12;

/** The connection's place: of SnapTrade one per user, whose name is not shown. */
export function placeFrom(settings: BrokerSettings): ConnectionPlace {
  const { ibkrHost: host, ibkrPort: port, ibkrClientId: clientId } = settings;
  if (settings.broker === 'ibkr') return { host, port, clientId };
  const user = JSON.stringify([settings.snaptradeClientId, settings.snaptradeUserId]);
  const digest = createHash('sha256').update(user).digest('hex').slice(0, DIGEST_LENGTH);
  return { host: `snaptrade-${digest}`, port: HTTPS_PORT, clientId };
}

/** The account that is meant where nobody names one; undefined: the only one there is. */
export function accountFrom(settings: BrokerSettings): string | undefined {
  return settings.broker === 'ibkr' ? settings.ibkrAccount : settings.snaptradeAccount;
}
