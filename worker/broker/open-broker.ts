/** The port to the broker that this process holds the connection to, by its settings. */
import { createBroker } from '../../broker/factory.js';
import type { BrokerPort } from '../../broker/port.js';
import type { Config } from '../../config/index.js';
import type { Logger } from '../../config/logger.js';
import { refuseLiveAccounts } from '../failpoints.js';

/** The port to the broker of the settings. Nothing is connected yet. */
export function brokerFrom(config: Config, firstGeneration: number, log: Logger): BrokerPort {
  const logger = {
    info: (message: string, fields?: object) => log.info(fields ?? {}, message),
    warn: (message: string, fields?: object) => log.warn(fields ?? {}, message),
    error: (message: string, fields?: object) => log.error(fields ?? {}, message),
  };
  const common = { firstGeneration, allowLive: config.allowLive, logger };
  const broker =
    config.broker === 'ibkr' ? ibkrFrom(config, common) : snapTradeFrom(config, common);
  broker.onEvent((event) => {
    if (event.kind !== 'connection') return;
    refuseLiveAccounts(event.state.accounts, log, event.state.paperAccounts);
  });
  return broker;
}

type Common = Pick<
  Parameters<typeof createBroker<'ibkr'>>[1],
  'firstGeneration' | 'allowLive' | 'logger'
>;

function ibkrFrom(config: Config, common: Common): BrokerPort {
  return createBroker('ibkr', {
    ...common,
    host: config.ibkrHost,
    port: config.ibkrPort,
    clientId: config.ibkrClientId,
    authorizedAccounts: config.ibkrAuthorizedAccounts,
    limits: { maxMessagesPerSecond: config.maxMessagesPerSecond },
  });
}

/** The settings' own rules see to it that the four words are there. */
function snapTradeFrom(config: Config, common: Common): BrokerPort {
  return createBroker('snaptrade', {
    ...common,
    clientId: config.snaptradeClientId ?? '',
    consumerKey: config.snaptradeConsumerKey ?? '',
    userId: config.snaptradeUserId ?? '',
    userSecret: config.snaptradeUserSecret ?? '',
    basePath: config.snaptradeUrl,
    account: config.snaptradeAccount,
    quotes: config.snaptradeQuotes,
    authorizedAccounts: config.snaptradeAuthorizedAccounts,
    sessionClientId: config.ibkrClientId,
  });
}
