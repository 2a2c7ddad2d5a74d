/**
 * Resolving a split: a person takes over what was proposed across it (REC-5). All trades of the contract are
 * carried across at once, for the ratio shows in their sum alone.
 */
import { decimal, sum, text } from '../../domain/money.js';
import type { Book } from '../../domain/trade/book.js';
import {
  afterSplit,
  changeText,
  dealtOut,
  exitsAfter,
  priceAfter,
  sharesAfter,
  splitRefusal,
  withoutMissing,
  type ExitPrices,
  type SplitRatio,
} from '../../domain/trade/after-split.js';
import { isSplitReason } from '../../domain/trade/corporate-action.js';
import { signed } from '../../domain/trade/executions.js';
import { marketRefusal } from '../../domain/trade/moves.js';
import { nameOf } from '../../domain/trade/resolve.js';
import { viewOf } from '../../domain/trade/view.js';
import { changeBook } from '../book/change.js';
import type { BookKeys } from '../book/keys.js';
import { loadBook, lockTrade, type LoadedBook } from '../book/load.js';
import { textFromRow, toRow, type Transaction } from '../database.js';
import { expectedPosition } from '../positions.js';
import { priceIncrement } from '../world.js';
import { marketOf, type Market } from './market.js';
import {
  loadSettled,
  mustBeSettled,
  newestDifference,
  type Difference,
} from './newest-difference.js';
import { CannotResolveError, type Prepare, type Resolved, type Resolver } from './prepared.js';
import { bookByHand, closedByHand, type ClosedByHand } from './split-hand.js';

export interface SplitResolution {
  readonly tradeId: string;
  /** Of that trade; null: the price of before, rescaled. */
  readonly stopPrice: string | null;
  readonly targetPrice: string | null;
  /** What a person reads as the market's price, for a symbol of which no live quote is known here. */
  readonly marketPrice: string | null;
  /**
   * So many shares have become so many, by a person's word: where a split was seen and a hand has traded since, what
   * the broker holds is no multiple of the books any more. Absent or null: it shows in what differs.
   */
  readonly ratio?: SplitRatio | null;
}

interface Carried {
  readonly book: Book;
  readonly keys: BookKeys;
  readonly exits: ExitPrices;
  /** What it holds, before and now. */
  readonly own: SplitRatio;
  /** For people. */
  readonly told: string;
}

/** Prepares carrying the contract's trades across. */
export function resolveSplit(wanted: SplitResolution): Prepare {
  return async (tx, who) => {
    const carriable = (one: Book) => withoutMissing(one).book;
    const loaded = await loadSettled(tx, wanted.tradeId, who.userId, carriable);
    const { book, keys, brokerContractId } = loaded;
    const trades = await tradesOf(tx, keys, brokerContractId);
    const difference = await newestDifference(tx, keys, book, brokerContractId, who.nowMs);
    const pauses = await tx.pause.findMany({
      where: { accountId: keys.accountId, symbol: book.symbol, kind: 'quarantine', liftedAt: null },
    });
    const isSeen = pauses.some(({ reason }) => isSplitReason(reason));
    const named = wanted.ratio ?? null;
    const { ratio, isOfTrades } =
      named === null
        ? { ratio: ratioOf(difference, isSeen), isOfTrades: false }
        : ratioNamed(named, trades, isSeen, difference);
    const place = { ...keys, symbol: book.symbol, brokerContractId };
    const market = await marketOf(tx, place, wanted.marketPrice, who.nowMs);
    const deal = { ratio, isOfTrades, shown: difference.found.broker! };
    const { shares, external, dealing } = await dealOf(tx, trades, deal, brokerContractId);
    const carried: Carried[] = [];
    for (const [index, trade] of trades.entries()) {
      const share = { ratio, to: shares[index]! };
      carried.push(await carriedOf(tx, trade, share, market, wanted, who));
    }
    const held = trades.map((one, index) => ({ book: one.book, shares: shares[index]! }));
    const byHand = isOfTrades ? await closedByHand(tx, keys.accountId, held, external) : [];
    const told = carried.map((one) => `trade ${one.book.id}: ${one.told}`);
    return {
      subject: `split of ${book.symbol}, ${ratio.from} to ${ratio.to}`,
      does: [
        ...told,
        ...trades.flatMap(({ book: one }) => missingOf(one)),
        ...dealing,
        ...byHand.map((one) => one.told),
        isOfTrades
          ? `their exits are placed anew; the ${external} external shares came after the split${byHand.length > 0 ? ', and what of them closed the trades is theirs' : ', and stay so many'}`
          : 'their exits are placed anew; external shares of it count in shares of now',
        `the quarantine of ${book.symbol} is released`,
      ],
      evidence: [
        difference.found.summary,
        market.told,
        ...pauses.map(({ reason }) => `quarantined: ${reason}`),
      ],
      basis: {
        ...{ runId: difference.runId, ratio, told, pauses: pauses.map(({ id }) => id), byHand },
        seqs: carried.map((one) => one.keys.seq),
      },
      apply: () =>
        carryAcross(tx, who, {
          ...{ carried, ratio, external, brokerContractId, tradeId: book.id, keys, pauses },
          ...{ shown: deal.shown, byHand },
        }),
    };
  };
}

