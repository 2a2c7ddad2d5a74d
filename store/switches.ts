/** The switches that hold back an entry, as the database has them (RSK-5). */
import type { Mode, Switches } from '../domain/risk/modes.js';
import type { Database, Transaction } from './database.js';

export type StoredSwitches = Omit<Switches, 'tradingEnabled' | 'haltFile' | 'dailyLossReached'>;

/** Reads modes and pauses of a trade's installation, account and strategy. */
export async function readSwitches(
  tx: Transaction | Database,
  tradeId: string,
): Promise<StoredSwitches> {
  const rows = await tx.$queryRaw<
    {
      installation_mode: Mode;
      account_mode: Mode;
      strategy_mode: Mode;
      account_paused: boolean;
      strategy_paused: boolean;
    }[]
  >`
    SELECT (SELECT mode FROM installation LIMIT 1) AS installation_mode,
           a.mode AS account_mode, s.mode AS strategy_mode,
           EXISTS (SELECT 1 FROM pauses p WHERE p.account_id = a.id
                    AND p.strategy_id IS NULL AND p.symbol IS NULL AND p.lifted_at IS NULL
                    AND (p.ends_at IS NULL OR p.ends_at > now())) AS account_paused,
           EXISTS (SELECT 1 FROM pauses p WHERE p.strategy_id = s.id AND p.lifted_at IS NULL
                    AND (p.side IS NULL OR p.side = t.side)
                    AND (p.ends_at IS NULL OR p.ends_at > now())) AS strategy_paused
      FROM trades t JOIN strategies s ON s.id = t.strategy_id JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${tradeId}::uuid`;
  const row = rows[0]!;
  return {
    installationMode: row.installation_mode,
    accountMode: row.account_mode,
    strategyMode: row.strategy_mode,
    accountPaused: row.account_paused,
    strategyPaused: row.strategy_paused,
  };
}
