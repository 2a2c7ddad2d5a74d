/**
 * The template `tradingview`: an alert's fields are named after TradingView's placeholders, and every field of a signal
 * may stand beside them. What may not be what it looks like (a chart of another country, a partial exit) is refused
 * by name: nobody looks at a webhook.
 */
import { z } from 'zod';
import { decimal, floorToStep, text } from '../../domain/money.js';
import { fingerprint } from '../fingerprint.js';
import { SIGNAL_FIELDS, type SignalIssue } from '../signal.js';
import { unfilled, type AlertBody, type Mapped, type Template } from './template.js';
import { moveOf, withMove } from './tradingview-move.js';
import { symbolOf } from './tradingview-symbol.js';

const line = (max: number) =>
  z
    .string({ error: 'expected text' })
    .max(max, { error: `at most ${max} characters` })
    .optional();
const number = z.union([z.string(), z.number()], { error: 'expected a decimal' }).optional();
const position = z
  .enum(['long', 'short', 'flat'], { error: 'expected long, short or flat' })
  .optional();

/** Fields of the alert alone. The bounds are far above what TradingView fills in. */
const own = z.object({
  ticker: line(64),
  exchange: line(32),
  action: z
    .string({ error: 'expected buy or sell' })
    .transform((value) => value.toUpperCase())
    .pipe(z.enum(['BUY', 'SELL'], { error: 'expected buy or sell' }))
    .optional(),
  price: number,
  timenow: z.unknown().optional(),
  name: line(200),
  order_id: line(200),
  comment: line(1_000),
  interval: line(16),
  contracts: number,
  market_position: position,
  prev_market_position: position,
  market_position_size: number,
});
type Own = Partial<z.output<typeof own>>;

const OWN_FIELDS = Object.keys(own.shape);
/** Those of the signal that mean the same in an alert: its exchange is the chart's, not a way to route. */
const PASSED = SIGNAL_FIELDS.filter((field) => !OWN_FIELDS.includes(field));

/** Every field that an alert may have, its own ones first. */
export const TRADINGVIEW_FIELDS: readonly string[] = [...OWN_FIELDS, ...PASSED];

/** Of each pair an alert gives one at the most: the chart's name, or the signal's. */
const SAME: readonly (readonly [string, string])[] = [
  ['ticker', 'symbol'],
  ['action', 'side'],
  ['action', 'signal_type'],
  ['price', 'entry_price'],
  ['timenow', 'generated_at'],
  ['contracts', 'quantity'],
  ['market_position_size', 'quantity'],
];

export const tradingview: Template = {
  summary: "fields that are named after TradingView's placeholders",
  map,
};

function map(given: AlertBody): Mapped {
  const holes = unfilled(given);
  // What is told already is not judged a second time.
  const isHole = (field: string) => holes.some(({ path }) => path === field);
  const whole = Object.fromEntries(
    Object.entries(given).filter(([field, value]) => value !== undefined && !isHole(field)),
  );
  const { alert, wrong } = readOwn(whole);
  const { symbol = whole['symbol'], issues: ofSymbol } = symbolOf({
    ...alert,
    currency: given['currency'],
  });
  const side = alert.action ?? textOf(whole['side']) ?? textOf(whole['signal_type']);
  const move = moveOf({ ...alert, side });
  const signal = {
    ...Object.fromEntries(PASSED.map((field) => [field, whole[field]])),
    ...(symbol !== undefined && { symbol }),
    ...(alert.action && { side: alert.action }),
    ...(alert.price !== undefined && { entry_price: alert.price }),
    ...(alert.timenow !== undefined && { generated_at: alert.timenow }),
    ...(move.quantity && { quantity: move.quantity.value }),
    context: contextOf(whole, alert),
  };
  const id = whole['id'] ?? idOf(signal, side, alert);
  const ofTime = id === undefined && !isHole('id') && !isHole('timenow') ? [untimed(whole)] : [];
  return {
    signal: withoutTails(withMove(move, { ...signal, id })),
    sources: sourcesOf(whole, move.quantity?.source),
    issues: [...holes, ...wrong, ...doubled(whole), ...ofSymbol, ...move.issues, ...ofTime],
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The alert's own fields as far as they can be read, and what is wrong with the others. */
function readOwn(given: AlertBody): { readonly alert: Own; readonly wrong: SignalIssue[] } {
  const wrong: SignalIssue[] = Object.keys(given)
    .filter((field) => !TRADINGVIEW_FIELDS.includes(field))
    .map((path) => ({
      path,
      message: 'unknown field: what is only to be kept goes into "context"',
    }));
  const read = own.safeParse(given);
  if (read.success) return { alert: read.data, wrong };
  for (const { path, message } of read.error.issues) wrong.push({ path: path.join('.'), message });
  const isRight = (field: string) => !wrong.some(({ path }) => path === field);
  const right = Object.entries(given).filter(([field]) => isRight(field));
  return { alert: own.parse(Object.fromEntries(right)), wrong };
}

function doubled(alert: AlertBody): SignalIssue[] {
  const isGiven = (field: string) => alert[field] !== undefined;
  return SAME.filter(([chart, field]) => isGiven(chart) && isGiven(field)).map(([chart, path]) => ({
    path,
    message: `give either ${chart} or ${path}, not both`,
  }));
}

/** What is missing is asked for by the name that an alert of a chart has for it. */
function sourcesOf(alert: AlertBody, ofQuantity: string | undefined): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const [chart, field] of SAME.slice(0, 5)) {
    if (alert[field] === undefined) sources[field] = chart;
  }
  if (alert['signal_type'] !== undefined) delete sources['side'];
  if (alert['id'] === undefined) sources['id'] = timeOf(alert);
  if (ofQuantity !== undefined) sources['quantity'] = ofQuantity;
  return sources;
}

