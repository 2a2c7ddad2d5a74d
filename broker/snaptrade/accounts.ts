/** An account's figures. SnapTrade tells cash, buying power and one total of each; nothing of margin or settlement. */
import type { AccountSnapshot } from '../../contract/market.js';
import { decimal, min, text, ZERO } from '../../domain/money.js';
import { BrokerRequestError } from '../port.js';
import type { Api } from './api.js';
import type { Settings } from './options.js';

/**
 * What is not told is taken at its smallest: available and settled is what is both cash and buying power.
 * @throws SnapTradeFailure, and BrokerRequestError when there is no total value.
 */
export async function accountFigures(
  api: Api,
  { nowMs }: Settings,
  account: string,
): Promise<AccountSnapshot> {
  const [accounts, balances] = await Promise.all([api.accounts(), api.balances(account)]);
  const total = accounts.find(({ id }) => id === account)?.balance?.total;
  const currency = total?.currency ?? balances[0]?.currency.code;
  if (!total || total.amount === null || currency === undefined) {
    throw new BrokerRequestError(404, `SnapTrade tells no total value of the account ${account}`);
  }
  const own = balances.find((one) => one.currency.code === currency);
  const cash = decimal(own?.cash ?? '0');
  const buyingPower = own?.buying_power ?? null;
  const power = buyingPower === null ? cash : decimal(buyingPower);
  const free = text(atLeastZero(min(cash, power)));
  return {
    account,
    baseCurrency: currency,
    netLiquidation: total.amount,
    totalCash: text(cash),
    ...{ settledCash: free, availableFunds: free, excessLiquidity: free },
    buyingPower: text(atLeastZero(power)),
    // SnapTrade's rates are none of the account's: what is in another currency is not reckoned with.
    exchangeRates: { [currency]: '1' },
    atMs: nowMs(),
  };
}

function atLeastZero(value: ReturnType<typeof decimal>) {
  return value.lt(0) ? ZERO : value;
}
