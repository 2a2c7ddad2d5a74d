/** Buying power: may this order be accepted, and what would it change. */
import { ZERO, max, min } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Action, Listing, OrderRequest, WhatIfResult } from './api.js';
import { figures, marginOf, markPrice } from './accounts.js';
import { tooDear } from './codes.js';
import type { CodedError } from './codes.js';
import { orderCommission } from './commissions.js';
import type { Core } from './core.js';
import { openingShares } from './positions.js';

/** The side of the quote that takes orders of this action now; where none is shown, the last price. */
function touchOf(core: Core, listing: Listing, action: Action): Decimal {
  const quote = core.settings.market.quote(listing.symbol);
  const touch = action === 'BUY' ? quote?.ask : quote?.bid;
  return touch?.gt(ZERO) ? touch : (quote?.last ?? listing.referencePrice);
}

/**
 * The price at which an order's new shares are reckoned: what a buyer may have to pay, or where a seller
 * would come to stand. A limit or stop that the market is through already trades at the quote.
 */
export function reckonedPrice(core: Core, listing: Listing, request: OrderRequest): Decimal {
  const { orderType, action, lmtPrice, auxPrice, trailStopPrice } = request;
  const touch = touchOf(core, listing, action);
  const stop = orderType === 'TRAIL' ? trailStopPrice : auxPrice;
  const worse = action === 'BUY' ? max : min;
  const stopped = orderType === 'MKT' || orderType === 'LMT' || !stop ? touch : worse(stop, touch);
  const limited = orderType === 'LMT' || orderType === 'STP LMT';
  if (!limited || !lmtPrice) return stopped;
  return action === 'BUY' ? lmtPrice : max(lmtPrice, stopped);
}

/**
 * Value of the holding once signed shares have traded: shares that were there before stay at their mark, so
 * that closing never costs margin; only what opens is taken at the order's price.
 */
function valueThen(holding: Decimal, mark: Decimal, traded: Decimal, price: Decimal): Decimal {
  const opened = openingShares(holding, traded);
  const openedSigned = traded.lt(ZERO) ? opened.neg() : opened;
  const kept = holding.add(traded).sub(openedSigned);
  return kept.mul(mark).add(openedSigned.mul(price));
}

const signedShares = (action: Action, shares: Decimal): Decimal =>
  action === 'BUY' ? shares : shares.neg();

/** What the order would change if these shares of it (without them: all) filled. */
export function effectOf(
  core: Core,
  account: string,
  listing: Listing,
  request: OrderRequest,
  shares = request.totalQuantity,
): WhatIfResult {
  const before = figures(core, account);
  const price = reckonedPrice(core, listing, request);
  const held = core.state.positions.get(`${account}|${listing.conId}`);
  const holding = held?.quantity ?? ZERO;
  const mark = held && !holding.isZero() ? markPrice(core, held) : price;
  const traded = signedShares(request.action, shares);
  const marginNow = marginOf(holding.mul(mark));
  const marginThen = marginOf(valueThen(holding, mark, traded, price));
  const commission = orderCommission(shares, shares.mul(price));
  const change = marginThen.sub(marginNow);
  return {
    initMarginBefore: before.margin,
    initMarginChange: change,
    initMarginAfter: before.margin.add(change),
    maintMarginBefore: before.margin,
    maintMarginChange: change,
    maintMarginAfter: before.margin.add(change),
    equityWithLoanBefore: before.equity,
    equityWithLoanChange: commission.neg(),
    equityWithLoanAfter: before.equity.sub(commission),
    commission,
    warningText: '',
  };
}

/**
 * 201's text if the account can't carry these shares of the order (without them: all); undefined if it
 * can, or if they only close. Other working orders reserve nothing.
 */
export function marginRefusal(
  core: Core,
  account: string,
  listing: Listing,
  request: OrderRequest,
  shares = request.totalQuantity,
): CodedError | undefined {
  const holding = core.state.quantity(account, listing.conId);
  if (openingShares(holding, signedShares(request.action, shares)).isZero()) return undefined;
  const effect = effectOf(core, account, listing, request, shares);
  if (effect.initMarginAfter.lte(effect.equityWithLoanAfter)) return undefined;
  return tooDear(effect.equityWithLoanAfter, effect.initMarginAfter);
}