const timeOf = (alert: AlertBody) =>
  alert['generated_at'] === undefined ? 'timenow' : 'generated_at';

/** Without a time there is no id, and without an id nobody knows a repeat. */
function untimed(alert: AlertBody): SignalIssue {
  const path = timeOf(alert);
  if (alert[path] === undefined) {
    return { path, message: 'required where there is no id: {{timenow}}' };
  }
  return { path, message: 'expected an ISO 8601 instant with a zone, as {{timenow}} is' };
}

/** What a signal has no field for is kept with the trade, under `alert`. */
const KEPT = ['name', 'order_id', 'comment', 'interval', 'ticker', 'exchange'].concat([
  ...['market_position', 'prev_market_position', 'market_position_size', 'contracts'],
]);

function contextOf(given: AlertBody, alert: Own): unknown {
  const context = given['context'];
  const kept = Object.entries(alert).filter(([field]) => KEPT.includes(field));
  if (kept.length === 0) return context;
  const isObject = typeof context === 'object' && context !== null && !Array.isArray(context);
  const others = isObject ? context : context === undefined ? {} : { context };
  return { ...others, alert: Object.fromEntries(kept) };
}

/** Enough that no two alerts of one second share it by chance. */
const DIGEST_LENGTH = 12;

/**
 * The id of an alert that brings none: its time, symbol and side for people, and a digest of all that tells it from
 * other alerts of that second. Prices are not among it: one that comes again with another price is told, not traded.
 * @returns undefined where the alert has no time to go by
 */
function idOf(
  signal: Readonly<Record<string, unknown>>,
  side: string | undefined,
  { name, order_id, interval, market_position }: Own,
): string | undefined {
  const { generated_at, symbol, strategy_id, account_id, currency } = signal;
  const atMs = typeof generated_at === 'string' ? Date.parse(generated_at) : NaN;
  if (Number.isNaN(atMs)) return undefined;
  const at = new Date(atMs).toISOString();
  const place = { symbol, currency, account_id };
  const told = { at, ...place, side, strategy_id, name, order_id, interval, market_position };
  const digest = fingerprint(told).slice(0, DIGEST_LENGTH);
  const time = at.replace(/\.\d+Z$/, 'Z').replace(/[-:]/g, '');
  return `tv-${time}-${wordOf(symbol)}-${wordOf(side)}-${digest}`;
}

/** As long as a symbol may be. */
const WORD_LENGTH_MAX = 20;

function wordOf(value: unknown): string {
  const word = typeof value === 'string' ? value : '';
  return word.slice(0, WORD_LENGTH_MAX).replace(/[^A-Za-z0-9.-]/g, '.');
}

/** Charts compute with binary numbers, whose tails are longer than what a signal keeps: 181.62000000000003. */
const TAIL = /^\d{1,15}\.\d{9,30}$/;
const DECIMALS = 8;
const STEP = decimal('0.00000001');
const COMPUTED = ['entry_price', 'stop_loss', 'take_profit'];

function withoutTails(signal: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(signal).filter(([, value]) => value !== undefined);
  const entries = given.map(([field, value]) => {
    const isNumber = typeof value === 'string' || typeof value === 'number';
    if (!isNumber || !TAIL.test(String(value))) return [field, value] as const;
    const whole = decimal(String(value));
    if (COMPUTED.includes(field)) return [field, text(whole.toDecimalPlaces(DECIMALS))] as const;
    // Never more shares than were asked for.
    return [field, field === 'quantity' ? text(floorToStep(whole, STEP)) : value] as const;
  });
  return Object.fromEntries(entries);
}
