/**
 * Resolving a difference of a position that no execution explains: a person declares it somebody else's
 * doing (REC-2, TRD-13). Shares that are gone are booked to the trade as closed outside; shares that are too
 * many are counted as external. An execution that comes after all takes their place. What a split's quarantine
 * holds back stays so: shares that count as external hide the split's ratio, and say nothing of what the exits cost.
 */
import { randomUUID } from 'node:crypto';
import { decimal, max, min, text, ZERO, type Decimal } from '../../domain/money.js';
import { priceDoubt } from '../../domain/reconcile/declared-price.js';
import type { Book, Change } from '../../domain/trade/book.js';
import { goneFill } from '../../domain/trade/closed-outside.js';
import { signed } from '../../domain/trade/executions.js';
import { viewOf } from '../../domain/trade/view.js';
import type { BookKeys } from '../book/keys.js';
import { countedFromNow, lacksStop } from '../../domain/trade/unarmed.js';
import { changeBook } from '../book/change.js';
import { bookFills } from '../closed-outside.js';
import { bookDeclaredExternal } from '../concluded.js';
import { textFromRow, type Transaction } from '../database.js';
import { splitQuarantine } from '../quarantine.js';
import { loadSettled, newestDifference, type Difference } from './newest-difference.js';
import { CannotResolveError, type Prepare, type Resolved } from './prepared.js';
import { mustLeaveWholeShares } from './whole-shares.js';

export interface DifferenceResolution {
  readonly tradeId: string;
  /** Null: all that differs, of a trade that holds so many. */
  readonly quantity: string | null;
  /** Null: nobody knows it, and what the shares cost is taken. */
  readonly price: string | null;
}

/** What is declared: of the trade's shares so many were closed, or beside them so many were opened. */
interface Declared {
  readonly isClosed: boolean;
  readonly quantity: string;
  readonly price: string;
  /** False: it is what they cost, for nobody knows it. */
  readonly isPriceNamed: boolean;
  /** They count as sold by others already, beside the trades: there they leave the books. */
  readonly wasExternal: boolean;
}

/** Prepares the declaration. */
export function resolveDifference(wanted: DifferenceResolution): Prepare {
  const { tradeId } = wanted;
  return async (tx, { userId, actor, nowMs }) => {
    const { book, keys, brokerContractId } = await loadSettled(tx, tradeId, userId);
    const difference = await newestDifference(tx, keys, book, brokerContractId, nowMs);
    const { found, pictureAtMs, runId } = difference;
    const twice = await bookedTwice(tx, keys, book, difference);
    const declared = declaredOf(book, difference, twice, wanted);
    if (declared.isClosed) mustLeaveWholeShares(book.symbol, leftOf(book, declared));
    const told = toldOf(book, declared);
    const split = await splitQuarantine(tx, keys.accountId, book.symbol);
    return {
      subject: `difference of ${book.symbol} beside trade ${tradeId}`,
      does: [told, ...followsOf(book, declared, split !== null)],
      evidence: [
        `${found.summary}, at ${new Date(pictureAtMs).toISOString()} and ten seconds before`,
        `trade ${tradeId} holds ${viewOf(book).heldQuantity}`,
        ...doubtOf(book, difference, wanted),
        ...(split === null ? [] : [`quarantined: ${split}`]),
      ],
      basis: { seq: keys.seq, runId, books: found.books, broker: found.broker, declared, split },
      apply: () => declare(tx, { book, keys, difference, declared, told, actor, nowMs }),
    };
  };
}

/** A price that is far from the last one, or without that from what the shares cost. */
function doubtOf(book: Book, { found }: Difference, { price }: DifferenceResolution): string[] {
  const known = found.price ?? viewOf(book).averageEntry;
  return price === null
    ? []
    : [priceDoubt(book.symbol, price, known)].filter((told) => told !== null);
}

/**
 * How many shares trades count beyond what the broker holds, though the sum of the books is right: as many are counted
 * as sold by others, and no execution tells of it. Zero where the sum is not right.
 */
async function bookedTwice(
  tx: Transaction,
  { accountId }: BookKeys,
  { side }: Book,
  { found }: Difference,
): Promise<Decimal> {
  if (!decimal(found.difference).isZero() || found.brokerContractId === null) return ZERO;
  const { brokerContractId } = found;
  const row = await tx.position.findFirst({
    where: { accountId, strategyId: null, brokerContractId },
  });
  return row === null ? ZERO : max(ZERO, signed(side, textFromRow(row.quantity)).neg());
}

