/**
 * The control port: what a person or a test turns from outside while clients trade.
 * `GET|POST /prices`, `GET /accounts`, `GET /ledger`, `GET|POST /signals`, `GET|POST /faults`, `GET|POST /market`,
 * `GET|POST /hours`, `GET|POST /terminal`, `GET /health`.
 */
import type { Server } from 'node:http';
import { decimal, decimalFromForeignNumber, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Listings, Market, MarketChange } from '../exchange/api.js';
import type { TerminalSettings } from '../exchange/terminal.js';
import { HttpError, createJsonServer } from './http.js';
import { signalRoutes } from './signals.js';
import type { SignalControl } from './signals.js';

export interface FaultControl {
  /** Arms one fault; throws a RangeError naming what is wrong with the body. */
  arm(body: Record<string, unknown>): unknown;
  /** The menu and what is armed. */
  list(): unknown;
}

export interface HoursControl {
  /** @throws RangeError unless it is null or an instant on a whole minute */
  closeUntil(untilMs: number | null): void;
  closedUntilMs(): number | null;
  liquidHoursText(nowMs: number): string;
}

export interface ControlParts {
  market: Market;
  listings: Listings;
  faults: FaultControl;
  accounts(): unknown;
  ledgerReport(): unknown;
  signals: SignalControl;
  hours: HoursControl;
  terminal: TerminalSettings;
  health(): unknown;
  /** Called after prices or the market were changed by hand, so that a restart keeps them. */
  onChange(): void;
}

interface PriceView {
  bid: string;
  ask: string;
  /** Null where the data has no trade prints (replays). */
  last: string | null;
}

function objectBody(body: unknown, example: string): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HttpError(400, `the body must be a JSON object like ${example}`);
  }
  return body as Record<string, unknown>;
}

function readDecimal(what: string, value: unknown): Decimal {
  try {
    if (typeof value === 'number') return decimalFromForeignNumber(value);
    if (typeof value === 'string') return decimal(value);
  } catch {
    // Falls through to the one message for every malformed number.
  }
  throw new HttpError(400, `${what} must be a decimal, not ${JSON.stringify(value)}`);
}

/** `123.45`, or `{"price": 123.45, "size": 300}` for a quote that shows so many shares. */
function readHandPrice(symbol: string, value: unknown): { price: Decimal; size?: Decimal } {
  if (typeof value !== 'object' || value === null) {
    return { price: readDecimal(`price of ${symbol}`, value) };
  }
  const { price, size, ...rest } = value as Record<string, unknown>;
  for (const field of Object.keys(rest)) {
    throw new HttpError(400, `unknown field "${field}" of ${symbol}: price, size`);
  }
  return {
    price: readDecimal(`price of ${symbol}`, price),
    ...(size !== undefined && { size: readDecimal(`size of ${symbol}`, size) }),
  };
}

function priceRoutes({ market, listings, onChange }: ControlParts) {
  function view(symbol: string): PriceView | undefined {
    const quote = market.quote(symbol);
    if (!quote) return undefined;
    const last = quote.last ? text(quote.last) : null;
    return { bid: text(quote.bid), ask: text(quote.ask), last };
  }

  function views(symbols: Iterable<string>): Record<string, PriceView> {
    const all: Record<string, PriceView> = {};
    for (const symbol of symbols) {
      const price = view(symbol);
      if (price) all[symbol] = price;
    }
    return all;
  }

  return {
    'GET /prices': () => views(listings.all().map((listing) => listing.symbol)),
    'POST /prices': (body: unknown) => {
      const asked = Object.entries(objectBody(body, '{"AAPL": 123.45}'));
      const prices: Record<string, Decimal> = {};
      const sizes: Record<string, Decimal> = {};
      for (const [symbol, value] of asked) {
        const { price, size } = readHandPrice(symbol, value);
        prices[symbol] = price;
        if (size) sizes[symbol] = size;
      }
      market.setPrices(prices, sizes);
      onChange();
      return views(asked.map(([symbol]) => symbol));
    },
  };
}

