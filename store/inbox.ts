/**
 * Committing the broker's callbacks (BRK-5): the facts, the order they belong to, money and positions, and
 * the trade derived from all of it, in one transaction under the trade's row lock. A fact that changes
 * nothing leaves no row; an execution is booked once, whatever the number of its reports.
 */
import {
  outlivedBy,
  type BrokerFact,
  type BrokerSessionId,
  type ExecutionReport,
} from '../domain/broker/fact.js';
import type { Book, Change, TimelineEvent } from '../domain/trade/book.js';
import { applyFact } from '../domain/trade/fact.js';
import { changeBook, saveChange, type Changed } from './book/change.js';
import type { BookKeys } from './book/keys.js';
import { loadBookWith, lockTrade, type LoadedBook } from './book/load.js';
import { alert } from './alerts.js';
import { Prisma, toJson, type Database, type Transaction } from './database.js';
import { doubtAfterExit, doubtAfterOthers, lockForestalled } from './doubt.js';
import {
  bookExternal,
  bookExternalCommission,
  keepOrphanCommission,
  takeOrphanCommission,
} from './external-fills.js';
import type { OrderOwner } from './order-owner.js';
import { transact } from './transact.js';

/** Whose link it is. */
export interface InboxContext {
  readonly userId: string;
  /** Account rows of the link by the broker's account id. */
  readonly accountIds: ReadonlyMap<string, string>;
  readonly connectionId: string;
}

export interface OwnedFact {
  readonly fact: BrokerFact;
  readonly owner: OrderOwner | null;
}

export interface Committed extends Pick<Changed, 'book' | 'snapshot' | 'view' | 'wakes'> {
  readonly tradeId: string;
}

/**
 * Commits facts of one trade in their order; null tradeId: facts about orders that aren't ours.
 * Gives the trade as it is then; of foreign facts those that they turn out to be about.
 */
export async function commitEvents(
  db: Database,
  context: InboxContext,
  tradeId: string | null,
  facts: readonly OwnedFact[],
): Promise<readonly Committed[]> {
  if (tradeId === null) {
    const commit = (tx: Transaction) => commitForeign(tx, context, facts);
    return (await transact(db, 'inbox.foreign.commit', {}, commit)).map(committedOf);
  }
  const committed = await transact(db, 'inbox.commit', { tradeId }, async (tx) => {
    const lastAtMs = facts[facts.length - 1]!.fact.receivedAtMs;
    const news: OwnedFact[] = [];
    await lockTrade(tx, tradeId);
    const loaded = await loadBookWith<BrokerSessionId>(tx, tradeId, RECORDED_SESSION);
    const change = await applyAll(tx, loaded, current(facts, loaded.beside), news);
    const changed = await saveChange(tx, loaded, lastAtMs, change);
    await keepFacts(tx, context, tradeId, changed.keys.accountId, news);
    if (news.some(({ fact }) => isExitFill(fact, changed.book)))
      await doubtAfterExit(tx, changed.book, changed.keys.accountId);
    return committedOf(changed);
  });
  return [committed];
}

/**
 * Who holds the connection, and the newest generation that any process has recorded, read under the trade's
 * lock. A lease that was taken since counts at once: its worker reads a whole picture before anything else.
 */
const RECORDED_SESSION = Prisma.sql`
  (SELECT jsonb_build_object('epoch', c.lease_epoch::text, 'generation', c.generation)
     FROM connections c WHERE c.id = a.connection_id)`;

/**
 * Without what a session told of live orders that is older than the one recorded: another worker may have
 * laid its picture over the book since, and this process may not know.
 */
function current(facts: readonly OwnedFact[], session: BrokerSessionId): OwnedFact[] {
  return facts.flatMap(({ fact, owner }) => {
    const left = outlivedBy(fact, session);
    return left === null ? [] : [{ fact: left, owner }];
  });
}

function isExitFill(fact: BrokerFact, { side }: Book): boolean {
  return fact.kind === 'execution' && fact.report.side !== side;
}

function committedOf({ book, snapshot, view, wakes }: Changed): Committed {
  return { tradeId: book.id, book, snapshot, view, wakes };
}

/** Lays the facts over the book one by one; those that were news are collected. */
async function applyAll(
  tx: Transaction,
  { book: before, keys }: LoadedBook,
  facts: readonly OwnedFact[],
  news: OwnedFact[],
): Promise<Change> {
  let book = before;
  const events: TimelineEvent[] = [];
  for (const owned of facts) {
    const change = applyFact(book, owned.fact);
    if (change.book === book && change.events.length === 0) {
      await keepEarlyCommission(tx, book, keys, owned.fact);
      continue;
    }
    events.push(...change.events);
    book = await withEarlyCommission(tx, change.book, keys, owned.fact);
    news.push(owned);
  }
  return { book, events };
}

