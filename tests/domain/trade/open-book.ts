/** An open trade of 100 shares for tests: entered at 100, its exits read back as sent. */
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import type { Book, Leg } from '../../../domain/trade/book.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { verify } from '../../../domain/trade/exits.js';
import { finish } from '../../../domain/trade/finish.js';
import type { LegRole } from '../../../domain/vocabulary.js';
import {
  ACCOUNT,
  claimedBook,
  CLIENT,
  CONTRACT_ID,
  placedIn,
  plannedBook,
  report,
  T0,
} from './books.js';

/** `planned`: nothing sent; `part`: 40 of it filled, and the entry works. */
export function openBook(
  change: Partial<BracketPlan> = {},
  how: 'open' | 'planned' | 'part' = 'open',
): Book {
  const planned = plannedBook(change);
  if (how === 'planned') return planned;
  const ids = planned.legs.map((_, index) => index + 1);
  const { book, group } = claimedBook(planned, ids);
  const placed = placedIn(group);
  const shown = placed.reduce(
    (now, order) =>
      after(now, { kind: 'order', listed: false, receivedAtMs: T0, report: report(order) }),
    book,
  );
  const entry = placed[0]!;
  const quantity = how === 'part' ? '40' : '100';
  const filled = after(shown, {
    kind: 'execution',
    receivedAtMs: T0,
    report: execution(entry.clientOrderId, planned.side, quantity),
  });
  const anchored = { ...filled, exits: { ...filled.exits, reanchored: true } };
  return finish(anchored, verify(anchored), T0).book;
}

/** The first leg of that role. */
export function legOf({ legs }: Book, role: LegRole): Leg {
  return legs.find((leg) => leg.role === role)!;
}

function after(book: Book, fact: Parameters<typeof applyFact>[1]): Book {
  return finish(book, applyFact(book, fact), T0).book;
}

function execution(
  clientOrderId: string,
  side: ExecutionReport['side'],
  quantity: string,
): ExecutionReport {
  return {
    ...{ clientOrderId, side, quantity, price: '100', symbol: 'AAA', account: ACCOUNT },
    ...{ executionId: 'x.01', executionKey: 'x', correction: 1, brokerOrderId: 'perm-1' },
    ...{ sessionOrderId: 1, sessionClientId: CLIENT, brokerContractId: CONTRACT_ID },
    executedAtMs: T0,
  };
}
