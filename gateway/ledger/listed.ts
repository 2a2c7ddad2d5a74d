/**
 * A run's list of signals: what the one who runs it says shall be traded. With it each accepted entry is
 * matched to exactly one signal (see entries.ts), and an exit's reference tells whose it is.
 *
 * Rules
 * - A signal has a name, a symbol and a side, and either a prefix of its order references or the references
 *   themselves; no two signals share one. The longest prefix counts.
 * - It may be listed again: references are added. Symbol, side and prefix stay.
 * - Its quantity may be given later and amended until its entry is accepted. Then what is in force stands;
 *   without one, the quantity that the entry had. 0: nothing may be entered (it was denied).
 */
import { ZERO, decimal, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ListedFact } from './inputs.js';

/** Days of trading by a busy run; beyond, the list is refused, not forgotten. */
const SIGNALS_MAX = 20_000;
/** Ten references for each of them: entry, exits and their repairs. */
const REFERENCES_MAX = 200_000;

/** The entry that a listed signal has had. */
export interface Taken {
  key: string;
  orderRef: string;
  atMs: number;
  /** What its quantity was when it was accepted. */
  quantity: Decimal;
}

export interface ListedSignal {
  name: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  quantity: Decimal | undefined;
  prefix: string | undefined;
  references: Set<string>;
  listedAtMs: number;
  /** Set when entries are judged. */
  taken: Taken | undefined;
  /** The same, of signals whose single record is gone, and how much they entered. */
  archived: Taken | undefined;
  spent: Decimal;
}

/** What is listed contradicts what was listed or accepted before. */
export class ListConflict extends Error {}

function newListed(fact: ListedFact, listedAtMs: number): ListedSignal {
  return {
    ...{ name: fact.signal, symbol: fact.symbol, side: fact.side, listedAtMs },
    ...{ quantity: undefined, prefix: undefined, references: new Set<string>() },
    ...{ taken: undefined, archived: undefined, spent: ZERO },
  };
}

export class SignalList {
  private readonly byName = new Map<string, ListedSignal>();
  private readonly byReferenceExactly = new Map<string, ListedSignal>();
  private readonly byPrefix = new Map<string, ListedSignal>();
  /** Lengths of prefixes, longest first: one look-up for each finds the longest that fits. */
  private lengths: number[] = [];
  private readonly byLook = new Map<string, ListedSignal[]>();
  /** When the first signal was listed: entries accepted before that need no place on the list. */
  sinceMs: number | undefined;

  /**
   * Looks whether these can be added or amended, all of them.
   * @throws ListConflict naming the signal and what it contradicts; RangeError without a reference
   */
  check(facts: readonly ListedFact[]): void {
    const claims = new Map<string, string>();
    const news = new Map<string, ListedFact>();
    let references = this.byReferenceExactly.size;
    for (const fact of facts) {
      const listed = this.byName.get(fact.signal);
      this.checkLook(fact, listed ?? news.get(fact.signal));
      if (listed) checkAmendment(fact, listed);
      else news.set(fact.signal, { ...news.get(fact.signal), ...fact });
      for (const claim of claimsOf(fact)) this.checkClaim(claim, fact.signal, claims);
      const added = fact.orderRefs?.filter((each) => !this.byReferenceExactly.has(each)) ?? [];
      references += added.length;
    }
    for (const { signal, orderRefPrefix, orderRefs = [] } of news.values()) {
      if (orderRefPrefix !== undefined || orderRefs.length > 0) continue;
      throw new RangeError(`signal "${signal}" needs "orderRefPrefix" or "orderRefs"`);
    }
    this.checkRoom(news.size, references);
  }

  private checkRoom(added: number, references: number): void {
    if (this.byName.size + added > SIGNALS_MAX) {
      throw new ListConflict(`the list is full: it holds ${SIGNALS_MAX} signals at most`);
    }
    if (references > REFERENCES_MAX) {
      throw new ListConflict(`the list is full: it holds ${REFERENCES_MAX} references at most`);
    }
  }

  private checkLook(fact: ListedFact, before: Pick<ListedFact, 'symbol' | 'side'> | undefined) {
    if (!before || (before.symbol === fact.symbol && before.side === fact.side)) return;
    const look = `${before.side} ${before.symbol}`;
    throw new ListConflict(`signal "${fact.signal}" is listed as ${look}`);
  }

