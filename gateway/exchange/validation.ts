/** May this request be an order at all? Field by field, before anything is remembered of it. */
import { ZERO, decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Listing, OrderRequest } from './api.js';
import * as codes from './codes.js';
import type { CodedError } from './codes.js';
import type { Core } from './core.js';
import { parseStamp } from './hours.js';
import { OCA_REDUCE } from './oca.js';
import { TRIGGER_METHODS } from './triggers.js';

const ORDER_TYPES = new Set(['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL']);
/** Types TWS knows and this exchange does not trade: 387; any other word is 321. */
const FOREIGN_TYPES = new Set(
  (
    'MOC,LOC,MOO,LOO,MIT,LIT,MTL,MKT PRT,STP PRT,REL,PEG MKT,PEG MID,PEG STK,PEG BENCH,PEG BEST,' +
    'PEG PRIM,TRAIL LIMIT,TRAIL LIT,TRAIL MIT,VOL,MIDPRICE,SNAP MKT,SNAP MID,SNAP PRIM,BOX TOP,' +
    'PASSV REL,AD,REL + LMT,REL + MKT,LMT + MKT,QUOTE'
  ).split(','),
);
const TIFS = new Set(['DAY', 'GTC', 'GTD', 'IOC', 'FOK']);
/** Types that may wait for a trigger can't be immediate, and odd lots of a share need a simple type. */
const SIMPLE_TYPES = new Set(['MKT', 'LMT']);
/** IBKR's sizeIncrement of US stocks. */
const SIZE_STEP = decimal('0.0001');
const OCA_TYPE_MAX = 3;
/** Larger than any order IBKR takes; keeps sums far from any limit. */
const QUANTITY_MAX = decimal('1000000000');

/** Dearer than any share; keeps the arithmetic of absurd prices short. */
const PRICE_MAX = decimal('100000000');

export interface Validated {
  listing: Listing;
  account: string;
  /** With the defaults filled in. */
  request: OrderRequest;
  notices: CodedError[];
}

type Check = (request: OrderRequest, listing: Listing) => CodedError | undefined;

const offGrid = (price: Decimal | undefined, listing: Listing): boolean =>
  price !== undefined && !price.mod(listing.minTick).isZero();

const isPositive = (price: Decimal | undefined): boolean =>
  price !== undefined && price.gt(ZERO) && price.lte(PRICE_MAX);

const checkQuantity: Check = ({ totalQuantity, orderType, parentId }) => {
  if (totalQuantity.isZero()) return codes.SIZE_ZERO;
  if (totalQuantity.lt(ZERO) || totalQuantity.gt(QUANTITY_MAX)) {
    return codes.invalidRequest('The size value is out of range.');
  }
  if (totalQuantity.isInteger()) return undefined;
  if (!totalQuantity.mod(SIZE_STEP).isZero()) return codes.FRACTION_TOO_FINE;
  return SIMPLE_TYPES.has(orderType) && parentId === 0 ? undefined : codes.NO_FRACTIONS;
};

const checkType: Check = ({ orderType }) => {
  if (ORDER_TYPES.has(orderType)) return undefined;
  if (FOREIGN_TYPES.has(orderType)) return codes.TYPE_UNSUPPORTED;
  return codes.invalidRequest('Invalid order type was entered.');
};

const checkPrices: Check = (request, listing) => {
  const { orderType, lmtPrice, auxPrice, trailStopPrice, trailingPercent } = request;
  const limited = orderType === 'LMT' || orderType === 'STP LMT';
  const stopped = orderType === 'STP' || orderType === 'STP LMT';
  if (limited && !isPositive(lmtPrice)) return codes.BAD_PRICE;
  if (stopped && !isPositive(auxPrice)) return codes.BAD_PRICE;
  if (orderType === 'TRAIL') {
    if (!isPositive(auxPrice) && !isPositive(trailingPercent)) return codes.NO_TRAIL_AMOUNT;
    if (isPositive(auxPrice) && isPositive(trailingPercent)) return codes.NO_TRAIL_AMOUNT;
    if (trailingPercent?.gte(100)) return codes.NO_TRAIL_AMOUNT;
    if (trailStopPrice && !isPositive(trailStopPrice)) return codes.BAD_PRICE;
  }
  const used = [limited && lmtPrice, stopped && auxPrice, orderType === 'TRAIL' && trailStopPrice];
  return used.some((price) => price && offGrid(price, listing)) ? codes.OFF_GRID : undefined;
};