/** Locks and loads those that hold shares of it, or have orders in it. */
async function tradesOf(
  tx: Transaction,
  { accountId }: BookKeys,
  brokerContractId: number,
): Promise<LoadedBook[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM trades WHERE account_id = ${accountId}::uuid AND closed_at IS NULL
       AND instrument->>'brokerContractId' = ${String(brokerContractId)} ORDER BY id`;
  const trades: LoadedBook[] = [];
  for (const { id } of rows) {
    await lockTrade(tx, id);
    const loaded = await loadBook(tx, id);
    mustBeSettled(withoutMissing(loaded.book).book);
    if (loaded.book.legs.some(({ intent }) => intent !== 'NEW')) trades.push(loaded);
  }
  return trades;
}

/** For people: exits that go with the shares of before, though nobody told of their end. */
function missingOf(book: Book): string[] {
  const { legs } = withoutMissing(book).book;
  const gone = book.legs.filter((leg, index) => legs[index] !== leg).map(nameOf);
  if (gone.length === 0) return [];
  return [
    `trade ${book.id}: the ${gone.join(' and ')}, in no list of the broker's, counts as gone`,
  ];
}

/** Among whom the shares of now are dealt out. */
interface Dealing {
  readonly ratio: SplitRatio;
  /** By a person: it is of the trades' shares alone, and what is external came after the split. */
  readonly isOfTrades: boolean;
  /** What the broker holds. */
  readonly shown: string;
}

interface Deal {
  /** Of each trade, in its direction. */
  readonly shares: readonly string[];
  /** In no trade's book, signed. */
  readonly external: string;
  /** For people, where parts of a share were dealt out. */
  readonly dealing: readonly string[];
}

/** What everybody's shares become. @throws CannotResolveError when that is no whole number of shares */
async function dealOf(
  tx: Transaction,
  trades: readonly LoadedBook[],
  { ratio, isOfTrades, shown }: Dealing,
  brokerContractId: number,
): Promise<Deal> {
  const { accountId } = trades[0]!.keys;
  const rows = await tx.position.findMany({
    where: { accountId, brokerContractId, strategyId: null },
  });
  const external = text(sum(rows.map(({ quantity }) => decimal(textFromRow(quantity)))));
  const held = trades.map(({ book }) => text(signed(book.side, viewOf(book).heldQuantity)));
  const holders = isOfTrades ? held : [...held, external];
  const dealt = dealtOut(holders, ratio);
  const exact = holders.map((shares) => sharesAfter(shares, ratio));
  if (dealt === null)
    throw new CannotResolveError(
      `${exact.join(', ')} are no whole shares, and can't be dealt out as ${ratio.to}: an exit for a part of a share is refused; close at the broker what comes to none, and declare it with "ballast resolve difference"`,
    );
  if (isOfTrades) mustComeTo(text(decimal(ratio.to).add(decimal(external))), shown, external);
  const isExact = dealt.every((shares, index) => shares === exact[index]);
  const parts = `${exact.join(', ')} are no whole shares: dealt out as ${dealt.join(', ')}${isOfTrades ? '' : ' (last: external)'}, the ${ratio.to} that there are`;
  return {
    shares: trades.map(({ book }, index) => text(signed(book.side, dealt[index]!))),
    external: isOfTrades ? external : dealt.at(-1)!,
    dealing: isExact ? [] : [parts],
  };
}

