/** The gateway's command line: reading it, and its help. */
import { parseArgs } from 'node:util';
import { decimal } from '../domain/money.js';
import type { Decimal } from '../domain/money.js';

export type ChildrenRule = 'scaled' | 'full_size_on_first_fill' | 'on_complete_fill';
export type ParentCancelRule = 'keeps' | 'kills';

export interface GatewayFlags {
  port: number;
  controlPort: number;
  host: string;
  stateDir: string;
  /** `simulated` or `replay:DIR`. */
  market: string;
  seed: number;
  speed: number;
  paused: boolean;
  at?: string;
  hours: 'always' | 'exchange';
  accounts: string[];
  cash: Decimal;
  base: { currency: string; perDollar: Decimal };
  latencyMs: number;
  pacing: boolean;
  /** Client id that is told of everyone's orders and fills. */
  masterClientId?: number;
  /** False: clients get delayed prices, and only when they ask for them. */
  liveData: boolean;
  children: ChildrenRule;
  parentCancel: ParentCancelRule;
  exitWithParent: boolean;
  help: boolean;
}

/** A command line that can't be read; the message says what to write instead. */
export class UsageError extends Error {}

export const GATEWAY_HELP = `ballast gateway: a paper trading gateway that speaks the TWS socket protocol.

Any TWS API client connects to it as to IB Gateway. It keeps its own account, matches orders against
simulated or recorded quotes, survives its own restart, and can be told to misbehave.

usage: ballast gateway [flags]

ports
  --port N              socket for TWS clients (default 4002; 0 takes a free one)
  --control-port N      HTTP control port on 127.0.0.1 (default 4012; 0 takes a free one)
  --host ADDRESS        address the TWS socket listens on (default 127.0.0.1)
state
  --state DIR           orders, positions, executions, ids and ledger live here
                        (default .ballast/gateway); the same folder goes on where it stopped
  --account NAME        paper account, may be given more than once (default DU1000001)
  --cash AMOUNT         starting cash of each new account in USD (default 100000)
  --base CURRENCY=RATE  base currency of the accounts, and what a dollar is worth in it (default USD=1)
market
  --market KIND         simulated (default), or replay:DIR with SYMBOL.csv or SYMBOL.csv.gz files
                        (time,bid,bid_size,ask,ask_size), or day folders of such files
  --seed N              the simulation follows from this number (default 1)
  --speed X             market time runs X times as fast (default 1)
  --paused              begin held at the first quotes; let go with POST /market {"paused": false}
  --at TIME             begin a replay at a recorded instant, such as 2013-10-08T09:35:00-04:00
  --hours KIND          always (default) or exchange: NYSE hours, holidays and half days
behaviour
  --latency-ms N        delay of every order and cancel on its way to the exchange (default 0)
  --pacing on|off       refuse more than 50 messages a second with error 100 (default on)
  --data live|delayed   delayed: no live prices, so 10168, or 10167 and delayed ticks (default live)
  --master-client ID    client id that is told of everyone's orders and fills (default none)
  --children RULE       children of a partly filled parent: scaled (default),
                        full_size_on_first_fill or on_complete_fill
  --parent-cancel RULE  children of a partly filled parent that is cancelled: keeps (default) or kills
process
  --exit-with-parent    stop when standard input closes, so that no supervisor leaves an orphan
  --help                this text

When both ports listen, one line is printed: ready {"port":4002,"controlPort":4012}
control port: GET|POST /prices, /market, /hours, /terminal, /faults and /signals, GET /accounts, /ledger, /health
`;

