/** Buying power: may this order be accepted, and what would it change. */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Listing, OrderRequest, WhatIfResult } from './api.js';
import { figures, marginOf, markPrice } from './accounts.js';
import { tooDear } from './codes.js';
import type { CodedError } from './codes.js';
import { orderCommission } from './commissions.js';
import type { Core } from './core.js';
import { openingShares } from './positions.js';

/** The price an order is reckoned at: its limit or stop, else what it would pay or get now. */
export function reckonedPrice(core: Core, listing: Listing, request: OrderRequest): Decimal {
  const { orderType, action, lmtPrice, auxPrice, trailStopPrice } = request;
  if ((orderType === 'LMT' || orderType === 'STP LMT') && lmtPrice) return lmtPrice;
  if (orderType === 'STP' && auxPrice) return auxPrice;
  if (orderType === 'TRAIL' && trailStopPrice) return trailStopPrice;
  const quote = core.settings.market.quote(listing.symbol);
  const touch = action === 'BUY' ? quote?.ask : quote?.bid;
  return touch?.gt(ZERO) ? touch : (quote?.last ?? listing.referencePrice);
}

const signedShares = (request: OrderRequest): Decimal =>
  request.action === 'BUY' ? request.totalQuantity : request.totalQuantity.neg();

/** What the order would change if it filled whole. */
export function effectOf(
  core: Core,
  account: string,
  listing: Listing,
  request: OrderRequest,
): WhatIfResult {
  const before = figures(core, account);
  const price = reckonedPrice(core, listing, request);
  const held = core.state.positions.get(`${account}|${listing.conId}`);
  const holding = held?.quantity ?? ZERO;
  const mark = held && !holding.isZero() ? markPrice(core, held) : price;
  const marginNow = marginOf(holding.mul(mark));
  const opens = openingShares(holding, signedShares(request)).gt(ZERO);
  // Shares that stay are kept at their mark, so that closing never costs margin.
  const marginThen = marginOf(holding.add(signedShares(request)).mul(opens ? price : mark));
  const commission = orderCommission(request.totalQuantity, request.totalQuantity.mul(price));
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
 * 201's text if the account can't carry the order; undefined if it can, or if it only closes. Other
 * working orders reserve nothing.
 */
export function marginRefusal(
  core: Core,
  account: string,
  listing: Listing,
  request: OrderRequest,
): CodedError | undefined {
  const holding = core.state.quantity(account, listing.conId);
  if (openingShares(holding, signedShares(request)).isZero()) return undefined;
  const effect = effectOf(core, account, listing, request);
  if (effect.initMarginAfter.lte(effect.equityWithLoanAfter)) return undefined;
  return tooDear(effect.equityWithLoanAfter, effect.initMarginAfter);
}
