/** What an exchange is made of and how it behaves where the real broker's behaviour is unsure. */
import { decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { TakenFault } from '../faults.js';
import type { FaultContext, FaultName } from '../fault-menu.js';
import type { Listings, Market, Sessions } from './api.js';
import { openTerminal, type TerminalSettings } from './terminal.js';

export interface Switches {
  /**
   * What the children of a bracket do while their parent is part-filled. Nothing is well attested but
   * that they sleep before its first fill and work after its last.
   * - `scaled` (default): they work for the part that is filled, in proportion, and grow with it.
   * - `full_size_on_first_fill`: the first fill wakes them at full size, more than is held.
   * - `on_complete_fill`: they sleep until the parent is filled, though shares are held.
   */
  children: 'scaled' | 'full_size_on_first_fill' | 'on_complete_fill';
  /**
   * What becomes of the children of a part-filled parent when its rest is cancelled. (Children of a
   * parent without a fill are always cancelled with it.)
   * - `keeps` (default): they work on, cut to the filled part under `scaled`, woken and cut to it
   *   under `on_complete_fill`, at full size under `full_size_on_first_fill`.
   * - `kills`: they are cancelled with it, and what was bought has no protection.
   */
  parentCancel: 'keeps' | 'kills';
}

/** The part of the fault book that the exchange uses. */
export interface Faults {
  take<Name extends FaultName>(name: Name, event: FaultContext<Name>): TakenFault | undefined;
  onDue(names: readonly FaultName[], listener: (name: FaultName) => void): void;
}

/** The base currency of the accounts, and what one dollar is worth in it. */
export interface BaseCurrency {
  currency: string;
  perDollar: Decimal;
}

export interface ExchangeOptions {
  /** Paper accounts, the first is the default one. */
  accounts: readonly string[];
  /** USD that each account starts with when it is new. */
  startingCash: Decimal;
  /** What the accounts are told in; their cash and shares are in USD all the same. USD when left out. */
  base?: BaseCurrency;
  market: Market;
  listings: Listings;
  sessions: Sessions;
  /** None: nothing goes wrong. */
  faults?: Faults;
  /** Folder of the journal; made if missing. */
  stateDir: string;
  switches?: Partial<Switches>;
  /** What a person sets in the terminal's windows, while it runs. Set up for trading when left out. */
  terminal?: TerminalSettings;
  /** Delay of each order and cancel on its way in; one that has not arrived is lost by a crash. */
  latencyMs?: number;
  /** Wall clock, epoch ms. */
  nowMs?: () => number;
  /** Milliseconds between looks at the clock (expiry, midnight, scheduled faults); 0: only `tick()`. */
  tickMs?: number;
  /** Finished orders, and executions, of today that stay listed; older ones go to the archive. */
  todayMax?: number;
}

const NO_FAULTS: Faults = { take: () => undefined, onDue: () => undefined };
/** Expiry and midnight are attested to the second at best. */
const TICK_MS = 250;
/** Five times the orders of the busiest test day; some 200 MB at the worst. */
const TODAY_MAX = 50_000;

export type Settings = Required<Omit<ExchangeOptions, 'switches'>> & { switches: Switches };

/** Fills in the defaults. */
export function resolveOptions(options: ExchangeOptions): Settings {
  const switches: Switches = { children: 'scaled', parentCancel: 'keeps', ...options.switches };
  return {
    faults: NO_FAULTS,
    base: { currency: 'USD', perDollar: decimal('1') },
    latencyMs: 0,
    nowMs: Date.now,
    tickMs: TICK_MS,
    todayMax: TODAY_MAX,
    terminal: openTerminal(),
    ...options,
    switches,
  };
}
