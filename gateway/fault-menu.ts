/**
 * The closed menu of faults: every way in which the paper gateway can be told to misbehave, with the
 * sentence that `GET /faults` shows. `where` says who carries it out: the wire (sessions, sockets,
 * callbacks) or the exchange (orders, books, account). `at` says when: `once armed` faults happen at
 * the moment of arming, `next event` faults wait for the event that their sentence names. `params` say
 * how it happens, `narrowedBy` by which fields of the event it can be narrowed.
 */
import type { EventField, FieldSpec, FieldSpecs } from './fault-params.js';

export interface FaultDescription {
  where: 'wire' | 'exchange';
  at: 'once armed' | 'next event';
  sentence: string;
  params: FieldSpecs;
  narrowedBy: readonly EventField[];
}

const WIRE = { where: 'wire', at: 'next event', params: {} } as const;
const WIRE_NOW = { where: 'wire', at: 'once armed', params: {}, narrowedBy: [] } as const;
const EXCHANGE_NOW = { where: 'exchange', at: 'once armed', params: {}, narrowedBy: [] } as const;

/** Fields of an order, and of a fill of it. */
export const OF_ORDER = [
  'clientId',
  'orderId',
  'account',
  'symbol',
  'action',
  'orderType',
  'orderRef',
] as const satisfies EventField[];
const EXCHANGE = {
  where: 'exchange',
  at: 'next event',
  params: {},
  narrowedBy: OF_ORDER,
} as const;

/** A day is longer than any test looks on. */
const SECONDS_MAX = 86_400;
const seconds = (preset: number, otherwise?: string): { seconds: FieldSpec } => ({
  seconds: {
    ...{ kind: 'number', min: 0, max: SECONDS_MAX, default: preset },
    ...(otherwise !== undefined && { otherwise }),
  },
});
const FLAG = { kind: 'flag' } as const;
const SHARES_MAX = '10000000';

const WIRE_FAULTS = {
  'order-dropped': {
    ...WIRE,
    sentence:
      'The next placeOrder of a new order is read and forgotten: no order, no callback. With ' +
      '"modifications" one that changes a live order is, too.',
    params: { modifications: FLAG },
    narrowedBy: [...OF_ORDER, 'leg'],
  },
  'modify-dropped': {
    ...WIRE,
    sentence:
      'The next modification (a placeOrder under the id of a live order) is read and forgotten; the ' +
      'old order works on.',
    narrowedBy: OF_ORDER,
  },
  'cancel-dropped': {
    ...WIRE,
    sentence: 'The next cancelOrder is read and forgotten: no callback, and the order works on.',
    narrowedBy: OF_ORDER,
  },
  'cut-before-ack': {
    ...WIRE,
    sentence:
      'The next placeOrder (also a modification) reaches the exchange, then its socket is cut before ' +
      'any acknowledgement, and what was sent behind it never arrives; with "lost" it is cut before ' +
      'the exchange sees the order.',
    params: { lost: FLAG },
    narrowedBy: [...OF_ORDER, 'leg'],
  },
  'connection-cut': {
    ...WIRE_NOW,
    sentence: 'Every socket of clients, or of one, is closed now; new ones are accepted at once.',
    params: { clientId: { kind: 'id', otherwise: 'every client' } },
  },
  'client-id-in-use': {
    ...WIRE,
    sentence: 'The next startApi is refused with 326 and the socket is closed.',
    narrowedBy: ['clientId'],
  },
  'connection-lost-1101': {
    ...WIRE_NOW,
    sentence:
      '1100 to every client, 2110 to who comes then, silence for "seconds", then 1101: data ' +
      'subscriptions are gone.',
    params: seconds(2),
  },
  'connection-lost-1102': {
    ...WIRE_NOW,
    sentence:
      '1100 to every client, 2110 to who comes then, silence for "seconds", then 1102: data ' +
      'subscriptions kept.',
    params: seconds(2),
  },
  'data-farm-flap': {
    ...WIRE_NOW,
    sentence: '2103 to every client, no quotes for "seconds", then 2104 and quotes go on.',
    params: seconds(2),
  },
  'missing-exec-details': {
    ...WIRE,
    sentence:
      'The next live fill is not reported: no execDetails and no commissionReport; reqExecutions has it.',
    narrowedBy: ['clientId', 'orderId', 'account', 'symbol', 'side', 'orderRef'],
  },
  'missing-end-marker': {
    ...WIRE,
    sentence:
      'The next listing (orders, executions, positions, account, contract details) ends without its ' +
      'end message; with "empty" nothing of it comes at all.',
    params: { empty: FLAG },
    narrowedBy: ['of', 'clientId'],
  },
  'duplicate-status': {
    ...WIRE,
    sentence: 'The next openOrder and orderStatus pair is sent twice.',
    narrowedBy: [...OF_ORDER, 'status'],
  },
  'out-of-order-status': {
    ...WIRE,
    sentence:
      'The next orderStatus is held back and sent after the one that follows it for that order.',
    narrowedBy: [...OF_ORDER, 'status'],
  },
  'nightly-restart': {
    ...WIRE_NOW,
    sentence: 'Every socket is dropped and new ones are refused for "seconds".',
    params: seconds(5),
  },
  stall: {
    ...WIRE_NOW,
    sentence: 'For "seconds" the port accepts and reads, but answers nothing.',
    params: seconds(10),
  },
} as const satisfies Record<string, FaultDescription>;

