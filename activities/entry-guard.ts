/** Right before a send: everything that may have changed since the plan was made (RSK-5, RSK-6). */
import { decimal } from '../domain/money.js';
import { blockedBy } from '../domain/risk/modes.js';
import type { Mode } from '../domain/risk/modes.js';
import { resolveLimits } from '../domain/risk/limits.js';
import { signOf, type Side } from '../domain/vocabulary.js';
import { textFromRow, type Transaction } from '../store/database.js';
import type { TradeBook } from '../store/book/load.js';
import type { BrokerDeps } from './deps.js';

/** Why the entry may not be sent now, for people; null when it may. */
export async function entryBlockedBy(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
): Promise<string | null> {
  if (book.trade.decisionId === null) return 'the plan was withdrawn';
  if (book.trade.cancelRequested) return 'the entry was cancelled before it was sent';
  if (!deps.link.maySend()) return 'this worker does not hold the connection';
  const blocked = await switchesBlock(tx, deps, book);
  return blocked ?? deviationBlocks(deps, book);
}

async function switchesBlock(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
): Promise<string | null> {
  const { trade, account } = book;
  const switches = deps.settings.switches();
  const rows = await tx.$queryRaw<
    {
      installation_mode: Mode;
      strategy_mode: Mode;
      account_paused: boolean;
      strategy_paused: boolean;
    }[]
  >`
    SELECT (SELECT mode FROM installation LIMIT 1) AS installation_mode,
           s.mode AS strategy_mode,
           EXISTS (SELECT 1 FROM pauses p WHERE p.account_id = ${account.id}::uuid
                    AND p.strategy_id IS NULL AND p.symbol IS NULL AND p.lifted_at IS NULL
                    AND (p.ends_at IS NULL OR p.ends_at > now())) AS account_paused,
           EXISTS (SELECT 1 FROM pauses p WHERE p.strategy_id = s.id AND p.lifted_at IS NULL
                    AND (p.side IS NULL OR p.side = ${trade.side})
                    AND (p.ends_at IS NULL OR p.ends_at > now())) AS strategy_paused
      FROM strategies s WHERE s.id = ${trade.strategyId}::uuid`;
  const row = rows[0]!;
  const found = blockedBy(
    {
      tradingEnabled: switches.tradingEnabled && !switches.readOnly,
      haltFile: switches.haltFile,
      installationMode: row.installation_mode,
      accountMode: account.mode as Mode,
      strategyMode: row.strategy_mode,
      accountPaused: row.account_paused,
      strategyPaused: row.strategy_paused,
      dailyLossReached: false,
    },
    'entry',
  );
  return found.length > 0 ? `entries are blocked by ${found.join(', ')}` : null;
}

/** The quote has run away from what the plan was made at: plan again with the new one. */
function deviationBlocks(deps: BrokerDeps, book: TradeBook): string | null {
  const quote = deps.market.latest(book.trade.symbol);
  const reference = book.trade.referencePrice;
  const side = book.trade.side as Side;
  const executable = side === 'BUY' ? quote?.ask : quote?.bid;
  if (!reference || !executable) return null;
  const { priceDeviationPct } = resolveLimits(deps.settings.limits);
  const planned = decimal(textFromRow(reference));
  const worse = decimal(executable).sub(planned).mul(signOf(side)).div(planned);
  if (worse.lte(decimal(priceDeviationPct))) return null;
  return `the quote moved from ${planned.toFixed()} to ${executable} since the plan`;
}