const checkTimes: Check = ({ tif, orderType, goodTillDate, goodAfterTime }) => {
  if (!TIFS.has(tif)) return codes.TIF_MISMATCH;
  const immediate = tif === 'IOC' || tif === 'FOK';
  if (immediate && !SIMPLE_TYPES.has(orderType)) return codes.TIF_MISMATCH;
  if (tif === 'GTD' && parseStamp(goodTillDate) === undefined) return codes.BAD_TIME;
  if (goodAfterTime !== '' && parseStamp(goodAfterTime) === undefined) return codes.BAD_TIME;
  return undefined;
};

const checkGroup: Check = ({ ocaType, triggerMethod, minQty }) => {
  if (ocaType < 0 || ocaType > OCA_TYPE_MAX) return codes.invalidRequest('Invalid OCA type.');
  if (!TRIGGER_METHODS.has(triggerMethod)) return codes.BAD_TRIGGER_METHOD;
  if (minQty?.lt(ZERO)) return codes.invalidRequest('Invalid minimum quantity.');
  return undefined;
};

/** Attributes that would change when or how much an order trades, and that are not imitated. */
const UNSUPPORTED = [
  'conditions',
  'hedgeType',
  'scalePriceIncrement',
  'adjustedOrderType',
  'cashQty',
  'discretionaryAmt',
] as const;

/** Zero and TWS's word `None` mean that the attribute is not used. */
const isUsed = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== 'None' && !/^0+(\.0*)?$/.test(value);

const checkAttributes: Check = ({ echoed }) => {
  const used = UNSUPPORTED.find((name) => isUsed(echoed[name]));
  return used && codes.invalidRequest(`This paper gateway does not support '${used}'.`);
};

const CHECKS: readonly Check[] = [
  checkAttributes,
  checkQuantity,
  checkType,
  checkPrices,
  checkTimes,
  checkGroup,
];

/** An unset price reaches some clients' wire as 0. */
function dropZeros(request: OrderRequest): OrderRequest {
  const clean = { ...request };
  for (const field of ['lmtPrice', 'auxPrice', 'trailStopPrice', 'trailingPercent'] as const) {
    if (clean[field]?.isZero()) delete clean[field];
  }
  if (clean.minQty?.isZero()) delete clean.minQty;
  return clean;
}

function withDefaults(request: OrderRequest, account: string): OrderRequest {
  return {
    ...dropZeros(request),
    account,
    orderType: request.orderType.trim().toUpperCase(),
    tif: request.tif.trim().toUpperCase() || 'DAY',
    ocaType: request.ocaType || OCA_REDUCE,
  };
}

function accountOf(core: Core, asked: string): string | CodedError {
  const { accounts } = core.settings;
  if (asked === '' && accounts.length === 1) return accounts[0] as string;
  if (asked === '') return codes.invalidRequest('You must specify an account.');
  return accounts.includes(asked)
    ? asked
    : codes.invalidRequest(`Invalid account code '${asked}'.`);
}

function listingOf(core: Core, request: OrderRequest): Listing | CodedError {
  const found = core.settings.listings.find(request.contract);
  if (found.length > 1) return codes.AMBIGUOUS_CONTRACT;
  const [listing] = found;
  if (!listing) return codes.NO_CONTRACT;
  return request.contract.exchange ? listing : codes.invalidRequest('Missing order exchange');
}

const isError = (value: object): value is CodedError => 'code' in value;

/** Checks a request and fills in its defaults; the error to answer if it can be no order. */
export function validate(core: Core, asked: OrderRequest): Validated | CodedError {
  const account = accountOf(core, asked.account);
  if (typeof account !== 'string') return account;
  const listing = listingOf(core, asked);
  if (isError(listing)) return listing;
  const request = withDefaults(asked, account);
  for (const check of CHECKS) {
    const error = check(request, listing);
    if (error) return error;
  }
  const ignored = request.outsideRth && ['MKT', 'STP'].includes(request.orderType);
  if (ignored) request.outsideRth = false;
  return { listing, account, request, notices: ignored ? [codes.OUTSIDE_RTH_IGNORED] : [] };
}

/** Tells `validate`'s two answers apart. */
export function isRefused(answer: Validated | CodedError): answer is CodedError {
  return isError(answer);
}
