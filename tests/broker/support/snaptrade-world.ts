/** A world of the conformance suite over the stub of SnapTrade, and ports to that stub. */
import { createBroker } from '../../../broker/factory.js';
import type { BrokerOptions } from '../../../broker/factory.js';
import type { BrokerPort } from '../../../broker/port.js';
import type { World } from '../../../conformance/case.js';
import { snapTradeWorld } from '../../../conformance/worlds/snaptrade.js';
import { DEFAULT_ACCOUNT, DEFAULT_CREDENTIALS } from '../../../snaptrade-stub/options.js';
import type { Stub } from '../../../snaptrade-stub/stub.js';

type Options = BrokerOptions['snaptrade'];

/** The stub answers within milliseconds: what is slow at SnapTrade is quick here. */
export function optionsFor(stub: Stub, more: Partial<Options> = {}): Options {
  const silent = () => undefined;
  return {
    ...DEFAULT_CREDENTIALS,
    basePath: stub.basePath,
    quotes: 'live',
    ...{ allowLive: false, authorizedAccounts: [], sessionClientId: 7 },
    logger: { info: silent, warn: silent, error: silent },
    absence: { settleMs: 500, betweenReadsMs: 100 },
    ...more,
    limits: {
      ...{ requestTimeoutMs: 1_500, pollMs: 60, idlePollMs: 120, requestsPerMinute: 100_000 },
      ...{ backOffFirstMs: 50, backOffMaxMs: 200 },
      ...more.limits,
    },
  };
}

export function portTo(stub: Stub, more: Partial<Options> = {}): BrokerPort {
  return createBroker('snaptrade', optionsFor(stub, more));
}

export function stubWorld(stub: Stub): World {
  return snapTradeWorld({
    name: 'the stub of SnapTrade',
    broker: optionsFor(stub),
    account: DEFAULT_ACCOUNT.id,
    ...{ symbol: 'SPY', quantity: '10', referencePrice: '100' },
    abilities: ['fills', 'prices', 'disturbances'],
    controlPort: stub.controlPort,
    ...{ patienceMs: 15_000, quietMs: 250 },
  });
}
