/** Strategies: each with its account, its mode, and whether its signals wait for a person. */
import type { StrategyView } from '../../contract/views.js';
import type { Mode } from '../../domain/risk/modes.js';
import type { ApprovalPolicy } from '../../domain/vocabulary.js';
import type { Database } from '../database.js';
import { instant } from './shape.js';

/** The user's, by name. */
export async function listStrategies(db: Database, userId: string): Promise<StrategyView[]> {
  const rows = await db.strategy.findMany({
    where: { userId },
    include: { account: { select: { brokerAccountId: true } } },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ name, account, mode, settings, createdAt }) => ({
    strategy_id: name,
    account_id: account.brokerAccountId,
    mode: mode as Mode,
    approval: (settings as { approval?: ApprovalPolicy }).approval ?? null,
    created_at: instant(createdAt),
  }));
}
