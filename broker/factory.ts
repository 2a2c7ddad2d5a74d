/** Brokers by their kind: the one place that knows the adapters. */
import { createIbkrBroker } from './ibkr/index.js';
import type { IbkrOptions } from './ibkr/index.js';
import type { BrokerPort } from './port.js';
import { createSnapTradeBroker } from './snaptrade/index.js';
import type { SnapTradeOptions } from './snaptrade/index.js';

/** What each kind is told: where the broker is, who asks, what may be traded, limits and where to log. */
export interface BrokerOptions {
  readonly ibkr: IbkrOptions;
  readonly snaptrade: SnapTradeOptions;
}
export type BrokerKind = keyof BrokerOptions;

const CREATE: { readonly [K in BrokerKind]: (options: BrokerOptions[K]) => BrokerPort } = {
  ibkr: createIbkrBroker,
  snaptrade: createSnapTradeBroker,
};

/**
 * The port to a broker. Nothing happens before `open()`.
 * @throws RangeError for options that could never work.
 */
export function createBroker<K extends BrokerKind>(kind: K, options: BrokerOptions[K]): BrokerPort {
  return CREATE[kind](options);
}
