/** What only the broker can tell and the planner needs: quote, position, increment, and the link's age. */
import { decimal, sum, type DecimalText } from '../domain/money.js';
import type { BrokerPosition } from '../domain/broker/snapshot.js';
import type { Book } from '../domain/trade/book.js';
import { mustCancelEntries } from '../domain/risk/modes.js';
import { awaitsMove } from '../domain/trade/carry-moves.js';
import { awaitsAnchor } from '../domain/trade/exits.js';
import { mayBeSplit, splitRatio } from '../domain/trade/corporate-action.js';
import { tradeLeg } from '../domain/trade/leg.js';
import type { World } from '../domain/trade/needs.js';
import { FACTS_OVERDUE_MS, isOverdue } from '../domain/trade/overdue.js';
import {
  contractRows,
  dealtShare,
  isShort,
  netOf,
  rowsAfterAction,
  shareOf,
  symbolRows,
} from '../domain/trade/own-share.js';
import { viewOf } from '../domain/trade/view.js';
import { entryMayFill } from '../domain/trade/wishes.js';
import type { EpochMs } from '../domain/vocabulary.js';
import type { BookKeys } from '../store/book/keys.js';
import { isSame } from '../domain/canonical.js';
import { holdersOf, othersHeld } from '../store/others-held.js';
import { bookedHolding } from '../store/positions.js';
import { splitQuarantine } from '../store/quarantine.js';
import { readSwitches } from '../store/switches.js';
import { priceIncrement } from '../store/world.js';
import type { BrokerDeps } from './deps.js';
import { freshQuote } from './market.js';

/** A quote older than this is asked for again before a price is made of it. */
const QUOTE_FRESH_MS = 2_000;

/** Asks the broker only where shares may have to be sold; else gives what this process knows anyway. */
export async function worldOf(deps: BrokerDeps, book: Book, keys: BookKeys): Promise<World> {
  const { market, link } = deps;
  const [increment, splitSeen] = await Promise.all([
    priceIncrement(deps.db, keys.connectionId, book.instrument),
    splitQuarantine(deps.db, keys.accountId, book.symbol),
  ]);
  const [readySinceMs, pictureAtMs] = [link.readySinceMs(), link.pictureAtMs()];
  const facts = pictureAtMs === null ? null : { readySinceMs, pictureAtMs };
  const closes = mayClose(book);
  if (closes || awaitsMove(book)) await freshQuote(deps, book, QUOTE_FRESH_MS);
  else if (awaitsAnchor(book, entryMayFill(book))) await freshQuote(deps, book, Infinity);
  // No exit is placed anew, or doubled, for shares that may be gone.
  const lacksFacts = isOverdue(book.legs, deps.nowMs(), FACTS_OVERDUE_MS);
  const isAsked = closes || mayBeSplit(book) || hasDoubtfulExit(book) || lacksFacts;
  const held = isAsked ? await heldAtBroker(deps, book, keys) : null;
  return {
    quote: market.latest(book.instrument),
    brokerNet: held?.share ?? null,
    brokerNetAtMs: held?.askedAtMs ?? null,
    missing: held?.missing ?? null,
    priceIncrement: increment,
    split: held && (await splitOf(deps, book, keys, held)),
    splitSeen,
    positionUnknown: isAsked && held === null ? 1 : 0,
    link: facts,
    entriesMustGo: entryMayFill(book) && (await entriesMustGo(deps, book.id)),
  };
}

/** Whether a halt, a reduction or a pause is in force (RSK-5). */
async function entriesMustGo(deps: BrokerDeps, tradeId: string): Promise<boolean> {
  const stored = await readSwitches(deps.db, tradeId);
  const { haltFile } = deps.settings.switches();
  return mustCancelEntries({ ...stored, haltFile, tradingEnabled: true });
}

function mayClose(book: Book): boolean {
  if (book.wishes.close !== null || book.unarmedSinceMs !== null) return true;
  return book.legs.some((leg) => leg.role === 'CLOSE' || leg.status === 'REJECTED');
}

function hasDoubtfulExit({ legs }: Book): boolean {
  return legs.some((leg) => tradeLeg(leg).isDoubtful);
}

interface HeldAtBroker {
  /** Signed: what of the account's net position in the contract may be this trade's. */
  readonly share: DecimalText;
  /** How many shares of all the contract's trades together the broker does not have. */
  readonly missing: DecimalText;
  readonly askedAtMs: EpochMs;
  /** Every contract of the symbol that the account holds in that kind of security. */
  readonly ofSymbol: readonly BrokerPosition[];
}

/** Others who trade in a contract on and on are not waited for: then its position isn't known. */
const ROUNDS_MAX = 3;

/** What the broker holds for the trade, every fill of it committed; null when it isn't known. */
async function heldAtBroker(
  deps: BrokerDeps,
  book: Book,
  keys: BookKeys,
): Promise<HeldAtBroker | null> {
  for (let round = 1; ; round += 1) {
    const held = await askHeld(deps, book, keys);
    if (held !== 'moved') return held;
    if (round >= ROUNDS_MAX) return null;
  }
}

/** `moved`: others traded meanwhile, and nobody can say which of it the list has. */
async function askHeld(
  deps: BrokerDeps,
  book: Book,
  keys: BookKeys,
): Promise<HeldAtBroker | null | 'moved'> {
  const before = await othersHeld(deps.db, book, keys);
  const { complete, items, startedAtMs } = await deps.link.port.positions();
  // The broker told of every fill in these positions before it told the positions.
  await deps.commits.drained();
  if (!complete || deps.commits.isStuck(book.id)) return null;
  const others = await othersHeld(deps.db, book, keys);
  if (!isSame(before, others)) return 'moved';
  const { account, side, instrument } = book;
  const net = netOf(contractRows(items, account, instrument));
  const own = { side, held: viewOf(book).heldQuantity };
  const share = shareOf(own, net, others);
  const ofSymbol = symbolRows(items, account, instrument);
  const held = { share, missing: '0', askedAtMs: startedAtMs, ofSymbol };
  if (!isShort(own, share)) return held;
  const holders = await holdersOf(deps.db, book, keys);
  const booked = sum(holders.map((holder) => decimal(holder.booked)));
  if (!booked.eq(decimal(own.held).add(others.byTrades))) return 'moved';
  return { ...held, ...dealtShare(book.id, side, holders, net, others.external) };
}

/** Whether what the broker holds looks like what a split has made of the books' (REC-5). */
async function splitOf(
  { db, market }: BrokerDeps,
  book: Book,
  { accountId }: BookKeys,
  { ofSymbol }: HeldAtBroker,
): Promise<string | null> {
  const { brokerContractId } = book.instrument;
  if (brokerContractId === undefined) return null;
  const booked = await bookedHolding(db, accountId, brokerContractId);
  const rows = rowsAfterAction(ofSymbol, brokerContractId);
  const averageCost = rows.length === 1 ? rows[0]!.averageCost : null;
  const quote = market.latest(book.instrument);
  const price = quote?.kind === 'live' ? (quote.bid ?? quote.ask) : null;
  return splitRatio(booked, { quantity: netOf(rows), averageCost }, price);
}