async function keepEarlyCommission(
  tx: Transaction,
  book: Book,
  { accountId }: BookKeys,
  fact: BrokerFact,
): Promise<void> {
  if (fact.kind !== 'commission') return;
  const { executionId } = fact.report;
  if (book.fills.some((fill) => fill.executionId === executionId)) return;
  await keepOrphanCommission(tx, accountId, fact.report);
}

async function withEarlyCommission(
  tx: Transaction,
  book: Book,
  { accountId }: BookKeys,
  fact: BrokerFact,
): Promise<Book> {
  if (fact.kind !== 'execution') return book;
  const report = await takeOrphanCommission(tx, accountId, fact.report.executionId);
  if (report === null) return book;
  return applyFact(book, { kind: 'commission', report, receivedAtMs: fact.receivedAtMs }).book;
}

/** The inbox rows: their order is their place in the trade's history. */
async function keepFacts(
  tx: Transaction,
  { userId }: InboxContext,
  tradeId: string,
  accountId: string,
  facts: readonly OwnedFact[],
): Promise<void> {
  if (facts.length === 0) return;
  await tx.brokerEvent.createMany({
    data: facts.map(({ fact, owner }) => ({
      userId,
      accountId,
      tradeId,
      orderRowId: owner?.orderRowId ?? null,
      kind: fact.kind,
      body: toJson(fact.kind === 'order_error' ? fact.error : fact.report),
      receivedAt: new Date(fact.receivedAtMs),
    })),
  });
}

/**
 * Keeps a fact that can't be stored as what it is, with the reason, and tells people of it.
 * @throws when it could not be kept; try again
 */
export async function keepAside(
  db: Database,
  context: InboxContext,
  tradeId: string | null,
  { fact, owner }: OwnedFact,
  why: string,
): Promise<void> {
  const { userId } = context;
  const accountId = tradeId
    ? (await db.trade.findUniqueOrThrow({ where: { id: tradeId } })).accountId
    : [...context.accountIds.values()][0];
  if (!accountId) throw new Error('no account is known yet');
  const body = asideBody(fact, why);
  await transact(db, 'inbox.aside.commit', { tradeId }, async (tx) => {
    const row = await tx.brokerEvent.create({
      data: {
        ...{ userId, accountId, tradeId, body },
        orderRowId: owner?.orderRowId ?? null,
        kind: 'set_aside',
        receivedAt: new Date(fact.receivedAtMs),
      },
    });
    const summary = 'a fact of the broker can not be stored, and was set aside';
    await alert(tx, {
      ...{ userId, tradeId, summary },
      kind: 'fact_set_aside',
      dedupeKey: `set-aside:${row.id}`,
      detail: { broker_event_id: String(row.id) },
    });
  });
}

/** No JSON column takes the character 0: such a fact is kept as the bytes of its text. */
function asideBody(fact: BrokerFact, why: string): Prisma.InputJsonValue {
  const whole = JSON.stringify({ fact, why });
  if (!whole.includes('\\u0000')) return toJson({ fact, why });
  return { base64: Buffer.from(whole).toString('base64'), why: why.replaceAll('\u0000', '') };
}

/** An execution of others, and the trades that were locked for it. */
interface Booked {
  readonly accountId: string;
  readonly report: ExecutionReport;
  readonly forestalled: readonly string[];
}

/**
 * Executions without our reference change the account: they are booked as external (TRD-13), and to the
 * trades that took of them what was sold by hand. Gives the trades that changed.
 */
async function commitForeign(
  tx: Transaction,
  { userId, accountIds }: InboxContext,
  facts: readonly OwnedFact[],
): Promise<readonly Changed[]> {
  const changed: Changed[] = [];
  const booked: Booked[] = [];
  for (const { fact } of facts) {
    if (fact.kind === 'commission') {
      const { account } = fact.report;
      const told = account === null ? undefined : accountIds.get(account);
      const among = told ? [told] : [...accountIds.values()];
      const tradeId = await bookExternalCommission(tx, among, fact.report);
      const { receivedAtMs: nowMs } = fact;
      if (tradeId)
        changed.push(await changeBook(tx, tradeId, nowMs, (book) => applyFact(book, fact)));
    }
    if (fact.kind !== 'execution') continue;
    const accountId = accountIds.get(fact.report.account);
    if (!accountId) {
      throw new Error(`an execution came for the unknown account ${fact.report.account}`);
    }
    const forestalled = await lockForestalled(tx, accountId, fact.report);
    changed.push(...(await bookExternal(tx, userId, accountId, fact.report)));
    booked.push({ accountId, report: fact.report, forestalled });
  }
  // Last: whoever waits for this contract's turn holds a trade that a later execution may need.
  for (const { accountId, report, forestalled } of booked) {
    await doubtAfterOthers(tx, accountId, report, forestalled);
  }
  return changed;
}
