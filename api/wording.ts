/**
 * What the application refuses with names options as the command line has them (`say --widen`). Over HTTP the same are
 * members of the body; a whole command, in quotation marks, is meant for a person and stays.
 */

/** Those whose member is called otherwise than the option. */
const MEMBERS: Readonly<Record<string, string>> = {
  widen: '`widen: true`',
  'without-picture': '`without_picture: true`',
  'price-unknown': '`price: null`',
  account: '`account_id`',
  contract: '`broker_contract_id`',
  market: '`market_price`',
  stop: '`stop_price`',
  target: '`target_price`',
};

const COMMAND = /("ballast [^"]*")/;
/** An option, and the word in capitals that stands for its value. */
const OPTION = /(?<![\w-])--([a-z]+(?:-[a-z]+)*)(?: [A-Z]+(?::[A-Z]+)?\b)?/g;

/** @returns the same refusal in the words of a body */
export function inMembers(refusal: string): string {
  const parts = refusal.split(COMMAND);
  return parts.map((part) => (COMMAND.test(part) ? part : part.replace(OPTION, member))).join('');
}

function member(_found: string, option: string): string {
  return MEMBERS[option] ?? `\`${option.replaceAll('-', '_')}\``;
}