  private checkClaim(claim: string, name: string, claims: Map<string, string>): void {
    const owner = this.ownerOf(claim)?.name ?? claims.get(claim) ?? name;
    if (owner !== name) throw new ListConflict(`${claim} belongs to signal "${owner}"`);
    claims.set(claim, name);
  }

  private ownerOf(claim: string): ListedSignal | undefined {
    const [kind, value] = [claim.slice(0, claim.indexOf(' ')), claim.slice(claim.indexOf(' ') + 1)];
    return kind === 'prefix' ? this.byPrefix.get(value) : this.byReferenceExactly.get(value);
  }

  /** Adds or amends; what `check` has let through. */
  add(facts: readonly ListedFact[], atMs: number): void {
    this.sinceMs ??= atMs;
    for (const fact of facts) {
      const listed = this.byName.get(fact.signal) ?? this.begin(fact, atMs);
      if (fact.quantity !== undefined && !listed.taken) listed.quantity = decimal(fact.quantity);
      if (fact.orderRefPrefix !== undefined) this.addPrefix(listed, fact.orderRefPrefix);
      for (const reference of fact.orderRefs ?? []) {
        listed.references.add(reference);
        this.byReferenceExactly.set(reference, listed);
      }
    }
  }

  private begin(fact: ListedFact, atMs: number): ListedSignal {
    const listed = newListed(fact, atMs);
    this.byName.set(fact.signal, listed);
    const look = `${fact.symbol} ${fact.side}`;
    const alike = this.byLook.get(look) ?? [];
    this.byLook.set(look, alike);
    alike.push(listed);
    return listed;
  }

  private addPrefix(listed: ListedSignal, prefix: string): void {
    listed.prefix = prefix;
    this.byPrefix.set(prefix, listed);
    if (this.lengths.includes(prefix.length)) return;
    this.lengths = [...this.lengths, prefix.length].sort((first, second) => second - first);
  }

  get(name: string): ListedSignal | undefined {
    return this.byName.get(name);
  }

  all(): ListedSignal[] {
    return [...this.byName.values()];
  }

  /** The signals of a symbol and side, oldest first. */
  alike(symbol: string, side: 'BUY' | 'SELL'): readonly ListedSignal[] {
    return this.byLook.get(`${symbol} ${side}`) ?? [];
  }

  /** The signal that a reference names. */
  byReference(orderRef: string): ListedSignal | undefined {
    const exact = this.byReferenceExactly.get(orderRef);
    if (exact) return exact;
    for (const length of this.lengths) {
      const listed = this.byPrefix.get(orderRef.slice(0, length));
      if (listed) return listed;
    }
    return undefined;
  }
}

function claimsOf({ orderRefPrefix, orderRefs = [] }: ListedFact): string[] {
  const prefixes = orderRefPrefix === undefined ? [] : [`prefix ${orderRefPrefix}`];
  return [...prefixes, ...orderRefs.map((reference) => `reference ${reference}`)];
}

function checkAmendment(fact: ListedFact, { name, prefix, quantity, taken }: ListedSignal): void {
  if (
    fact.orderRefPrefix !== undefined &&
    fact.orderRefPrefix !== (prefix ?? fact.orderRefPrefix)
  ) {
    throw new ListConflict(`signal "${name}" has the prefix "${prefix}"`);
  }
  if (fact.quantity === undefined || !taken) return;
  const inForce = quantity ?? taken.quantity;
  if (inForce.eq(fact.quantity)) return;
  throw new ListConflict(
    `signal "${name}" is approved with ${text(inForce)}: its entry was accepted, too late to amend it`,
  );
}

/** A listed signal as `GET /signals` shows it. */
export function listedView(listed: ListedSignal) {
  return {
    signal: listed.name,
    symbol: listed.symbol,
    side: listed.side,
    quantity: listed.quantity ? text(listed.quantity) : null,
    orderRefPrefix: listed.prefix ?? null,
    orderRefs: [...listed.references],
    listedAtMs: listed.listedAtMs,
    /** The entry that was matched to it. */
    entry: listed.taken?.key ?? null,
    entryAcceptedAtMs: listed.taken?.atMs ?? null,
  };
}

export type ListedView = ReturnType<typeof listedView>;
