/** The price increment by which exits are rounded. */
import { expect, test } from '@jest/globals';
import { saveContract, saveUnknownContract } from '../../store/market.js';
import { priceIncrement } from '../../store/world.js';
import { useAccountDatabase } from './support/account-database.js';

const at = useAccountDatabase([], '100000');

const SHOP = { symbol: 'SHOP', securityType: 'STK', exchange: 'SMART', currency: 'USD' };

const contract = (currency: string, brokerContractId: number, increment: string) => ({
  ...{ instrument: { ...SHOP, currency, brokerContractId }, longName: 'Shop', industry: 'Retail' },
  ...{
    primaryExchange: 'NYSE',
    sizeIncrement: '1',
    priceIncrement: increment,
    hours: null,
    hoursProblem: null,
  },
});

test('[SIG-1] is that of the contract, whatever else goes by its symbol, or is unknown at some exchange', async () => {
  const {
    db,
    ready: { connectionId },
  } = at();
  const nowMs = Date.now();
  await saveContract(db, connectionId, contract('USD', 11, '0.01'), nowMs);
  await saveContract(db, connectionId, contract('CAD', 12, '0.05'), nowMs + 1);
  await saveUnknownContract(db, connectionId, { ...SHOP, exchange: 'NOPE' }, 'no contract');
  const of = (brokerContractId: number) =>
    priceIncrement(db, connectionId, { ...SHOP, brokerContractId });
  expect([await of(11), await of(12), await of(13)]).toEqual(['0.01', '0.05', null]);
  expect(await priceIncrement(db, connectionId, SHOP)).toBe('0.05');
});
