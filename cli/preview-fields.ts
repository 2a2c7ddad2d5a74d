/** A signal as fields on the command line: `symbol=AAPL side=BUY trailing_stop.percent=0.02`. */
import { SIGNAL_FIELDS } from '../contract/signal.js';
import { CliError, EXIT } from './exit.js';

/** What stands within a field has names of the strategy's own: `indicators.RSI_14=31.5`. */
const FIELD = /^([a-z_]+)(?:\.([A-Za-z0-9_-]+))?=(.*)$/s;

/** Fields that hold numbers in a file, by names of their own; what else is a number there may be text as well. */
const OF_NUMBERS: readonly string[] = ['indicators'];
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Where fields name no strategy: trades by hand count together. */
const BY_HAND = 'manual';

/** Given as words in a file as well; all else is text there and here. */
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** True when an argument is a field and no file. */
export function isField(argument: string): boolean {
  return FIELD.test(argument);
}

/**
 * The signal's body from its fields; what they say is for the schema to judge.
 * @throws CliError naming what is no field, or is given twice
 */
export function bodyOf(fields: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const [, name = '', member, value = ''] = FIELD.exec(field) ?? [];
    if (!SIGNAL_FIELDS.includes(name)) {
      throw usage(`"${field}" is no field of a signal: ${SIGNAL_FIELDS.join(', ')}`);
    }
    const inside = member === undefined ? null : membersOf(body[name]);
    if (name in body && inside === null) throw usage(`${name} is given twice`);
    if (inside === null || member === undefined) {
      body[name] = valueOf(value);
      continue;
    }
    if (member in inside) throw usage(`${name}.${member} is given twice`);
    const isNumber = OF_NUMBERS.includes(name) && NUMBER.test(value);
    body[name] = { ...inside, [member]: isNumber ? Number(value) : valueOf(value) };
  }
  return { strategy_id: BY_HAND, ...body };
}

const valueOf = (text: string) => WORDS[text] ?? text;

/** What a field holds so far by its members; null: it was given whole. */
function membersOf(held: unknown): Readonly<Record<string, unknown>> | null {
  if (held === undefined) return {};
  return typeof held === 'object' ? (held as Readonly<Record<string, unknown>>) : null;
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