const EXCHANGE_FAULTS = {
  'order-id-rollback': {
    ...EXCHANGE,
    sentence: 'The next nextValidId of a client is "by" lower, and those ids are accepted again.',
    params: { by: { kind: 'number', whole: true, min: 1, max: 1_000_000, default: 10 } },
    narrowedBy: ['clientId'],
  },
  'late-commission': {
    ...EXCHANGE,
    sentence: 'The next commissionReport comes "seconds" late.',
    params: seconds(5),
  },
  'account-values-lag': {
    ...EXCHANGE,
    sentence:
      'For "seconds" after the next fill the values of its account (account updates and summary) stay ' +
      'as they were before it; positions and orders are told at once.',
    params: seconds(180),
  },
  'execution-correction': {
    ...EXCHANGE,
    sentence:
      'The next fill is corrected after "seconds": the same execution id with .02, price off by "ticks".',
    params: {
      ...seconds(1),
      ticks: { kind: 'number', whole: true, min: -10_000, max: 10_000, default: 1 },
    },
  },
  'execution-bust': {
    ...EXCHANGE,
    sentence: 'The next fill is busted after "seconds": its shares become 0.',
    params: seconds(1),
  },
  'tif-preset-10349': {
    ...EXCHANGE,
    sentence: 'The next order gets the notice 10349 (TIF set by preset) and lives.',
    params: { tif: { kind: 'choice', of: ['DAY', 'GTC', 'IOC', 'FOK'], default: 'DAY' } },
  },
  'rejected-201-inactive': {
    ...EXCHANGE,
    sentence: 'The next order is answered with 201 and becomes Inactive.',
  },
  'child-refused': {
    ...EXCHANGE,
    sentence: 'The next child order of a bracket is refused; its parent lives.',
  },
  'cancel-10147': {
    ...EXCHANGE,
    sentence:
      'The next cancel is answered with 10147 (not found); the order lives. With "dead" it had ' +
      'vanished, without a word, and is nowhere listed.',
    params: { dead: FLAG },
  },
  'cancel-10148': {
    ...EXCHANGE,
    sentence:
      'The next cancel is answered with 10148 (state); the order lives. With "dead" it is over by ' +
      'then: filled, which is told as ever, or cancelled, of which only the completed orders tell.',
    params: {
      dead: FLAG,
      state: { kind: 'choice', of: ['Cancelled', 'Filled'], default: 'Cancelled' },
    },
  },
  'modify-110': {
    ...EXCHANGE,
    sentence: 'The next modification is refused with 110; the old order lives.',
  },
  'modify-104': {
    ...EXCHANGE,
    sentence: 'The next modification comes too late: the order has just filled, then 104.',
  },
  'second-perm-id': {
    ...EXCHANGE,
    sentence: 'The next modified order continues under a second permId.',
  },
  'fill-beats-cancel': {
    ...EXCHANGE,
    sentence: 'The next cancelled order fills before the cancel takes effect.',
  },
  'order-vanished': {
    ...EXCHANGE_NOW,
    sentence:
      'The oldest working order that fits disappears: no callback, nowhere listed, not filled; its ' +
      'group and its children stay as they are. Looks again each second until there is one.',
    narrowedBy: [...OF_ORDER, 'role'],
  },
  'oca-overfill': {
    ...EXCHANGE,
    sentence:
      'The next fill in an OCA group of type 3 does not stop its sibling from filling as well.',
  },
  'external-order': {
    ...EXCHANGE_NOW,
    sentence:
      'An order nobody sent by the API appears: a limit order with "limit", else a market order.',
    params: {
      symbol: { kind: 'symbol', otherwise: 'the first listed' },
      action: { kind: 'choice', of: ['BUY', 'SELL'], default: 'BUY' },
      quantity: { kind: 'decimal', min: '0.0001', max: SHARES_MAX, default: '100' },
      limit: { kind: 'decimal', min: '0.01', max: '10000000', otherwise: 'a market order' },
      account: { kind: 'text', otherwise: 'the first' },
    },
  },
  'manual-close': {
    ...EXCHANGE_NOW,
    sentence: 'The position in "symbol" is closed by hand.',
    params: {
      symbol: { kind: 'symbol', otherwise: 'each position' },
      account: { kind: 'text', otherwise: 'each account' },
    },
  },
  'manual-cancel': {
    ...EXCHANGE_NOW,
    sentence:
      'The oldest working order that fits is cancelled by hand, and with it, as in TWS, the rest of ' +
      'its OCA group; its client is told (202). Looks again each second until there is one.',
    narrowedBy: [...OF_ORDER, 'role'],
  },
  'day-expiry': { ...EXCHANGE_NOW, sentence: 'Every DAY order expires now, as at the close.' },
  halt: {
    ...EXCHANGE_NOW,
    sentence: 'Trading in "symbol" halts for "seconds".',
    params: { symbol: { kind: 'symbol', otherwise: 'every symbol' }, ...seconds(30) },
  },
  'locate-hold': {
    ...EXCHANGE,
    sentence:
      'The next sell order that opens a short is held: Inactive, whyHeld locate; found after "seconds".',
    params: seconds(0, 'never'),
  },
  'overnight-split': {
    ...EXCHANGE_NOW,
    sentence: 'A split of "ratio" in "symbol": positions, prices; working orders are cancelled.',
    params: {
      ratio: { kind: 'decimal', min: '0.01', max: '100', default: '2' },
      symbol: { kind: 'symbol', otherwise: 'each position' },
    },
  },
  'midnight-execution-loss': {
    ...EXCHANGE_NOW,
    sentence: "The day turns: today's executions and completed orders are no longer listed.",
  },
} as const satisfies Record<string, FaultDescription>;

export const FAULT_MENU = { ...WIRE_FAULTS, ...EXCHANGE_FAULTS };

export type FaultName = keyof typeof FAULT_MENU;

/** What is known of an event that a fault waits for: the fields that it can be narrowed by. */
export type FaultContext<Name extends FaultName> = Readonly<
  Record<(typeof FAULT_MENU)[Name]['narrowedBy'][number], unknown>
>;

/** All names, in the order of the menu. */
export const FAULT_NAMES = Object.keys(FAULT_MENU) as FaultName[];

/** Whether a text names a fault. */
export function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULT_MENU, name);
}