const OPTIONS = {
  port: { type: 'string', default: '4002' },
  'control-port': { type: 'string', default: '4012' },
  host: { type: 'string', default: '127.0.0.1' },
  state: { type: 'string', default: '.ballast/gateway' },
  account: { type: 'string', multiple: true },
  cash: { type: 'string', default: '100000' },
  base: { type: 'string', default: 'USD=1' },
  market: { type: 'string', default: 'simulated' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string', default: '1' },
  paused: { type: 'boolean', default: false },
  at: { type: 'string' },
  hours: { type: 'string', default: 'always' },
  'latency-ms': { type: 'string', default: '0' },
  pacing: { type: 'string', default: 'on' },
  data: { type: 'string', default: 'live' },
  'master-client': { type: 'string' },
  children: { type: 'string', default: 'scaled' },
  'parent-cancel': { type: 'string', default: 'keeps' },
  'exit-with-parent': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const DEFAULT_ACCOUNT = 'DU1000001';
const PORT_MAX = 65_535;
const SEED_MAX = 0xffffffff;
/** A minute: longer than any client waits for an order. */
const LATENCY_MAX_MS = 60_000;
/** Client ids are 32-bit in every client. */
const CLIENT_ID_MAX = 2_147_483_647;
/** Paper accounts are DU, DF, DI … and digits; a live account is never imitated. */
const ACCOUNT = /^D[A-Z]{1,2}\d{3,10}$/;

function whole(flag: string, value: string, most: number): number {
  if (/^\d{1,10}$/.test(value) && Number(value) <= most) return Number(value);
  throw new UsageError(`--${flag} must be a whole number from 0 to ${most}, not "${value}"`);
}

function oneOf<Choice extends string>(flag: string, value: string, choices: readonly Choice[]) {
  const choice = choices.find((each) => each === value);
  if (choice) return choice;
  throw new UsageError(`--${flag} must be ${choices.join(' or ')}, not "${value}"`);
}

function marketOf(value: string): string {
  if (value === 'simulated' || /^replay:./.test(value)) return value;
  throw new UsageError(`--market must be simulated or replay:DIR, not "${value}"`);
}

function amount(flag: string, value: string): Decimal {
  try {
    const read = decimal(value);
    if (read.gt(0)) return read;
  } catch {
    // One message for every malformed amount.
  }
  throw new UsageError(`--${flag} must be a positive amount like 100000, not "${value}"`);
}

function baseOf(value: string): GatewayFlags['base'] {
  const [, currency, rate] = /^([A-Z]{3})=(.+)$/.exec(value) ?? [];
  if (currency === undefined || rate === undefined || (currency === 'USD' && rate !== '1')) {
    throw new UsageError(
      `--base must be USD=1, or a currency and a rate like EUR=0.92, not "${value}"`,
    );
  }
  return { currency, perDollar: amount('base', rate) };
}

function speedOf(value: string): number {
  const speed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0;
  if (speed > 0) return speed;
  throw new UsageError(`--speed must be a positive number, not "${value}"`);
}

function accountsOf(names: readonly string[]): string[] {
  const bad = names.find((name) => !ACCOUNT.test(name));
  if (bad === undefined) return [...new Set(names)];
  throw new UsageError(`--account must be a paper account like DU1000001, not "${bad}"`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Reads the command line (without node and script). @throws UsageError */
export function readFlags(argv: readonly string[]): GatewayFlags {
  const values = parse(argv);
  const master = values['master-client'];
  return {
    port: whole('port', values.port, PORT_MAX),
    controlPort: whole('control-port', values['control-port'], PORT_MAX),
    host: values.host,
    stateDir: values.state,
    market: marketOf(values.market),
    seed: whole('seed', values.seed, SEED_MAX),
    speed: speedOf(values.speed),
    paused: values.paused,
    ...(values.at !== undefined && { at: values.at }),
    hours: oneOf('hours', values.hours, ['always', 'exchange']),
    accounts: accountsOf(values.account ?? [DEFAULT_ACCOUNT]),
    cash: amount('cash', values.cash),
    base: baseOf(values.base),
    latencyMs: whole('latency-ms', values['latency-ms'], LATENCY_MAX_MS),
    pacing: oneOf('pacing', values.pacing, ['on', 'off']) === 'on',
    liveData: oneOf('data', values.data, ['live', 'delayed']) === 'live',
    ...(master !== undefined && {
      masterClientId: whole('master-client', master, CLIENT_ID_MAX),
    }),
    children: oneOf('children', values.children, [
      'scaled',
      'full_size_on_first_fill',
      'on_complete_fill',
    ]),
    parentCancel: oneOf('parent-cancel', values['parent-cancel'], ['keeps', 'kills']),
    exitWithParent: values['exit-with-parent'],
    help: values.help,
  };
}
