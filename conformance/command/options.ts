/** The command line of `npm run conformance`, and what it refuses before anything is connected. */
import { parseArgs } from 'node:util';
import { decimal, text } from '../../domain/money.js';
import type { DecimalText } from '../../domain/money.js';
import type { Case } from '../case.js';
import { SUITE } from '../suite.js';

export interface ConformanceOptions {
  readonly host: string;
  readonly port: number;
  /** This one and the next are used. */
  readonly clientId: number;
  readonly account: string;
  readonly symbol: string;
  readonly quantity: DecimalText;
  readonly price: DecimalText | null;
  readonly controlPort: number | null;
  readonly quietMs: number;
  readonly cases: readonly Case[];
  readonly verbose: boolean;
}

export const CONFORMANCE_HELP = `npm run conformance: plays the suite against a paper account of IBKR, and against a paper gateway of
its own, and prints where they differ. It sends real orders to that paper account.

usage: npm run conformance -- --port N --client-id N --account DU… --symbol S --i-know-this-sends-orders

the account
  --host ADDRESS      where TWS or IB Gateway listens (default 127.0.0.1)
  --port N            its socket: 4002 or 7497 as a rule; 4001 and 7496, the live ones, are refused
  --client-id N       this client id and the next one are used; nobody else may be using them
  --account DU…       a paper account; any other is refused, and so is a login that reports another
  --symbol S          a liquid US stock or fund that the paper gateway lists, too
  --i-know-this-sends-orders
                      without it nothing is connected
orders
  --quantity N        shares of an order, 1 to 10 (default 1; 10 with a control port)
  --price P           taken for the market's where the account has no quotes
  --quiet-ms N        how long is waited for what may still come (default 1500; 200 to 60000)
also
  --control-port N    the "account" is a paper gateway, too, and this is its control port: cases that
                      need prices or faults are played as well
  --only C-12,C-29    these cases only
  --verbose           print what was observed where they agree, too
  --list              print the cases
  --help              this text

exit code: 0 no divergence; 1 divergences, a broken rule, or something left behind; 2 it could not run`;

/** Ports that terminals listen on for live accounts. Never. */
const LIVE_PORTS: readonly number[] = [4001, 7496];

/** Paper accounts of IBKR. */
const PAPER_ACCOUNT = /^DU[A-Z]?\d+$/;

const QUANTITY_MAX = 10;
const CLIENT_ID_MAX = 2_147_483_646;
const QUIET_MS = { min: 200, max: 60_000, atAnAccount: 1_500, atAGateway: 250 } as const;

export type Asked = 'help' | 'list' | ConformanceOptions;

/** @throws Error with what to write instead, or why it is refused */
export function readOptions(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...texts('host', 'port', 'client-id', 'account', 'symbol', 'quantity', 'price'),
      ...texts('control-port', 'quiet-ms', 'only'),
      'i-know-this-sends-orders': { type: 'boolean' },
      verbose: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  if (values.list) return 'list';
  const given = values as Readonly<Record<string, string | undefined>>;
  const controlPort =
    given['control-port'] === undefined ? null : whole(given, 'control-port', 1, 65_535);
  const options = {
    host: given['host'] ?? '127.0.0.1',
    port: paperPort(whole(given, 'port', 1, 65_535)),
    clientId: whole(given, 'client-id', 0, CLIENT_ID_MAX),
    account: paperAccount(needed(given, 'account')),
    symbol: needed(given, 'symbol').toUpperCase(),
    quantity: String(
      whole({ quantity: controlPort === null ? '1' : '10', ...given }, 'quantity', 1, QUANTITY_MAX),
    ),
    price: given['price'] === undefined ? null : priceOf(given['price']),
    controlPort,
    quietMs: quietOf(given, controlPort === null),
    cases: casesOf(given['only']),
    verbose: values.verbose ?? false,
  };
  if (!values['i-know-this-sends-orders']) {
    throw new Error(
      `this sends real orders to ${options.account}: say so with --i-know-this-sends-orders`,
    );
  }
  return options;
}

type Given = Readonly<Record<string, string | undefined>>;

function texts(...names: string[]): Record<string, { type: 'string' }> {
  return Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
}

function needed(given: Given, name: string): string {
  const value = given[name];
  if (value) return value;
  throw new Error(`--${name} is missing: see npm run conformance -- --help`);
}

function whole(given: Given, name: string, min: number, max: number): number {
  const value = needed(given, name);
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}, not "${value}"`);
}

function paperPort(port: number): number {
  if (!LIVE_PORTS.includes(port)) return port;
  throw new Error(`port ${port} is that of live accounts: the suite never runs there`);
}

function paperAccount(account: string): string {
  if (isPaperAccount(account)) return account;
  throw new Error(`${account} is no paper account (DU…): the suite never trades on another`);
}

/** Whether an account's name is one of a paper account. */
export function isPaperAccount(account: string): boolean {
  return PAPER_ACCOUNT.test(account);
}

function priceOf(value: string): DecimalText {
  try {
    const price = decimal(value);
    if (price.gt(0)) return text(price);
  } catch {
    // Said below.
  }
  throw new Error(`--price must be a decimal above 0, not "${value}"`);
}

function quietOf(given: Given, isAccount: boolean): number {
  const { min, max, atAnAccount, atAGateway } = QUIET_MS;
  const usual = String(isAccount ? atAnAccount : atAGateway);
  return whole({ 'quiet-ms': usual, ...given }, 'quiet-ms', min, max);
}

function casesOf(only: string | undefined): readonly Case[] {
  if (only === undefined) return SUITE;
  return only.split(',').map((name) => {
    const found = SUITE.find(({ number }) => number === name.trim().toUpperCase());
    if (!found) throw new Error(`there is no case ${name}: npm run conformance -- --list`);
    return found;
  });
}
