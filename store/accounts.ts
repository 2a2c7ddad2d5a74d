/** Accounts as the broker reports them, and their latest values. */
import type { AccountSnapshot } from '../contract/market.js';
import type { Broker } from '../domain/broker/abilities.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import { isPaperAt } from '../domain/risk/live-guard.js';
import type { Account } from './generated/client.js';
import { around } from '../failpoints/failpoint.js';
import { toJson, toRow, type Database, type Transaction } from './database.js';
import { judgeDay, type AccountOfDay } from './day-loss.js';
import { keepValues } from './equity.js';
import { takeShown } from './shown-fills.js';
import { transact } from './transact.js';

export type AccountRow = Account;

/** Who reports accounts, and what it says of them; IBKR where nothing is said. */
export interface ReportedBy {
  readonly broker: Broker;
  /** Those that it calls paper accounts; absent: their ids tell, as IBKR's do. */
  readonly paperAccounts?: readonly string[];
}

/**
 * Records the accounts that a connection reports. What the broker says is believed: of IBKR an account whose id
 * begins with D is a paper account, of another broker the one that it calls so (RSK-6).
 */
export async function recordAccounts(
  db: Database,
  connectionId: string,
  userId: string,
  brokerAccountIds: readonly string[],
  { broker, paperAccounts }: ReportedBy = { broker: 'ibkr' },
): Promise<AccountRow[]> {
  const rows: AccountRow[] = [];
  for (const brokerAccountId of brokerAccountIds) {
    const isPaper = isPaperAt(brokerAccountId, paperAccounts);
    const upsert = async () =>
      db.account.upsert({
        where: { broker_brokerAccountId: { broker, brokerAccountId } },
        create: { userId, connectionId, broker, brokerAccountId, isPaper },
        update: { connectionId, isPaper },
      });
    rows.push(await around('account.record', { account: brokerAccountId }, upsert));
  }
  return rows;
}

/** The accounts with real money that this installation has ever been shown, by the broker's ids. */
export async function liveAccounts(db: Database): Promise<string[]> {
  const rows = await db.account.findMany({
    where: { isPaper: false },
    select: { brokerAccountId: true },
  });
  return rows.map((row) => row.brokerAccountId);
}

/** Every account that a connection has reported, in a fixed order. */
export async function knownAccounts(
  db: Database,
): Promise<{ accountId: string; brokerAccountId: string }[]> {
  const rows = await db.account.findMany({
    orderBy: { brokerAccountId: 'asc' },
    select: { id: true, brokerAccountId: true },
  });
  return rows.map(({ id, brokerAccountId }) => ({ accountId: id, brokerAccountId }));
}

/**
 * Two of them wait for one row, and the older may get it last: some seconds late on a busy machine. What is older
 * than that is no late comer: the clock was set back.
 */
const OVERTAKEN_MAX_MS = 60_000;

interface LockedAccount extends AccountOfDay {
  readonly valuesAt: Date | null;
  readonly matchedCash: string | null;
}

/**
 * Stores an account's newest values, and lets go the cash of reservations whose fill they show
 * (RSK-2: values lag, so cash stays reserved until they include it; `domain/risk/values-lag.ts`). Values that newer
 * ones have overtaken are not stored: they would bring back money that is spent, and reserved no more. A loss
 * of the day that either shows is latched with them (RSK-8); `limits` are the installation's.
 */
export async function recordAccountValues(
  db: Database,
  connectionId: string,
  values: AccountSnapshot,
  limits: Partial<RiskLimits> = {},
): Promise<void> {
  const { account } = values;
  await transact(db, 'account.values.commit', { account }, async (tx) => {
    const rows = await tx.$queryRaw<LockedAccount[]>`
      SELECT id::text, user_id::text AS "userId", settings, values_at AS "valuesAt",
             trim_scale(matched_cash)::text AS "matchedCash",
             trim_scale(net_liquidation)::text AS "netLiquidation" FROM accounts
       WHERE connection_id = ${connectionId}::uuid AND broker_account_id = ${account}
         FOR NO KEY UPDATE`;
    for (const row of rows) {
      const isNewest = !isOvertaken(row, values);
      if (isNewest) await storeValues(tx, row, values);
      await judgeDay(tx, row, values, limits);
      if (isNewest) await keepValues(tx, row.id, values);
    }
  });
}

function isOvertaken({ valuesAt }: LockedAccount, { atMs }: AccountSnapshot): boolean {
  const byMs = (valuesAt?.getTime() ?? atMs) - atMs;
  return byMs > 0 && byMs <= OVERTAKEN_MAX_MS;
}

async function storeValues(
  tx: Transaction,
  { id, matchedCash }: LockedAccount,
  values: AccountSnapshot,
): Promise<void> {
  const matched = await takeShown(tx, id, matchedCash, values);
  await tx.account.update({
    where: { id },
    data: {
      baseCurrency: values.baseCurrency,
      netLiquidation: toRow(values.netLiquidation),
      totalCash: toRow(values.totalCash),
      settledCash: toRow(values.settledCash),
      availableFunds: toRow(values.availableFunds),
      buyingPower: toRow(values.buyingPower),
      excessLiquidity: toRow(values.excessLiquidity),
      exchangeRates: toJson(values.exchangeRates),
      valuesAt: new Date(values.atMs),
      matchedCash: matched && toRow(matched),
    },
    select: { id: true },
  });
}
