/** A signal as fields on the command line: `symbol=AAPL side=BUY trailing_stop.percent=0.02`. */
import { SIGNAL_FIELDS } from '../contract/signal.js';
import { CliError, EXIT } from './exit.js';

const FIELD = /^([a-z_]+)(?:\.([a-z]+))?=(.*)$/s;

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
    if (name in body) throw usage(`${name} is given twice`);
    const read = WORDS[value] ?? value;
    body[name] = member === undefined ? read : { [member]: read };
  }
  return { strategy_id: BY_HAND, ...body };
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
