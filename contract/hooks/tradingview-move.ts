/**
 * What an order of a chart's strategy does to its position, when the alert tells it: `market_position` after it,
 * `prev_market_position` before it. A signal opens, closes or turns a position, and never closes a part of one.
 */
import { decimal } from '../../domain/money.js';
import type { SignalIssue } from '../signal.js';

export type Position = 'long' | 'short' | 'flat';

export interface Moved {
  readonly side?: string | undefined;
  readonly market_position?: Position | undefined;
  readonly prev_market_position?: Position | undefined;
  readonly contracts?: string | number | undefined;
  readonly market_position_size?: string | number | undefined;
}

export interface Move {
  /** `open` also where nothing is told of a position. */
  readonly kind: 'open' | 'turn' | 'close';
  /** The shares that the new position gets, and the field that says so. */
  readonly quantity?: { readonly source: string; readonly value: string | number };
  readonly issues: readonly SignalIssue[];
}

/** Which of the three it is, and for how many shares. */
export function moveOf(moved: Moved): Move {
  const { side, market_position: now } = moved;
  if (now === 'flat') return { kind: 'close', issues: [] };
  if (now !== undefined && side !== undefined && side !== (now === 'long' ? 'BUY' : 'SELL')) {
    const message = `a ${side} that leaves the strategy ${now} closes a part of its position, which no signal does: close all of it`;
    return { kind: 'open', issues: [{ path: 'market_position', message }] };
  }
  const isTurn = turns(moved);
  return { kind: isTurn ? 'turn' : 'open', ...quantityOf(moved, isTurn) };
}

function turns({
  market_position: now,
  prev_market_position: before,
  contracts,
  market_position_size: size,
}: Moved): boolean {
  if (now === undefined) return false;
  if (before !== undefined) return before !== 'flat' && before !== now;
  // More was ordered than is held then: the rest has ended the other position.
  return contracts !== undefined && size !== undefined && isAbove(contracts, size);
}

/** False where one is no number: that is told of the quantity itself. */
function isAbove(one: string | number, other: string | number): boolean {
  const [a, b] = [String(one), String(other)];
  const isNumber = (value: string) => /^\d{1,15}(\.\d{1,30})?$/.test(value);
  return isNumber(a) && isNumber(b) && decimal(a).gt(decimal(b));
}

function quantityOf(moved: Moved, isTurn: boolean): Pick<Move, 'quantity' | 'issues'> {
  const { contracts, market_position_size: size, market_position: now } = moved;
  const isAdded = now !== undefined && moved.prev_market_position === now;
  if (isTurn && contracts !== undefined && size === undefined) {
    const message =
      'of an order that turns the position it counts the shares of the old one too: give {{strategy.market_position_size}} as market_position_size';
    return { issues: [{ path: 'contracts', message }] };
  }
  if (now !== undefined && moved.prev_market_position === undefined && contracts !== undefined) {
    if (size === undefined) {
      const message =
        'may count the shares of an old position too: give {{strategy.prev_market_position}} as prev_market_position';
      return { issues: [{ path: 'contracts', message }] };
    }
  }
  if (isAdded && contracts === undefined && size !== undefined) {
    const message = 'counts the shares that are held already: give contracts as well';
    return { issues: [{ path: 'market_position_size', message }] };
  }
  if (contracts !== undefined && !isTurn) {
    return { quantity: { source: 'contracts', value: contracts }, issues: [] };
  }
  if (size === undefined) return { issues: [] };
  return { quantity: { source: 'market_position_size', value: size }, issues: [] };
}

/** What says how a position is opened and left; a signal that closes opens none. */
const OF_OPENING = [
  'order_type',
  'entry_price',
  'stop_loss',
  'stop_loss_pct',
  'take_profit',
].concat(
  ['take_profit_pct', 'trailing_stop', 'quantity', 'risk_pct', 'risk_category', 'time_in_force'],
  ['max_holding', 'close_at_session_end'],
);

/**
 * The size of a signal that closes: of a close the size doesn't matter, it closes all. Where there is nothing to close
 * (the stop at the broker was first) the signal would be an entry of the other direction; this is no multiple of any
 * share that is traded, so that it is denied.
 */
const OPENS_NOTHING = '0.00000001';

/** The fields that a move asks for; an alert that says itself what is done on an opposite position is believed. */
export function withMove(
  { kind }: Move,
  signal: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (kind === 'open') return signal;
  if (kind === 'turn') return { ...signal, on_opposite: signal['on_opposite'] ?? 'reverse' };
  const kept = Object.entries(signal).filter(([field]) => !OF_OPENING.includes(field));
  const onOpposite = signal['on_opposite'] ?? 'close';
  const closes = { order_type: 'MKT', quantity: OPENS_NOTHING, on_opposite: onOpposite };
  return { ...Object.fromEntries(kept), ...closes };
}