function declaredOf(
  book: Book,
  { found }: Difference,
  twice: Decimal,
  { quantity: wanted, price: named }: DifferenceResolution,
): Declared {
  const { heldQuantity, averageEntry } = viewOf(book);
  const wasExternal = twice.gt(ZERO);
  const more = wasExternal ? twice.neg() : signed(book.side, found.difference);
  const held = max(ZERO, decimal(heldQuantity));
  const isClosed = more.lt(ZERO) && held.gt(ZERO);
  const most = isClosed ? min(more.neg(), held) : more.abs();
  const quantity = wanted === null ? most : decimal(wanted);
  mustFit(quantity, most, found.summary, isClosed);
  const price = named ?? averageEntry ?? found.price;
  if (price === null || decimal(price).lte(ZERO))
    throw new CannotResolveError('nobody knows what they cost: name a price with --price');
  return { isClosed, quantity: text(quantity), price, isPriceNamed: named !== null, wasExternal };
}

/** @throws CannotResolveError beyond what the picture shows */
function mustFit(quantity: Decimal, most: Decimal, summary: string, isClosed: boolean): void {
  if (quantity.gt(ZERO) && quantity.lte(most)) return;
  const whose = isClosed ? ' of this trade' : '';
  throw new CannotResolveError(
    `${text(quantity)} can't be it: ${summary}, which leaves ${text(most)}${whose} at the most`,
  );
}

function toldOf({ side, symbol }: Book, declared: Declared): string {
  const { isClosed, quantity, price, isPriceNamed } = declared;
  const priceText = isPriceNamed ? price : `${price}, what they cost: their price is unknown`;
  const closing = side === 'BUY' ? 'sold' : 'bought back';
  return isClosed
    ? `${quantity} ${symbol} of the trade count as ${closing} outside at ${priceText}`
    : `${quantity} ${symbol} count as external, traded outside at ${priceText}`;
}

/** What the trade holds afterwards. */
function leftOf(book: Book, { quantity }: Declared): string {
  return text(decimal(viewOf(book).heldQuantity).sub(decimal(quantity)));
}

function followsOf(book: Book, declared: Declared, isHeldBack: boolean): string[] {
  const held = isHeldBack ? [heldBackOf(book)] : [];
  const late = 'an execution that comes after all takes its place, and is not counted twice';
  if (!declared.isClosed) {
    const adopt = `"ballast resolve position ${book.symbol}" may adopt them`;
    return [`${keptOf(book, isHeldBack)}; ${adopt}`, ...held, late];
  }
  const left = leftOf(book, declared);
  if (left === '0')
    return ['its exits are cancelled, and the trade ends as closed outside (external)', late];
  const trimmed = `its exits are trimmed to the ${left} that are left`;
  return [isHeldBack ? `${trimmed}, once it is released` : trimmed, ...held, late];
}

/** What becomes of a trade beside which shares are declared. */
function keptOf(book: Book, isHeldBack: boolean): string {
  if (isHeldBack) return 'the trade keeps its shares';
  const { stopPrice } = book.exits;
  return stopPrice !== null && lacksStop(book)
    ? `its stop at ${stopPrice}, which it lacks, is placed`
    : 'the trade stays as it is';
}

function heldBackOf({ id, symbol }: Book): string {
  return `${symbol} stays quarantined as after a split, and no exit of its trades is placed or changed: "ballast resolve split ${id}" carries them across (--ratio where a hand has traded since), "ballast resolve quarantine ${symbol}" releases them at prices of before, where nothing was split`;
}

interface Scene {
  readonly book: Book;
  readonly keys: BookKeys;
  readonly difference: Difference;
  readonly declared: Declared;
  readonly told: string;
  readonly actor: string;
  readonly nowMs: number;
}

async function declare(tx: Transaction, scene: Scene): Promise<Resolved> {
  const { book, keys, difference, declared, told, actor, nowMs } = scene;
  const { quantity, price, isPriceNamed, wasExternal } = declared;
  const declaredNow = (now: Book): Change => ({
    book: countedFromNow(now),
    events: [{ kind: 'resolved', summary: `${told}; declared by ${actor}` }],
  });
  if (!declared.isClosed) {
    await countExternal(tx, scene);
    const change = changeBook(tx, book.id, nowMs, declaredNow);
    return { tradeId: book.id, snapshot: (await change).snapshot };
  }
  const named = isPriceNamed ? price : null;
  const fill = goneFill(book, decimal(quantity), difference.pictureAtMs, named);
  if (fill === null) throw new CannotResolveError('it never held a share');
  const { snapshot } = await bookFills(
    tx,
    book,
    keys,
    [{ ...fill, wasExternal }],
    nowMs,
    declaredNow,
  );
  return { tradeId: book.id, snapshot };
}

async function countExternal(tx: Transaction, scene: Scene): Promise<void> {
  const { book, keys, difference, declared } = scene;
  const { quantity, price } = declared;
  const { found, pictureAtMs: executedAtMs } = difference;
  await bookDeclaredExternal(tx, keys, {
    ...{ symbol: book.symbol, brokerContractId: found.brokerContractId!, quantity, price },
    side: decimal(found.difference).gt(ZERO) ? 'BUY' : 'SELL',
    ...{ executedAtMs, id: randomUUID() },
  });
}