/** @throws CannotResolveError when what differs is no split's */
function ratioOf({ found }: Difference, isSeen: boolean): SplitRatio {
  if (found.kind === 'corporate_action') return { from: found.books!, to: found.broker! };
  throw new CannotResolveError(
    isSeen
      ? `this looks like no split any more: ${found.summary}; where a hand has traded since it, name its ratio: --ratio NEW:OLD`
      : `this looks like no split: ${found.summary}; what a hand did is declared with "ballast resolve difference"`,
  );
}

interface Named {
  readonly ratio: SplitRatio;
  /** Of the trades' shares alone. */
  readonly isOfTrades: boolean;
}

/**
 * The trades' shares, before and now; all that the books have, where that comes to what the broker holds: then what is
 * external was there before the split. @throws CannotResolveError where nothing looked like a split
 */
function ratioNamed(
  { from, to }: SplitRatio,
  trades: readonly LoadedBook[],
  isSeen: boolean,
  { found: { symbol, books, broker } }: Difference,
): Named {
  if (!isSeen)
    throw new CannotResolveError(
      `no split of ${symbol} was seen: its quarantine is what a ratio is named for`,
    );
  const held = sum(trades.map(({ book }) => signed(book.side, viewOf(book).heldQuantity)));
  if (held.isZero()) throw new CannotResolveError(`no trade holds shares of ${symbol}`);
  if (sharesAfter(books!, { from, to }) === broker)
    return { ratio: { from: books!, to: broker }, isOfTrades: false };
  const ratio = { from: text(held), to: sharesAfter(text(held), { from, to }) };
  return { ratio, isOfTrades: true };
}

/** @throws CannotResolveError unless the broker holds that many: then the ratio, or what is external, is another */
function mustComeTo(total: string, shown: string, external: string): void {
  if (decimal(total).eq(decimal(shown))) return;
  throw new CannotResolveError(
    `with ${external} external shares of after the split that comes to ${total}, and the broker holds ${shown}: it is another ratio, or external shares are of before the split, or not told`,
  );
}

/** @throws CannotResolveError where the trade can't be carried, or its exits would trigger at once */
async function carriedOf(
  tx: Transaction,
  { book, keys }: LoadedBook,
  { ratio, to }: { readonly ratio: SplitRatio; readonly to: string },
  { bid, ask }: Market,
  wanted: SplitResolution,
  { actor, nowMs }: Resolver,
): Promise<Carried> {
  const increment = await priceIncrement(tx, keys.connectionId, book.instrument);
  const why = splitRefusal(book, to);
  if (why !== null) throw new CannotResolveError(why);
  if (increment === null)
    throw new CannotResolveError(`the price increment of ${book.symbol} is not known here`);
  const rescaled = exitsAfter(book, ratio, increment);
  const isNamed = book.id === wanted.tradeId;
  const stopPrice = (isNamed ? wanted.stopPrice : null) ?? rescaled.stopPrice;
  const targetPrice = (isNamed ? wanted.targetPrice : null) ?? rescaled.targetPrice;
  if (stopPrice === null) throw new CannotResolveError(`trade ${book.id} has no stop: name one`);
  for (const price of [stopPrice, targetPrice])
    if (price !== null && !decimal(price).mod(decimal(increment)).isZero())
      throw new CannotResolveError(`${price} is not on the tick of ${increment}`);
  const market = book.side === 'BUY' ? bid : ask;
  const refusal =
    marketRefusal(book.side, 'stop', stopPrice, market) ??
    (targetPrice === null ? null : marketRefusal(book.side, 'target', targetPrice, market));
  if (refusal !== null)
    throw new CannotResolveError(`${refusal}; name another with --stop or --target`);
  const exits = { stopPrice, targetPrice };
  const { heldQuantity } = viewOf(book);
  const own = decimal(heldQuantity).isZero() ? ratio : { from: heldQuantity, to };
  const after = afterSplit(book, own, exits, actor, nowMs).book;
  return { book, keys, exits, own, told: changeText(book, after) };
}

