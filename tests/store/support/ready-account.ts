/** A database as a broker worker would leave it: a ready link, an account with values, a live market. */
import type { AccountSnapshot, ExchangeRates } from '../../../contract/market.js';
import { recordAccounts, recordAccountValues } from '../../../store/accounts.js';
import { acquireLease, ensureConnection } from '../../../store/connections.js';
import type { Database } from '../../../store/database.js';
import { ensureInstallation, type InstallationIdentity } from '../../../store/installation.js';
import { publishHealth } from '../../../store/link.js';
import { saveContract, saveQuotes } from '../../../store/market.js';

export const ACCOUNT = 'DU1000001';
const LEASE_MS = 600_000;

export interface ReadyAccount extends InstallationIdentity {
  readonly accountId: string;
  readonly connectionId: string;
}

export interface AccountKind {
  readonly baseCurrency?: string;
  readonly exchangeRates?: ExchangeRates;
  /** Of the symbols, by their places; `Test` where none is given. */
  readonly industries?: readonly string[];
}

/** Values of the account in US dollars, of which all is cash. */
export function accountValues(
  equity: string,
  change: Partial<AccountSnapshot> = {},
): AccountSnapshot {
  return {
    ...{ account: ACCOUNT, baseCurrency: 'USD', exchangeRates: {}, atMs: Date.now() },
    ...{ netLiquidation: equity, totalCash: equity, settledCash: equity },
    ...{ availableFunds: equity, buyingPower: equity, excessLiquidity: equity },
    ...change,
  };
}

/** Makes it, with one quote (100.00 × 100.02) for each symbol. */
export async function readyAccount(
  db: Database,
  symbols: readonly string[],
  equity: string,
  { baseCurrency = 'USD', exchangeRates = {}, industries = [] }: AccountKind = {},
): Promise<ReadyAccount> {
  const identity = await ensureInstallation(db);
  const userId = identity.ownerId;
  const key = { userId, host: '127.0.0.1', port: 4002, clientId: 17 };
  const connectionId = await ensureConnection(db, key);
  const lease = await acquireLease(db, connectionId, 'test', LEASE_MS);
  const detail = { reason: 'ready', accounts: [ACCOUNT] };
  await publishHealth(db, lease!, { ready: true, lastMessageAtMs: 0, clockSkewMs: 0, detail });
  const [account] = await recordAccounts(db, connectionId, userId, [ACCOUNT]);
  await recordAccountValues(
    db,
    connectionId,
    accountValues(equity, { baseCurrency, exchangeRates }),
  );
  for (const [index, symbol] of symbols.entries()) {
    const industry = industries[index] ?? 'Test';
    await list(db, connectionId, { symbol, brokerContractId: index + 1, industry });
  }
  return { ...identity, accountId: account!.id, connectionId };
}

interface Listed {
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly industry: string;
}

async function list(
  db: Database,
  connectionId: string,
  { symbol, brokerContractId, industry }: Listed,
) {
  const instrument = { symbol, securityType: 'STK', exchange: 'SMART', currency: 'USD' };
  const contract = {
    instrument: { ...instrument, brokerContractId },
    longName: symbol,
    industry,
    primaryExchange: 'NYSE',
    priceIncrement: '0.01',
    sizeIncrement: '1',
    hours: ALWAYS_OPEN,
    hoursProblem: null,
  };
  await saveContract(db, connectionId, contract, Date.now());
  const sizes = { bidSize: '500', askSize: '500' };
  const quote = { bid: '100', ask: '100.02', ...sizes, atMs: Date.now(), halted: false };
  await saveQuotes(db, connectionId, [
    { brokerContractId, symbol, quote: { ...quote, kind: 'live' as const } },
  ]);
}

const ALWAYS = { openMs: Date.UTC(2000, 0), closeMs: Date.UTC(2100, 0), liquid: true };
const ALWAYS_OPEN = { sessions: [ALWAYS], fromMs: ALWAYS.openMs, untilMs: ALWAYS.closeMs };
