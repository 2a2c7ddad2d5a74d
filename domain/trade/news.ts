/** What of a change people are told (NTF-1): plain words with the numbers, each once by its key. */
import type { LotBook } from '../lots.js';
import { decimal, moneyText, sum, text, ZERO, type DecimalText } from '../money.js';
import { ENDED } from '../orders/table.js';
import { entryOf, type Book, type Leg } from './book.js';
import { uncountedText } from './commissions.js';
import { placing } from './incarnation.js';
import { countingFills, heldAgainText } from './settle.js';
import type { TradeState } from './states.js';
import { viewOf, type BookView } from './view.js';

export interface News {
  readonly kind:
    'placed' | 'filled' | 'rejected' | 'failed' | 'adjusted' | 'closed' | 'ended' | 'flatten';
  /** Told once for each. */
  readonly dedupeKey: string;
  readonly summary: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a save tells; `was` is the state as it was saved last. The result of a trade is told by `resultNews`. */
export function newsOf(
  before: Book,
  was: TradeState | null,
  book: Book,
  view: BookView,
): readonly News[] {
  const [old, entry] = [entryOf(before), entryOf(book)];
  return [
    ...(entry ? placedNews(book, old, entry) : []),
    ...(entry ? filledNews(book, view, old, entry) : []),
    ...endNews(book, was, view, entry),
    ...adjustedNews(before, book),
    ...withdrawnNews(before, book),
    ...flattenNews(before, book),
  ];
}

const nameOf = ({ side, symbol }: Book, quantity: DecimalText) => `${side} ${quantity} ${symbol}`;

function detailOf({ account, side, symbol }: Book, more: object): News['detail'] {
  return { account, side, symbol, ...more };
}

/** The broker has shown it: it works there, or waits there for its time. */
function placedNews(book: Book, old: Leg | undefined, entry: Leg): News[] {
  const place = placing(entry);
  const isNew = entry.acknowledgedAtMs !== null && (old?.acknowledgedAtMs ?? null) === null;
  if (!isNew || place === undefined || entry.status === 'REJECTED') return [];
  const { stopPrice, targetPrice } = book.exits;
  const { quantity, limitPrice, orderType } = entry.wanted;
  const price = limitPrice === null ? orderType : `${orderType} ${limitPrice}`;
  const exits = [
    ...(stopPrice === null ? [] : [`stop ${stopPrice}`]),
    ...(targetPrice === null ? [] : [`target ${targetPrice}`]),
  ];
  return [
    {
      kind: 'placed',
      dedupeKey: `placed:${book.id}:${entry.clientOrderId}:${place.n}`,
      summary: `placed: ${[`${nameOf(book, quantity)} ${price}`, ...exits].join(', ')}`,
      detail: detailOf(book, { quantity, orderType, limitPrice, stopPrice, targetPrice }),
    },
  ];
}

/** The entry is done, having filled; of one that may rest for days, also its first part. */
function filledNews(book: Book, view: BookView, old: Leg | undefined, entry: Leg): News[] {
  const { filledQuantity: filled, status, averagePrice } = entry;
  if (filled === '0' || averagePrice === null) return [];
  const isDone = ENDED.has(status) && !view.awaitsExecutions;
  const isFirstPart = (old?.filledQuantity ?? '0') === '0' && entry.wanted.orderType !== 'MKT';
  if (!isDone && !isFirstPart) return [];
  const ordered = entry.wanted.quantity;
  const isWhole = decimal(filled).gte(decimal(ordered));
  const average = text(decimal(averagePrice).toDecimalPlaces(COLUMN_DECIMALS));
  const what = nameOf(book, isWhole ? filled : `${filled} of ${ordered}`);
  const rest = isWhole ? '' : isDone ? ', the rest will not' : ', the rest works';
  return [
    {
      kind: 'filled',
      dedupeKey: `filled:${book.id}:${entry.clientOrderId}:${isDone ? toldFilled(book, entry) : 'part'}`,
      summary: `filled: ${what} at ${average}${rest}${stopText(book, view)}`,
      detail: detailOf(book, { filled, ordered, average, isProtected: view.isProtected }),
    },
  ];
}

/** As the broker told it: a split makes other shares of a fill, and no fill. */
function toldFilled({ fills }: Book, { legId, filledQuantity }: Leg): DecimalText {
  const own = fills.filter((fill) => fill.legId === legId);
  const inOtherShares = own
    .filter(({ superseded, inferred }) => inferred && !superseded)
    .map(({ executionKey, quantity }) => {
      const told = own.findLast((fill) => fill.executionKey === executionKey && !fill.inferred);
      return told === undefined ? ZERO : decimal(told.quantity).sub(decimal(quantity));
    });
  return text(decimal(filledQuantity).add(sum(inOtherShares)));
}

/** What a NUMERIC(24,8) column keeps. */
const COLUMN_DECIMALS = 8;

function stopText({ exits: { stopPrice } }: Book, { isProtected, heldQuantity }: BookView): string {
  if (heldQuantity === '0' || stopPrice === null) return '';
  return isProtected
    ? `; its stop is at ${stopPrice}`
    : `; its stop at ${stopPrice} is not armed yet`;
}

/** It will not enter. One that rests unfilled and is cancelled, or expires, is told when it is settled. */
function endNews(book: Book, was: TradeState | null, view: BookView, entry?: Leg): News[] {
  const { state } = view;
  if (state === was) return [];
  if (state === 'REJECTED' && entry) {
    const { error, wanted } = entry;
    const why = error === null ? 'it gives no reason' : `${error.code} ${error.message}`;
    return [
      {
        kind: 'rejected',
        dedupeKey: `rejected:${book.id}:${entry.clientOrderId}`,
        summary: `rejected by the broker: ${nameOf(book, wanted.quantity)}: ${why}`,
        detail: detailOf(book, { code: error?.code ?? null, message: error?.message ?? null }),
      },
    ];
  }
  if (state !== 'ABANDONED' && state !== 'FAILED') return [];
  return [
    {
      kind: 'failed',
      dedupeKey: `failed:${book.id}:${state}`,
      summary: `${state === 'FAILED' ? 'failed' : 'given up'}: ${book.side} ${book.symbol}: ${book.failure ?? 'no reason is known'}`,
      detail: detailOf(book, { state }),
    },
  ];
}

function adjustedNews(before: Book, book: Book): News[] {
  const [old, now] = [before.result, book.result];
  const wasSettled = before.settledAtMs !== null && book.settledAtMs !== null;
  if (!wasSettled || !old || !now || old.realizedPnl === now.realizedPnl) return [];
  const { symbol, currency } = book.instrument;
  return [
    {
      kind: 'adjusted',
      dedupeKey: `adjusted:${book.id}:${now.realizedPnl}`,
      summary: `result adjusted: ${book.side} ${symbol}: from ${old.realizedPnl} to ${now.realizedPnl} ${currency}`,
      detail: detailOf(book, { from: old.realizedPnl, to: now.realizedPnl, currency }),
    },
  ];
}

/** It was told what the trade came to, and that holds no more. */
function withdrawnNews(before: Book, book: Book): News[] {
  const was = before.result?.realizedPnl;
  if (was === undefined || before.settledAtMs === null || book.settledAtMs !== null) return [];
  const { symbol, currency } = book.instrument;
  return [
    {
      kind: 'adjusted',
      dedupeKey: `withdrawn:${book.id}:${before.settledAtMs}`,
      summary: `result withdrawn: ${book.side} ${symbol}: it was ${was} ${currency}: ${heldAgainText(book)}`,
      detail: detailOf(book, { from: was, currency }),
    },
  ];
}

/** Told once for each time without a stop. */
function flattenNews(before: Book, book: Book): News[] {
  const atMs = book.flattenedAtMs ?? null;
  if (atMs === null || atMs === (before.flattenedAtMs ?? null)) return [];
  const { account, side, symbol, unarmedSinceMs } = book;
  const { heldQuantity: held, armedQuantity: armed } = viewOf(before);
  const since = unarmedSinceMs === null ? '' : ` since ${new Date(unarmedSinceMs).toISOString()}`;
  const what = `${side} ${held} ${symbol}: stops cover ${armed} of it${since}, and no repair took`;
  return [
    {
      kind: 'flatten',
      dedupeKey: `flatten:${book.id}:${atMs}`,
      summary: `sold at the market for want of a stop: ${what}; "ballast trade ${book.id}" shows it`,
      detail: { account, side, symbol, held, armed },
    },
  ];
}

/** What a trade came to, as it is settled; null when it was told otherwise (a refusal). */
export function resultNews(book: Book, view: BookView, lots: LotBook | null): News | null {
  // One that was taken up again is over once more: that is told as well.
  const dedupeKey = `trade-over:${book.id}:${book.closedAtMs ?? 0}`;
  if (lots === null || view.entryFilled === '0') {
    if (view.state === 'REJECTED') return null;
    const why = book.failure === null ? '' : `: ${book.failure}`;
    const summary = `over without a fill: ${book.side} ${book.symbol}, ${view.state}${why}`;
    return { kind: 'ended', dedupeKey, summary, detail: detailOf(book, { state: view.state }) };
  }
  const { currency } = book.instrument;
  const { exitReason, entryFilled } = view;
  const [entry, exit] = [view.averageEntry, view.averageExit].map(priceText);
  const r = book.result?.rMultiple ?? null;
  const net = `${moneyText(decimal(lots.realizedPnl))} ${currency}`;
  const without = uncountedText(book, countingFills(book));
  const after = `after ${moneyText(decimal(lots.commission))} of commissions${without}`;
  const multiple = r === null ? '' : ` (${text(decimal(r).toDecimalPlaces(2))} R)`;
  return {
    kind: 'closed',
    dedupeKey,
    summary: `closed by ${exitReason ?? 'no exit'}: ${nameOf(book, entryFilled)}, in at ${entry}, out at ${exit}: ${net} ${after}${multiple}`,
    detail: detailOf(book, {
      ...{ quantity: entryFilled, exitReason, currency, rMultiple: r },
      ...{ averageEntry: entry, averageExit: exit, commission: lots.commission },
      ...{ grossPnl: lots.grossPnl, realizedPnl: lots.realizedPnl },
    }),
  };
}

function priceText(price: DecimalText | null): string {
  return price === null ? 'no price' : text(decimal(price).toDecimalPlaces(COLUMN_DECIMALS));
}
