/**
 * The operations of the API that a trading client needs, as the official SDK's types and texts describe
 * them (snaptrade-typescript-sdk 11.0.3). What those do not say, the stub does not have.
 */
import { ApiError, refused } from './api-error.js';
import type { Book } from './book.js';
import { clientOrderIdOf, formOf, termsOf, textOf } from './forms.js';
import type { Form } from './forms.js';
import { CURRENCY, universalSymbol, uuidOf } from './listings.js';
import { recordOf } from './order.js';
import type { StubAccount } from './options.js';

/** What `/recentOrders` gives at the most, and how old it may be. */
const RECENT_MAX = 100;
const RECENT_MS = 86_400_000;
const SYMBOLS_MAX = 20;
const QUOTES_MAX = 10;

export interface Call {
  readonly accountId: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** Whether the request must be signed, with the user's id and secret; one operation is for everybody. */
  readonly isPublic: boolean;
  /** Sends an order on: what the faults of orders are about. */
  readonly isPlacing?: boolean;
  readonly answer: (book: Book, call: Call) => unknown;
}

export const OPERATIONS: readonly Operation[] = [
  get(/^\/$/, true, () => ({ version: 153, timestamp: new Date().toISOString(), online: true })),
  get(/^\/accounts$/, false, (book) => accountsOf(book)),
  get(/^\/accounts\/([^/]+)\/balances$/, false, (book, { accountId }) => {
    book.account(accountId);
    const cash = book.cashOf(accountId).toNumber();
    return [{ currency: CURRENCY, cash, buying_power: cash }];
  }),
  get(/^\/accounts\/([^/]+)\/positions\/all$/, false, positions),
  get(/^\/accounts\/([^/]+)\/orders$/, false, (book, { accountId, query }) =>
    ordersOf(book, accountId, query.get('state') ?? 'all'),
  ),
  get(/^\/accounts\/([^/]+)\/recentOrders$/, false, recentOrders),
  get(/^\/accounts\/([^/]+)\/quotes$/, false, quotes),
  post(/^\/accounts\/([^/]+)\/orders\/details$/, (book, { accountId, body }) =>
    recordOf(book.find(accountId, textOf(formOf(body), 'brokerage_order_id'))),
  ),
  post(/^\/accounts\/([^/]+)\/symbols$/, symbols),
  post(/^\/accounts\/([^/]+)\/trading\/cancel$/, (book, { accountId, body }) => {
    const order = book.cancel(accountId, textOf(formOf(body), 'brokerage_order_id'));
    return { brokerage_order_id: order.id, raw_response: null };
  }),
  post(/^\/accounts\/([^/]+)\/trading\/replace$/, (book, { accountId, body }) => {
    const form = formOf(body);
    const order = book.replace(accountId, textOf(form, 'brokerage_order_id'), termsOf(form));
    return recordOf(order);
  }),
  post(/^\/trade\/impact$/, impact),
  { ...post(/^\/trade\/place$/, place), isPlacing: true },
];

function get(path: RegExp, isPublic: boolean, answer: Operation['answer']): Operation {
  return { method: 'GET', path, isPublic, answer };
}

function post(path: RegExp, answer: Operation['answer']): Operation {
  return { method: 'POST', path, isPublic: false, answer };
}

function accountsOf(book: Book) {
  const all = book.accounts;
  return all.map(({ id, number, isPaper }: StubAccount) => ({
    ...{ id, number, name: `Stub ${number}`, is_paper: isPaper },
    brokerage_authorization: uuidOf('connection'),
    institution_account_id: null,
    institution_name: 'Stub Brokerage',
    created_date: '2026-01-02T00:00:00.000Z',
    sync_status: { holdings: { initial_sync_completed: true } },
    balance: { total: { amount: book.valueOf(id).toNumber(), currency: 'USD' } },
    ...{ status: 'open', raw_type: 'Cash', account_category: 'INVESTMENT' },
  }));
}

