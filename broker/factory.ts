/** Brokers by their kind: the one place that knows the adapters. */
import { createIbkrBroker } from './ibkr/index.js';
import type { IbkrOptions } from './ibkr/index.js';
import type { BrokerPort } from './port.js';

export type BrokerKind = 'ibkr';
/** What every kind is told: where the broker is, what may be traded, limits and where to log. */
export type BrokerOptions = IbkrOptions;

/**
 * The port to a broker. Nothing happens before `open()`.
 * @throws RangeError for options that could never work.
 */
export function createBroker(kind: BrokerKind, options: BrokerOptions): BrokerPort {
  switch (kind) {
    case 'ibkr':
      return createIbkrBroker(options);
  }
}
