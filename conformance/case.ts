/**
 * What a case of the conformance suite is (BRK-9), and what its world can do for it. Cases speak of the port
 * alone: no broker's word stands in them, so that each adapter is asked the same.
 */
import type { BrokerCapabilities, BrokerPort } from '../broker/port.js';
import type { DecimalText } from '../domain/money.js';
import type { Instrument, OrderType } from '../domain/vocabulary.js';
import type { Desk } from './desk.js';

type Flag = {
  [K in keyof BrokerCapabilities]: BrokerCapabilities[K] extends boolean ? K : never;
}[keyof BrokerCapabilities];

/** A flag of the capabilities, or an order type that must be among them. */
export type Need = Flag | OrderType;

/**
 * What a case needs beside the broker:
 *  - `fills`: the market is open, so that an order at the market fills;
 *  - `prices`: the world sets the price, and how much is offered at it;
 *  - `disturbances`: the world breaks the link, or loses a write;
 *  - `second session`: somebody else may log in to the same account.
 */
export type Ability = 'fills' | 'prices' | 'disturbances' | 'second session';

/** How a world may disturb what comes next; each happens once. */
export type Disturbance =
  | 'the servers are lost for a while'
  | 'the link is cut'
  | 'the link is cut after the next order arrived'
  | 'the next order is lost without a word';

/** What a world that can be controlled takes. */
export interface Controls {
  /** Sets the price; `offered` is how many shares can be had at it (else plenty). */
  setPrice(price: DecimalText, offered?: number): Promise<void>;
  disturb(what: Disturbance): Promise<void>;
  /** Back to the price of the beginning, with nothing armed. */
  calm(): Promise<void>;
}

/** Who logs in: the one under test, or somebody else on the same account. */
export type Role = 'first' | 'second';

/** Where the suite is played: an account at a broker, and what can be done to it. */
export interface World {
  readonly name: string;
  readonly account: string;
  readonly instrument: Instrument;
  /** One that no broker knows. */
  readonly unlisted: Instrument;
  /** How large an order is; part fills fill some of it. */
  readonly quantity: DecimalText;
  /** What every reference of this run begins with; no other run has it. */
  readonly run: string;
  /** Taken for the market's where the broker gives no quote; null: there must be one. */
  readonly referencePrice: DecimalText | null;
  readonly abilities: ReadonlySet<Ability>;
  /** Null where nothing can be set. */
  readonly controls: Controls | null;
  /** How long an answer may take. */
  readonly patienceMs: number;
  /** After this long without news nothing more is waited for. */
  readonly quietMs: number;
  /** A port of its own, not opened yet. */
  connect(role: Role): BrokerPort;
  /** Whose orders are told as this role's. */
  sessionClientId(role: Role): number;
}

export interface Case {
  /** `C-07`: never given to another case. */
  readonly number: string;
  readonly title: string;
  /** Ids of the requirements it speaks for. */
  readonly requirements: readonly string[];
  readonly needs: readonly Need[];
  readonly abilities: readonly Ability[];
  /** Plays it on a desk that is connected and in sync. @throws BrokenRule, CannotPlay. */
  readonly play: (desk: Desk) => Promise<void>;
}

/** Writes a case down; it needs nothing and no ability unless they are named. */
export function caseOf(
  number: string,
  title: string,
  requirements: readonly string[],
  play: Case['play'],
  also: Partial<Pick<Case, 'needs' | 'abilities'>> = {},
): Case {
  return { number, title, requirements, needs: [], abilities: [], play, ...also };
}

/** A fact that was seen, in plain words: compared between worlds, never judged. */
export interface Observation {
  readonly name: string;
  readonly value: string;
}

export type Outcome = 'held' | 'broken' | 'not supported' | 'not possible here';

export interface CaseResult {
  readonly number: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Which rule broke, what the broker doesn't support, or what the world can't do; empty when it held. */
  readonly why: string;
  readonly observations: readonly Observation[];
  /** Orders and shares of this case that are still there. */
  readonly left: readonly string[];
}

/** What every adapter must hold was not held. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';
}

/** The world turned out to lack something that can't be known before. */
export class CannotPlay extends Error {
  override readonly name = 'CannotPlay';
}

/** Whether the broker has it by its own word. */
export function supports(capabilities: BrokerCapabilities, need: Need): boolean {
  return isOrderType(need) ? capabilities.orderTypes.includes(need) : capabilities[need];
}

function isOrderType(need: Need): need is OrderType {
  return need === need.toUpperCase();
}