interface Crossing {
  readonly carried: readonly Carried[];
  readonly ratio: SplitRatio;
  /** What is in no trade's book, from now on. */
  readonly external: string;
  /** What the broker holds. */
  readonly shown: string;
  readonly brokerContractId: number;
  /** Named by the person: its workflow is told first. */
  readonly tradeId: string;
  readonly keys: BookKeys;
  readonly pauses: readonly { readonly id: string }[];
  /** What a hand has closed of it since the split. */
  readonly byHand: readonly ClosedByHand[];
}

/** Shares of what was planned are reckoned in shares of now: what counts is the part of it that is held. */
async function planCarried(
  tx: Transaction,
  tradeId: string,
  { from, to }: SplitRatio,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE trades SET planned_quantity = round(planned_quantity * ${to}::numeric / ${from}::numeric, 8)
     WHERE id = ${tradeId}::uuid`;
}

async function carryAcross(
  tx: Transaction,
  { actor, nowMs }: Resolver,
  { carried, ratio, external, shown, brokerContractId, tradeId, keys, pauses, byHand }: Crossing,
): Promise<Resolved> {
  const { accountId } = keys;
  const before = await tx.position.findMany({ where: { accountId, brokerContractId } });
  const done: Resolved[] = [];
  for (const { book, exits, own } of carried) {
    const { snapshot } = await changeBook(tx, book.id, nowMs, (now) =>
      afterSplit(now, own, exits, actor, nowMs),
    );
    await planCarried(tx, book.id, own);
    done.push({ tradeId: book.id, snapshot });
  }
  // The books' own moves would average old cost with new: both sides of a split have the same value.
  for (const { id, strategyId, quantity, averageCost } of before) {
    const row = await tx.position.findUniqueOrThrow({ where: { id } });
    const [from, now] = [textFromRow(quantity), textFromRow(row.quantity)];
    const to = strategyId === null ? external : now;
    const isNone = decimal(from).isZero() || decimal(to).isZero();
    const cost = priceAfter(textFromRow(averageCost), isNone ? ratio : { from, to });
    const data = { averageCost: toRow(cost), quantity: toRow(to) };
    await tx.position.update({ where: { id }, data });
  }
  const { account } = carried[0]!.book;
  const { quantity } = await expectedPosition(tx, accountId, account, brokerContractId);
  if (!decimal(quantity).eq(decimal(shown)))
    throw new CannotResolveError(
      `the books would say ${text(decimal(quantity))}, and the broker holds ${shown}: nothing was changed`,
    );
  const data = { liftedAt: new Date(nowMs), liftedBy: actor };
  await tx.pause.updateMany({ where: { id: { in: pauses.map(({ id }) => id) } }, data });
  const booked = await bookByHand(tx, byHand, nowMs);
  const newest = done.map((one) => booked.find((later) => later.tradeId === one.tradeId) ?? one);
  const [named, also] = [newest.find((one) => one.tradeId === tradeId)!, newest];
  return { ...named, also: also.filter((one) => one !== named) };
}
