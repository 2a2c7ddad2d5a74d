/** What the brokers of this system can do for a trade: a plan asks for nothing else (BRK-9). */

/** A broker by its kind, as accounts are recorded with it. */
export const BROKERS = ['ibkr', 'snaptrade'] as const;
export type Broker = (typeof BROKERS)[number];

export interface Abilities {
  /** For people. */
  readonly name: string;
  /** The entry and its exits go as one group. Else the entry goes alone, and its stop right after its fills. */
  readonly brackets: boolean;
  /** Orders that end at a given time. Else this system ends them. */
  readonly goodTillDate: boolean;
  /** Stops whose price the broker moves. */
  readonly trailingStops: boolean;
  /** Positions of the other direction. */
  readonly shorts: boolean;
}

const ABILITIES: Readonly<Record<Broker, Abilities>> = {
  ibkr: { name: 'IBKR', brackets: true, goodTillDate: true, trailingStops: true, shorts: true },
  // What not every brokerage behind it can do, it can't.
  snaptrade: {
    ...{ name: 'SnapTrade', brackets: false, goodTillDate: false },
    ...{ trailingStops: false, shorts: false },
  },
};

/** @throws when the broker is none of this system's: an account of it can't be there. */
export function abilitiesOf(broker: string): Abilities {
  if (!isBroker(broker)) throw new Error(`${broker} is no broker of this system`);
  return ABILITIES[broker];
}

function isBroker(broker: string): broker is Broker {
  return (BROKERS as readonly string[]).includes(broker);
}
