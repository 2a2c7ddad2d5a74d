/** What only the broker can tell and the planner needs: quote, position, increment, and the link's age. */
import { decimal, text, ZERO } from '../domain/money.js';
import type { Book } from '../domain/trade/book.js';
import { mustCancelEntries } from '../domain/risk/modes.js';
import { awaitsAnchor } from '../domain/trade/exits.js';
import { hasLostItsStop, splitRatio, type Holding } from '../domain/trade/corporate-action.js';
import { tradeLeg } from '../domain/trade/leg.js';
import type { World } from '../domain/trade/needs.js';
import { viewOf } from '../domain/trade/view.js';
import { entryMayFill } from '../domain/trade/wishes.js';
import type { BookKeys } from '../store/book/keys.js';
import { expectedPosition } from '../store/positions.js';
import { readSwitches } from '../store/switches.js';
import { priceIncrement } from '../store/world.js';
import type { BrokerDeps } from './deps.js';
import { freshQuote } from './market.js';

/** A quote older than this is asked for again before a price is made of it. */
const QUOTE_FRESH_MS = 2_000;

/** Asks the broker only where shares may have to be sold; else gives what this process knows anyway. */
export async function worldOf(deps: BrokerDeps, book: Book, keys: BookKeys): Promise<World> {
  const { market, link } = deps;
  const increment = await priceIncrement(deps.db, keys.connectionId, book.symbol);
  const [readySinceMs, pictureAtMs] = [link.readySinceMs(), link.pictureAtMs()];
  const facts =
    readySinceMs !== null && pictureAtMs !== null ? { readySinceMs, pictureAtMs } : null;
  const [closes, hasLostStop] = [mayClose(book), hasLostItsStop(book)];
  if (closes) await freshQuote(deps, book, QUOTE_FRESH_MS);
  else if (awaitsAnchor(book, entryMayFill(book))) await freshQuote(deps, book, Infinity);
  // No exit is placed anew, or doubled, for shares that may be gone.
  const isAsked = closes || hasLostStop || hasDoubtfulExit(book);
  const held = isAsked ? await heldAtBroker(deps, book) : null;
  return {
    quote: market.latest(book.symbol),
    brokerNet: held?.quantity ?? null,
    priceIncrement: increment,
    split: held && hasLostStop ? await splitOf(deps, book, keys, held) : null,
    link: facts,
    entriesMustGo: entryMayFill(book) && (await entriesMustGo(deps, book.id)),
  };
}

/** Whether a halt, a reduction or a pause is in force (RSK-5). */
async function entriesMustGo(deps: BrokerDeps, tradeId: string): Promise<boolean> {
  const stored = await readSwitches(deps.db, tradeId);
  const { haltFile } = deps.settings.switches();
  return mustCancelEntries({ ...stored, haltFile, tradingEnabled: true, dailyLossReached: false });
}

function mayClose(book: Book): boolean {
  if (book.wishes.close !== null || book.unarmedSinceMs !== null) return true;
  return book.legs.some((leg) => leg.role === 'CLOSE' || leg.status === 'REJECTED');
}

function hasDoubtfulExit({ legs }: Book): boolean {
  return legs.some((leg) => tradeLeg(leg).isDoubtful);
}

/** The account's net holding in the contract, every fill of it committed; null when it isn't known. */
async function heldAtBroker(deps: BrokerDeps, book: Book): Promise<Holding | null> {
  const positions = await deps.link.port.positions();
  // The broker told of every fill in these positions before it told the positions.
  await deps.commits.drained();
  if (!positions.complete || deps.commits.isStuck(book.id)) return null;
  const own = positions.items.filter(
    ({ account, symbol }) => account === book.account && symbol === book.symbol,
  );
  const quantity = text(own.reduce((total, row) => total.add(decimal(row.quantity)), ZERO));
  return { quantity, averageCost: own.length === 1 ? own[0]!.averageCost : null };
}

/** Whether what the broker holds looks like what a split has made of the books' (REC-5). */
async function splitOf(
  { db }: BrokerDeps,
  book: Book,
  { accountId }: BookKeys,
  held: Holding,
): Promise<string | null> {
  const { brokerContractId } = book.instrument;
  if (brokerContractId === undefined) return null;
  const { quantity } = await expectedPosition(db, accountId, book.account, brokerContractId);
  return splitRatio({ quantity, averageCost: viewOf(book).averageEntry }, held);
}
