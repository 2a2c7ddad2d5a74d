/** Fetching the market for a trade whose symbol nobody has looked at lately. */
import type { TradeRef } from '../contract/activities.js';
import { UnknownContractError } from '../broker/port.js';
import { around } from '../failpoints/failpoint.js';
import { saveUnknownContract } from '../store/market.js';
import { tradeMarket } from '../store/world.js';
import type { BrokerDeps } from './deps.js';

/** A link that is down now may be back in a moment; after that the plan says it isn't. */
const LINK_WAIT_MS = 5_000;

/** Stores contract, quote and account values, as far as the broker gives them; never fails a trade. */
export async function warmMarket(deps: BrokerDeps, { tradeId }: TradeRef): Promise<void> {
  const { db, link, market, log } = deps;
  const { instrument, brokerAccountId, connectionId } = await tradeMarket(db, tradeId);
  try {
    await link.ready(LINK_WAIT_MS);
    await market.warm(instrument);
    await market.refreshAccount(brokerAccountId);
  } catch (error) {
    log.warn({ tradeId, error: String(error) }, 'the market could not be fetched');
    if (error instanceof UnknownContractError) {
      await around('contract.unknown.save', { tradeId }, () =>
        saveUnknownContract(db, connectionId, instrument, error.message),
      );
    }
  }
}