function positions(book: Book, { accountId }: Call) {
  book.account(accountId);
  const results = book.positionsOf(accountId).map(([ticker, { units, cost }]) => {
    const { id, symbol, raw_symbol, description } = universalSymbol(ticker);
    return {
      instrument: { kind: 'stock', id, symbol, raw_symbol, description, currency: 'USD' },
      units: units.toFixed(),
      price: book.priceOf(ticker).toFixed(),
      cost_basis: cost.div(units).toFixed(),
      currency: 'USD',
    };
  });
  return { results, data_freshness: { as_of: new Date().toISOString() } };
}

function ordersOf(book: Book, accountId: string, state: string) {
  book.account(accountId);
  const shown = book.orders.filter((one) => one.accountId === accountId).map(recordOf);
  if (state === 'executed') return shown.filter(({ status }) => status === 'EXECUTED');
  if (state !== 'open') return shown.reverse();
  return shown.filter(({ open_quantity: open }) => open !== '0').reverse();
}

function recentOrders(book: Book, { accountId, query }: Call) {
  book.account(accountId);
  const onlyExecuted = query.get('only_executed') !== 'false';
  const since = Date.now() - RECENT_MS;
  const recent = book.orders
    .filter((one) => one.accountId === accountId && one.placedAtMs >= since)
    .filter((one) => !onlyExecuted || one.status === 'EXECUTED')
    .reverse()
    .slice(0, RECENT_MAX);
  return { orders: recent.map(recordOf) };
}

function quotes(book: Book, { accountId, query }: Call) {
  book.account(accountId);
  const asked = (query.get('symbols') ?? '').split(',').filter((one) => one !== '');
  if (asked.length === 0 || asked.length > QUOTES_MAX) refused(`symbols: 1 to ${QUOTES_MAX}`);
  const byTicker = query.get('use_ticker') === 'true';
  return asked.map((one) => {
    const ticker = byTicker ? one : tickerOf(book, one);
    const price = book.priceOf(ticker).toNumber();
    const offered = book.offeredOf(ticker).toNumber();
    return {
      symbol: universalSymbol(ticker),
      ...{ last_trade_price: price, bid_price: price, ask_price: price },
      ...{ bid_size: offered, ask_size: offered },
    };
  });
}

function symbols(book: Book, { accountId, body }: Call) {
  book.account(accountId);
  const wanted = textOf(formOf(body), 'substring').toUpperCase();
  return book.tickers
    .filter((ticker) => ticker.includes(wanted))
    .slice(0, SYMBOLS_MAX)
    .map(universalSymbol);
}

function tickerOf(book: Book, id: string): string {
  const found = book.tickers.find((ticker) => universalSymbol(ticker).id === id);
  if (found === undefined) throw new ApiError(404, `Symbol ${id} not found`, '1063');
  return found;
}

/** Exactly one of the two names of a symbol. */
function tickerIn(book: Book, form: Form): string {
  const [id, ticker] = [form['universal_symbol_id'] ?? null, form['symbol'] ?? null];
  if ((id === null) === (ticker === null)) refused('symbol or universal_symbol_id, not both');
  return id === null ? textOf(form, 'symbol') : tickerOf(book, textOf(form, 'universal_symbol_id'));
}

function impact(book: Book, { body }: Call) {
  const form = formOf(body);
  const account = book.account(textOf(form, 'account_id'));
  const ticker = tickerOf(book, textOf(form, 'universal_symbol_id'));
  const terms = termsOf(form);
  const worth = terms.units.mul(terms.price ?? terms.stop ?? book.priceOf(ticker));
  const left = book.cashOf(account.id).sub(terms.action === 'BUY' ? worth : worth.neg());
  return {
    trade: { id: uuidOf(`trade ${Date.now()}`), account: account.id },
    trade_impacts: [
      {
        ...{ account: account.id, currency: CURRENCY.id, remaining_cash: left.toNumber() },
        ...{ estimated_commission: 0, forex_fees: 0 },
      },
    ],
    combined_remaining_balance: { currency: CURRENCY, cash: left.toNumber() },
  };
}

function place(book: Book, { body }: Call) {
  const form = formOf(body);
  const order = book.place({
    accountId: textOf(form, 'account_id'),
    ticker: tickerIn(book, form),
    terms: termsOf(form),
    clientOrderId: clientOrderIdOf(form),
  });
  return recordOf(order);
}