const MARKET_EXAMPLE = '{"paused": true, "speed": 1, "at": "2013-10-08T09:35:00-04:00"}';
const MARKET_FIELDS: Record<keyof MarketChange, string> = {
  ...{ paused: 'boolean', speed: 'number' },
  ...{ at: 'string', until: 'string' },
};

function readMarketChange(body: unknown): MarketChange {
  const change = objectBody(body, MARKET_EXAMPLE);
  for (const [field, value] of Object.entries(change)) {
    const wanted = (MARKET_FIELDS as Record<string, string>)[field];
    if (!wanted)
      throw new HttpError(400, `unknown field ${JSON.stringify(field)}: ${MARKET_EXAMPLE}`);
    if (typeof value !== wanted) throw new HttpError(400, `"${field}" must be a ${wanted}`);
  }
  return change;
}

function marketRoutes({ market, onChange }: ControlParts) {
  return {
    'GET /market': () => market.state(),
    'POST /market': (body: unknown) => {
      market.control(readMarketChange(body));
      onChange();
      return market.state();
    },
  };
}

const HOURS_EXAMPLE = '{"closed_until": "2026-11-23T14:30:00Z"}';

function readClosedUntil(body: unknown): number | null {
  const { closed_until: until, ...rest } = objectBody(body, HOURS_EXAMPLE);
  if (Object.keys(rest).length > 0 || until === undefined) {
    throw new HttpError(400, `the body must be ${HOURS_EXAMPLE}, or null for the usual hours`);
  }
  if (until === null) return null;
  const untilMs = typeof until === 'string' ? Date.parse(until) : NaN;
  if (Number.isNaN(untilMs)) throw new HttpError(400, '"closed_until" must be an instant, or null');
  return untilMs;
}

/** A closed market without waiting for a weekend. A restart takes it back. */
function hoursRoutes({ hours }: ControlParts) {
  function view() {
    const untilMs = hours.closedUntilMs();
    return {
      closed_until: untilMs === null ? null : new Date(untilMs).toISOString(),
      liquid_hours: hours.liquidHoursText(Date.now()),
    };
  }

  return {
    'GET /hours': view,
    'POST /hours': (body: unknown) => {
      hours.closeUntil(readClosedUntil(body));
      return view();
    },
  };
}

const TERMINAL_EXAMPLE = '{"read_only": true, "order_size_max": 100}';

/** What a person sets in the terminal's windows. A restart takes it back. */
function terminalRoutes({ terminal }: ControlParts) {
  const view = () => ({
    read_only: terminal.readOnly,
    order_size_max: terminal.orderSizeMax === null ? null : text(terminal.orderSizeMax),
  });
  return {
    'GET /terminal': view,
    'POST /terminal': (body: unknown) => {
      const {
        read_only: readOnly,
        order_size_max: size,
        ...rest
      } = objectBody(body, TERMINAL_EXAMPLE);
      const isFlag = readOnly === undefined || typeof readOnly === 'boolean';
      if (Object.keys(rest).length > 0 || !isFlag) {
        throw new HttpError(400, `the body must be like ${TERMINAL_EXAMPLE}, null for no limit`);
      }
      const limit = size === undefined ? terminal.orderSizeMax : size;
      terminal.orderSizeMax = limit === null ? null : readDecimal('"order_size_max"', limit);
      terminal.readOnly = readOnly ?? terminal.readOnly;
      return view();
    },
  };
}

/** The control port's server, not yet listening. Mistakes of the caller are answered with 400. */
export function createControl(parts: ControlParts): Server {
  return createJsonServer({
    ...priceRoutes(parts),
    ...marketRoutes(parts),
    ...hoursRoutes(parts),
    ...terminalRoutes(parts),
    'GET /accounts': () => parts.accounts(),
    'GET /ledger': () => parts.ledgerReport(),
    ...signalRoutes(parts.signals, (symbol) => parts.listings.find({ symbol }).length > 0),
    'GET /faults': () => parts.faults.list(),
    'POST /faults': (body) => parts.faults.arm(objectBody(body, '{"name": "…", "count": 1}')),
    'GET /health': () => parts.health(),
  });
}
