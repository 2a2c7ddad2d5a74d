/** What may be sent in which mode (RSK-5), as one table. */
import type { ReasonCode } from '../reasons.js';

export type Mode = 'ACTIVE' | 'REDUCING' | 'HALTED';

/**
 * No entry is written by modes and pauses that were read longer ago, and a change of them is answered only
 * that long after its commit: then none is written any more by what was read before it. Well above a claim on a
 * busy database.
 */
export const SWITCHES_MAX_AGE_MS = 500;

export const MESSAGE_KINDS = [
  'entry',
  'cancel',
  'protective',
  'repair',
  'close',
  'flatten',
  // An exit that is moved to where more may be lost (RSK-3).
  'widening',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Everything that can hold back a message, beside the three modes. */
export type Restriction =
  Mode | 'HALT_FILE' | 'ACCOUNT_PAUSE' | 'STRATEGY_PAUSE' | 'DAILY_LOSS' | 'TRADING_OFF';

interface ModeRow {
  readonly allowed: readonly MessageKind[];
  /** Unfilled entries at the broker are cancelled when it comes into force. */
  readonly cancelsEntries: boolean;
  /** The code of a denied entry; null when entries pass. */
  readonly code: ReasonCode | null;
}

const REDUCES: readonly MessageKind[] = ['cancel', 'protective', 'repair', 'close', 'flatten'];

export const MODE_TABLE: Readonly<Record<Restriction, ModeRow>> = {
  ACTIVE: { allowed: MESSAGE_KINDS, cancelsEntries: false, code: null },
  REDUCING: { allowed: REDUCES, cancelsEntries: true, code: 'REDUCE_ONLY' },
  HALTED: { allowed: REDUCES, cancelsEntries: true, code: 'TRADING_HALTED' },
  HALT_FILE: { allowed: REDUCES, cancelsEntries: true, code: 'TRADING_HALTED' },
  ACCOUNT_PAUSE: { allowed: REDUCES, cancelsEntries: true, code: 'ACCOUNT_PAUSED' },
  STRATEGY_PAUSE: { allowed: REDUCES, cancelsEntries: true, code: 'STRATEGY_PAUSED' },
  DAILY_LOSS: { allowed: REDUCES, cancelsEntries: true, code: 'DAILY_LOSS_LIMIT' },
  TRADING_OFF: { allowed: REDUCES, cancelsEntries: false, code: 'TRADING_DISABLED' },
};

/** Whether a message of that kind may be sent while the restriction is in force. */
export function maySend(restriction: Restriction, kind: MessageKind): boolean {
  return MODE_TABLE[restriction].allowed.includes(kind);
}

/** The switches as read right before a send. */
export interface Switches {
  readonly tradingEnabled: boolean;
  readonly haltFile: boolean;
  readonly installationMode: Mode;
  readonly accountMode: Mode;
  readonly strategyMode: Mode;
  readonly accountPaused: boolean;
  readonly strategyPaused: boolean;
  readonly dailyLossReached: boolean;
}

/** Every restriction in force; empty when all is ACTIVE. */
export function restrictions(switches: Switches): Restriction[] {
  const inForce: Restriction[] = [];
  if (!switches.tradingEnabled) inForce.push('TRADING_OFF');
  if (switches.haltFile) inForce.push('HALT_FILE');
  const modes = [switches.installationMode, switches.accountMode, switches.strategyMode];
  if (modes.includes('HALTED')) inForce.push('HALTED');
  if (modes.includes('REDUCING')) inForce.push('REDUCING');
  if (switches.accountPaused) inForce.push('ACCOUNT_PAUSE');
  if (switches.strategyPaused) inForce.push('STRATEGY_PAUSE');
  if (switches.dailyLossReached) inForce.push('DAILY_LOSS');
  return inForce;
}

/** The restrictions that forbid this kind of message now; empty when it may be sent. */
export function blockedBy(switches: Switches, kind: MessageKind): Restriction[] {
  return restrictions(switches).filter((restriction) => !maySend(restriction, kind));
}

/** Whether unfilled entries at the broker must be cancelled now. */
export function mustCancelEntries(switches: Switches): boolean {
  return restrictions(switches).some((restriction) => MODE_TABLE[restriction].cancelsEntries);
}
