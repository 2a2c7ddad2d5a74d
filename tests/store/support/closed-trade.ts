/** Trades that are over, as the inbox leaves them: entered at 100, and out at a price of the test's choice. */
import type { BrokerFact, ExecutionReport } from '../../../domain/broker/fact.js';
import type { Book } from '../../../domain/trade/book.js';
import type { Database } from '../../../store/database.js';
import { commitEvents, type InboxContext } from '../../../store/inbox.js';
import { claimBracket } from '../../../store/sending.js';
import { plannedTrade, sendContext } from './planned-trade.js';
import { ACCOUNT, type ReadyAccount } from './ready-account.js';

const QUANTITY = '10';
const ENTRY_PRICE = '100';

let generation = 1_000;
let fills = 0;

export interface ClaimedTrade {
  readonly tradeId: string;
  readonly book: Book;
  /** So much of the entry fills at 100. */
  fill(quantity: string): Promise<ExecutionReport>;
  tell(fact: BrokerFact): Promise<void>;
}

export interface EnteredTrade {
  readonly tradeId: string;
  /** The stop fills at that price; again, after a bust. */
  exit(price: string): Promise<void>;
  /** The broker tells the commission of the exit. */
  commission(amount: string, currency?: string): Promise<void>;
  /** The same of the entry. */
  entryCommission(amount: string): Promise<void>;
  /** It takes the exit's fill back. */
  bust(): Promise<void>;
}

/** Plans a trade for ten shares and claims it. */
export async function claimedTrade(
  db: Database,
  ready: ReadyAccount,
  signal: Record<string, unknown>,
): Promise<ClaimedTrade> {
  const tradeId = await plannedTrade(db, ready, signal);
  generation += 1;
  const context = await sendContext(db, ready, generation);
  const claimed = await claimBracket(db, tradeId, context, () => null);
  if (claimed.kind === 'refused') throw new Error(claimed.reason);
  const { book } = claimed.changed;
  const tell = (fact: BrokerFact) => tellTrade(db, ready, book, fact);
  const entry = book.legs.find(({ role }) => role === 'ENTRY')!;
  const fill = async (quantity: string) => {
    const report = { ...reportOf(book, entry, ENTRY_PRICE), quantity };
    await tell(execution(report));
    return report;
  };
  return { tradeId, book, fill, tell };
}

/** The same, with its whole entry filled. */
export async function enteredTrade(
  db: Database,
  ready: ReadyAccount,
  signal: Record<string, unknown>,
): Promise<EnteredTrade> {
  const { tradeId, book, fill, tell } = await claimedTrade(db, ready, signal);
  const stop = book.legs.find(({ role }) => role === 'STOP')!;
  let exit = reportOf(book, stop, ENTRY_PRICE);
  const entered = await fill(QUANTITY);
  return {
    tradeId,
    exit: (price) => {
      exit = reportOf(book, stop, price);
      return tell(execution(exit));
    },
    commission: (amount, currency) => tell(commissionOf(exit, amount, currency)),
    entryCommission: (amount) => tell(commissionOf(entered, amount)),
    bust: () => {
      const { executionKey } = exit;
      const again = { executionId: `${executionKey}.02`, correction: 2, quantity: '0' };
      return tell(execution({ ...exit, ...again }));
    },
  };
}

function reportOf(
  { symbol }: Book,
  { clientOrderId, side }: Book['legs'][number],
  price: string,
): ExecutionReport {
  fills += 1;
  const key = `closed${fills}`;
  return {
    ...{ executionId: `${key}.01`, executionKey: key, correction: 1, clientOrderId, side, price },
    ...{ brokerOrderId: '1', sessionOrderId: 1, sessionClientId: 17, account: ACCOUNT },
    ...{ symbol, brokerContractId: 1, quantity: QUANTITY, executedAtMs: Date.now() },
  };
}

function commissionOf(
  { executionId }: ExecutionReport,
  commission: string,
  currency = 'USD',
): BrokerFact {
  return {
    kind: 'commission',
    report: {
      ...{ executionId, account: ACCOUNT, commission, currency },
      brokerRealizedPnl: null,
    },
    receivedAtMs: Date.now(),
  };
}

function execution(report: ExecutionReport): BrokerFact {
  return { kind: 'execution', report, receivedAtMs: Date.now() };
}

async function tellTrade(
  db: Database,
  { ownerId: userId, connectionId, accountId }: ReadyAccount,
  { id: tradeId, legs }: Book,
  fact: BrokerFact,
): Promise<void> {
  const accountIds = new Map([[ACCOUNT, accountId]]);
  const context: InboxContext = { userId, connectionId, accountIds };
  const owner = { tradeId, orderRowId: legs[0]!.legId };
  await commitEvents(db, context, tradeId, [{ fact, owner }]);
}
