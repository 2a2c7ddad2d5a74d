/** The judgement of some trades: how each ended, what the referee saw meanwhile, and both books. */
import { setTimeout as sleep } from 'node:timers/promises';
import { allowedBy, type Allowance } from '../disturb/disturbance.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';
import type { LivedTrade } from '../traffic/live.js';
import { bookFindings, type BooksOfRun } from './compare.js';
import { isSettled } from './engine-books.js';
import type { Finding } from './finding.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { verdictFindings } from './verdicts.js';

/** What the broker reports late is in by then. */
const SETTLE_DOWN_MS = 400;

/** @param before the ledger as it was before the first of the trades */
export async function judgeTrades(
  stack: ChaosStack,
  lived: readonly LivedTrade[],
  before: Ledger,
  allows: Allowance,
): Promise<Outcome & { readonly ledger: Ledger }> {
  await sleep(SETTLE_DOWN_MS);
  const strays = await strikeDenied(stack, lived);
  const books = await booksOf(stack, lived);
  const unwatched = new Set<string>();
  for (const [name, trade] of books.trades) {
    if (!isSettled(trade) && !(await stack.frontDoor.isWatched(trade.id))) unwatched.add(name);
  }
  const { trades, orders } = books;
  const outcome = outcomeOf({ lived, trades, orders, unwatched, allows });
  const ofSwitches = allowedBy(stack.switches);
  const windowMs = Math.max(allows.repairWithinMs, ofSwitches.repairWithinMs);
  const broker = {
    killsChildren: allows.killsChildren || ofSwitches.killsChildren,
    worksWhole: allows.worksWhole || ofSwitches.worksWhole,
  };
  const verdicts = verdictFindings(before, books.ledger, windowMs, broker);
  const findings = [
    ...outcome.findings,
    ...verdicts.map((finding) => withEnding(finding, lived)),
    ...bookFindings(books),
    ...strays,
  ];
  return { ...outcome, findings, ledger: books.ledger };
}

/** What was denied may have no entry: the referee is told so, and says when one was accepted for it. */
async function strikeDenied(stack: ChaosStack, lived: readonly LivedTrade[]): Promise<Finding[]> {
  const rows = await stack.books.trades(lived.flatMap(({ tradeId }) => tradeId ?? []));
  const findings: Finding[] = [];
  for (const { plan, tradeId } of lived) {
    if (tradeId === null || rows.get(tradeId)?.state !== 'DENIED') continue;
    const { name: signal, symbol, side } = plan;
    await stack.gateway
      .listSignals([{ signal, symbol, side, quantity: '0' }])
      .catch((error: unknown) =>
        findings.push({
          kind: 'unlisted',
          subject: signal,
          detail: `denied, but ${String(error)}`,
        }),
      );
  }
  return findings;
}

async function booksOf(stack: ChaosStack, lived: readonly LivedTrade[]): Promise<BooksOfRun> {
  const ids = lived.flatMap(({ tradeId }) => (tradeId === null ? [] : [tradeId]));
  const rows = await stack.books.trades(ids);
  const trades = new Map(
    lived.flatMap(({ plan, tradeId }) => {
      const row = tradeId === null ? undefined : rows.get(tradeId);
      return row ? [[plan.name, row] as const] : [];
    }),
  );
  return {
    trades,
    orders: await stack.books.orders(ids),
    executions: await stack.books.executions([...rows.values()].map(({ symbol }) => symbol)),
    positions: await stack.books.positions(),
    ledger: await stack.gateway.ledger(),
    orderRefPrefix: stack.frontDoor.orderRefPrefix,
  };
}

/** A breach is of a contract: how the trades in it were to end tells which defect it may be. */
function withEnding(finding: Finding, lived: readonly LivedTrade[]): Finding {
  const endings = lived
    .filter(({ plan }) => plan.symbol === finding.subject)
    .map(({ plan }) => `${plan.name}: ${plan.ending}`);
  if (endings.length === 0) return finding;
  return { ...finding, detail: `${finding.detail} (${endings.join(', ')})` };
}
