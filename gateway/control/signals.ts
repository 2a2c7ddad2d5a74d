/** `GET|POST /signals`: a run's list of signals, so that the referee knows what was to be traded. */
import { decimal } from '../../domain/money.js';
import type { ListedFact } from '../ledger/inputs.js';
import { ListConflict } from '../ledger/listed.js';
import type { ListedView } from '../ledger/listed.js';
import { HttpError } from './http.js';

/** What the route asks of the ledger. */
export interface SignalControl {
  /** Adds or amends, all or none; gives them as they are listed. @throws ListConflict, RangeError */
  list(signals: ListedFact[]): ListedView[];
  /** The whole list. */
  listed(): ListedView[];
}

const EXAMPLE =
  '[{"signal": "s-1", "symbol": "AAPL", "side": "BUY", "quantity": "133", "orderRefPrefix": "s-1-"}]';
const FIELDS = ['signal', 'symbol', 'side', 'quantity', 'orderRefPrefix', 'orderRefs'];
/** One run's worth at once; more come in further requests. */
const BATCH_MAX = 5_000;
/** Longer than anybody's ids and, for references, than the 40 characters that brokers keep. */
const NAME_LENGTH_MAX = 100;
/** An entry, its exits and all their repairs. */
const REFERENCES_PER_SIGNAL_MAX = 500;
/** More shares than any company has. */
const QUANTITY_MAX = decimal('1000000000000');
/** Printable ASCII, as it travels on the wire. */
const PRINTABLE = /^[ -~]+$/;

function wrong(at: string, what: string): HttpError {
  return new HttpError(400, `${at} ${what}; send a list like ${EXAMPLE}`);
}

function readText(at: string, value: unknown): string {
  const isText = typeof value === 'string' && PRINTABLE.test(value);
  if (isText && value.length <= NAME_LENGTH_MAX) return value;
  throw wrong(at, `must be 1 to ${NAME_LENGTH_MAX} printable characters`);
}

function readSide(at: string, value: unknown): 'BUY' | 'SELL' {
  if (value === 'BUY' || value === 'SELL') return value;
  throw wrong(at, 'must be "BUY" or "SELL"');
}

function readQuantity(at: string, value: unknown): string {
  try {
    const shares = typeof value === 'string' ? decimal(value) : undefined;
    if (shares && shares.gte(0) && shares.lte(QUANTITY_MAX)) return value as string;
  } catch {
    // Falls through to the one message for every malformed quantity.
  }
  throw wrong(at, 'must be shares as decimal text, such as "133"');
}

function readReferences(at: string, value: unknown): string[] {
  const isFit =
    Array.isArray(value) && value.length > 0 && value.length <= REFERENCES_PER_SIGNAL_MAX;
  if (!isFit) throw wrong(at, `must be a list of 1 to ${REFERENCES_PER_SIGNAL_MAX} references`);
  return value.map((each, index) => readText(`${at}[${index}]`, each));
}

function readSignal(item: unknown, index: number, isSymbol: (symbol: string) => boolean) {
  const at = `signal ${index + 1}:`;
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw wrong(at, 'must be an object');
  }
  const fields = item as Record<string, unknown>;
  for (const field of Object.keys(fields)) {
    if (!FIELDS.includes(field)) throw wrong(at, `unknown field ${JSON.stringify(field)}`);
  }
  const { quantity, orderRefPrefix, orderRefs } = fields;
  const symbol = readText(`${at} "symbol"`, fields['symbol']);
  if (!isSymbol(symbol)) throw wrong(at, `unknown symbol ${JSON.stringify(symbol)}`);
  const fact: ListedFact = {
    signal: readText(`${at} "signal"`, fields['signal']),
    symbol,
    side: readSide(`${at} "side"`, fields['side']),
  };
  if (quantity !== undefined) fact.quantity = readQuantity(`${at} "quantity"`, quantity);
  if (orderRefPrefix !== undefined) {
    fact.orderRefPrefix = readText(`${at} "orderRefPrefix"`, orderRefPrefix);
  }
  if (orderRefs !== undefined) fact.orderRefs = readReferences(`${at} "orderRefs"`, orderRefs);
  return fact;
}

function readSignals(body: unknown, isSymbol: (symbol: string) => boolean): ListedFact[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > BATCH_MAX) {
    throw wrong('the body', `must be a list of 1 to ${BATCH_MAX} signals`);
  }
  return body.map((item, index) => readSignal(item, index, isSymbol));
}

/** The routes; a list that can't be read is answered with 400, one that contradicts what stands with 409. */
export function signalRoutes(signals: SignalControl, isSymbol: (symbol: string) => boolean) {
  return {
    'GET /signals': () => signals.listed(),
    'POST /signals': (body: unknown) => {
      const facts = readSignals(body, isSymbol);
      try {
        return signals.list(facts);
      } catch (error) {
        if (error instanceof ListConflict) throw new HttpError(409, error.message);
        throw error;
      }
    },
  };
}
