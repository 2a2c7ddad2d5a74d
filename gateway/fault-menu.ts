/**
 * The closed menu of faults: every way in which the paper gateway can be told to misbehave, with the
 * sentence that `GET /faults` shows. `where` says who carries it out: the wire (sessions, sockets,
 * callbacks) or the exchange (orders, books, account). `at` says when: `once armed` faults happen at
 * the moment of arming, `next event` faults wait for the event that their sentence names.
 */

export interface FaultDescription {
  where: 'wire' | 'exchange';
  at: 'once armed' | 'next event';
  sentence: string;
}

const wire = (sentence: string): FaultDescription => ({
  where: 'wire',
  at: 'next event',
  sentence,
});
const wireNow = (sentence: string): FaultDescription => ({
  where: 'wire',
  at: 'once armed',
  sentence,
});
const exchange = (sentence: string): FaultDescription => ({
  where: 'exchange',
  at: 'next event',
  sentence,
});
const exchangeNow = (sentence: string): FaultDescription => ({
  where: 'exchange',
  at: 'once armed',
  sentence,
});

export const FAULT_MENU = {
  'order-dropped': wire('The next placeOrder is read and forgotten: no order, no callback.'),
  'cut-before-ack': wire(
    'The next placeOrder reaches the exchange, then its socket is cut before any acknowledgement; ' +
      'with "lost": true it is cut before the exchange sees the order.',
  ),
  'client-id-in-use': wire('The next startApi is refused with 326 and the socket is closed.'),
  'connection-lost-1101': wireNow(
    '1100 to every client, silence for "seconds" (default 2), then 1101: data subscriptions are gone.',
  ),
  'connection-lost-1102': wireNow(
    '1100 to every client, silence for "seconds" (default 2), then 1102: data subscriptions kept.',
  ),
  'data-farm-flap': wireNow(
    '2103 to every client, no quotes for "seconds" (default 2), then 2104 and quotes go on.',
  ),
  'missing-exec-details': wire(
    'The next live fill is not reported: no execDetails and no commissionReport; reqExecutions has it.',
  ),
  'missing-end-marker': wire(
    'The next listing (open orders, executions, completed orders, positions, account; "of" narrows ' +
      'it by name) ends without its end message.',
  ),
  'duplicate-status': wire('The next openOrder and orderStatus pair is sent twice.'),
  'out-of-order-status': wire(
    'The next orderStatus is held back and sent after the one that follows it for that order.',
  ),
  'nightly-restart': wireNow(
    'Every socket is dropped and new ones are refused for "seconds" (default 5).',
  ),
  stall: wireNow('For "seconds" (default 10) the port accepts and reads, but answers nothing.'),

  'order-id-rollback': exchange(
    'The next nextValidId of a client is "by" (default 10) lower, and those ids are accepted again.',
  ),
  'late-commission': exchange('The next commissionReport comes "seconds" (default 5) late.'),
  'execution-correction': exchange(
    'The next fill is corrected a moment later: the same execution id with .02, price off by "ticks".',
  ),
  'execution-bust': exchange('The next fill is busted a moment later: its shares become 0.'),
  'tif-preset-10349': exchange(
    'The next order gets the notice 10349 (TIF set by preset) and lives.',
  ),
  'rejected-201-inactive': exchange('The next order is answered with 201 and becomes Inactive.'),
  'child-refused': exchange('The next child order of a bracket is refused; its parent lives.'),
  'cancel-10147': exchange('The next cancel is answered with 10147 (not found); the order lives.'),
  'cancel-10148': exchange('The next cancel is answered with 10148 (state); the order lives.'),
  'modify-110': exchange('The next modification is refused with 110; the old order lives.'),
  'second-perm-id': exchange('The next modified order continues under a second permId.'),
  'fill-beats-cancel': exchange('The next cancelled order fills before the cancel takes effect.'),
  'oca-overfill': exchange(
    'The next fill in an OCA group of type 3 does not stop its sibling from filling as well.',
  ),
  'external-order': exchangeNow(
    'An order nobody sent by the API appears: "symbol", "action", "quantity", "limit" (else market).',
  ),
  'manual-close': exchangeNow('The position in "symbol" (default: each) is closed by hand.'),
  'day-expiry': exchangeNow('Every DAY order expires now, as at the close.'),
  halt: exchangeNow('Trading in "symbol" halts for "seconds" (default 30).'),
  'locate-hold': exchange(
    'The next sell order that opens a short is held: Inactive, whyHeld locate.',
  ),
  'overnight-split': exchangeNow(
    'A split of "ratio" (default 2) in "symbol": positions, prices; working orders are cancelled.',
  ),
  'midnight-execution-loss': exchangeNow(
    "The day turns: today's executions and completed orders are no longer listed.",
  ),
} as const satisfies Record<string, FaultDescription>;

export type FaultName = keyof typeof FAULT_MENU;

/** All names, in the order of the menu. */
export const FAULT_NAMES = Object.keys(FAULT_MENU) as FaultName[];

/** Whether a text names a fault. */
export function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULT_MENU, name);
}
