/** A trade's state as a tone and a glyph; its word stands beside them. */
import type { Trade, TradeWhole } from '../../api/types.js';
import type { Tone } from '../../parts/tone.js';

type Shown = Pick<Trade, 'state' | 'held_quantity' | 'is_protected'>;

/** Asks for a person, or for a look. */
const WARNS: readonly Trade['state'][] = [
  'AWAITING_APPROVAL',
  'ENTRY_UNKNOWN',
  'OVERFILLED',
  'CLOSING',
];
const UNDER_WAY: readonly Trade['state'][] = ['RECEIVED', 'AWAITING_OPEN', 'PARKED', 'ENTERING'];
const CAME_TO_NOTHING: readonly Trade['state'][] = ['DENIED', 'REJECTED', 'FAILED', 'ABANDONED'];

const OVER: readonly Trade['state'][] = [...CAME_TO_NOTHING, 'CLOSED', 'CANCELLED', 'EXPIRED'];

/** Nothing more can be asked of it. */
export function isOver({ state }: Pick<Trade, 'state'>): boolean {
  return OVER.includes(state);
}

export function stateTone({ state, held_quantity: held, is_protected: isProtected }: Shown): Tone {
  if (held !== '0' && !isProtected) return 'bad';
  if (WARNS.includes(state)) return 'warn';
  return held !== '0' ? 'good' : 'quiet';
}

export function stateGlyph({
  state,
  held_quantity: held,
  is_protected: isProtected,
}: Shown): string {
  if (held !== '0') return isProtected ? '✓' : '✕';
  if (WARNS.includes(state)) return '!';
  if (UNDER_WAY.includes(state)) return '…';
  return CAME_TO_NOTHING.includes(state) ? '⊘' : '■';
}

/** Over, and not a share was traded: there is no price to draw, but a reason to tell. */
export function cameToNothing(trade: Trade): boolean {
  return isOver(trade) && trade.filled_quantity === '0';
}

/** What it was planned for; of what never got so far what was asked for. Null: a size was to be found. */
export function sharesOf({ planned_quantity: planned, signal }: TradeWhole): string | null {
  const asked = signal['quantity'];
  return planned ?? (typeof asked === 'string' ? asked : null);
}
