/**
 * The verdicts on entries that look at all of them: each accepted entry is matched to exactly one signal.
 * Judged anew for each report, because a list may name a reference after its order has come.
 *
 * Rules, without a list: an entry is re-referenced as lookalikes.ts says.
 *
 * Rules, with a run's list of signals (listed.ts), for entries accepted since its first signal was listed and
 * for earlier ones whose reference it names
 * 1. An entry whose reference a signal of its symbol and side has is that signal's. The first one accepted is its
 *    entry; another one is a duplicate (same reference) or re-referenced.
 * 2. Any other is a stray. One that repeats another entry by the rule without a list is re-referenced. Else it goes
 *    to a signal of its symbol and side: one without an entry, listed before, of about its size; then, re-referenced,
 *    the signal of about its size whose entry was accepted last; then the same whatever the size. A
 *    signal approved with 0 takes none.
 * 3. What finds no signal is an unlisted entry.
 *
 * All entries of a listed signal together may fill its quantity: beyond is overfilled, whatever the orders' sizes.
 */
import { ZERO, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ListedSignal, SignalList } from './listed.js';
import { isAlike } from './lookalikes.js';
import type { Signal } from './signals.js';

export type EntryVerdict = 'fine' | 'duplicate' | 're-referenced' | 'unlisted';

/** What became of a signal's first entry. */
export interface Judged {
  verdict: EntryVerdict;
  listed: ListedSignal | undefined;
  /** References that it repeats. */
  repeats: string[];
  approved: Decimal;
}

/** A signal whose entry was accepted. */
type Entered = Signal & { accepted: NonNullable<Signal['accepted']> };

function isEntered(signal: Signal): signal is Entered {
  return signal.accepted !== undefined;
}

function isAbout(listed: ListedSignal, signal: Signal): boolean {
  const size = listed.quantity ?? listed.taken?.quantity;
  return size === undefined || isAlike(size, signal.approved);
}

function isFree(listed: ListedSignal, atMs: number): boolean {
  return !listed.taken && listed.listedAtMs <= atMs && !listed.quantity?.isZero();
}

function lastTaken(listed: readonly ListedSignal[]): ListedSignal | undefined {
  return listed.reduce<ListedSignal | undefined>((last, each) => {
    if (!each.taken) return last;
    return !last?.taken || each.taken.atMs >= last.taken.atMs ? each : last;
  }, undefined);
}

class Round {
  private readonly strays: Entered[] = [];

  constructor(
    private readonly list: SignalList,
    private readonly signals: ReadonlyMap<string, Signal>,
  ) {}

  private give(signal: Entered, verdict: EntryVerdict, listed?: ListedSignal, repeats?: string[]) {
    const of = listed?.taken && verdict !== 'fine' ? [listed.taken.orderRef] : [];
    signal.judged = { verdict, listed, repeats: repeats ?? of, approved: signal.approved };
    if (!listed) return;
    if (verdict !== 'fine') {
      signal.judged.approved = ZERO;
      return;
    }
    const { key, orderRef, approved: quantity, accepted } = signal;
    listed.taken = { key, orderRef, quantity, atMs: accepted.atMs };
    signal.judged.approved = listed.quantity ?? quantity;
  }

  /** Entries that the list names, or that came before it; the rest are strays. */
  byReference(signal: Entered): void {
    const { orderRef, symbol, action, accepted } = signal;
    const listed = this.list.byReference(orderRef);
    if (listed?.symbol === symbol && listed.side === action) {
      const repeated = listed.taken?.orderRef === orderRef ? 'duplicate' : 're-referenced';
      this.give(signal, listed.taken ? repeated : 'fine', listed);
      return;
    }
    const { sinceMs } = this.list;
    if (sinceMs !== undefined && accepted.atMs >= sinceMs) this.strays.push(signal);
    else this.byLook(signal);
  }

  /** The rule without a list; false when the entry repeats none. */
  private byLook(signal: Entered, isStray = false): boolean {
    const { repeats } = signal.accepted;
    if (repeats.length === 0) {
      if (!isStray) this.give(signal, 'fine');
      return false;
    }
    const listed = repeats
      .map(({ key }) => this.signals.get(key)?.judged?.listed)
      .find((each) => each !== undefined);
    const references = repeats.map(({ orderRef }) => orderRef);
    this.give(signal, 're-referenced', listed, references);
    return true;
  }

  placeStrays(): void {
    for (const signal of this.strays) {
      if (this.byLook(signal, true)) continue;
      const { atMs } = signal.accepted;
      const alike = this.list.alike(signal.symbol, signal.action);
      const free = alike.filter((listed) => isFree(listed, atMs));
      const fits = free.find((listed) => isAbout(listed, signal));
      const repeated = fits ?? lastTaken(alike.filter((listed) => isAbout(listed, signal)));
      const found = repeated ?? free[0] ?? lastTaken(alike);
      if (!found) this.give(signal, 'unlisted');
      else this.give(signal, found.taken ? 're-referenced' : 'fine', found);
    }
  }
}

/** Sets what each signal's entries filled beyond what they may; those of a listed signal share its quantity. */
function measureOverfills(signals: Iterable<Signal>): void {
  const left = new Map<ListedSignal, Decimal>();
  for (const signal of signals) {
    const { judged, peak } = signal;
    const listed = judged?.listed;
    if (!listed) {
      signal.overfilled = max(ZERO, peak.sub(signal.approved));
      continue;
    }
    const quantity = listed.quantity ?? listed.taken?.quantity ?? signal.approved;
    const allowed = left.get(listed) ?? max(ZERO, quantity.sub(listed.spent));
    signal.overfilled = max(ZERO, peak.sub(allowed));
    left.set(listed, max(ZERO, allowed.sub(peak)));
  }
}

/** Matches the entries of these signals to the list and sets `judged` and `overfilled` of each. */
export function judgeEntries(list: SignalList, signals: ReadonlyMap<string, Signal>): void {
  for (const listed of list.all()) listed.taken = listed.archived;
  const entered = [...signals.values()].filter(isEntered);
  entered.sort((first, second) => first.accepted.atMs - second.accepted.atMs);
  const round = new Round(list, signals);
  for (const signal of entered) signal.judged = undefined;
  for (const signal of entered) round.byReference(signal);
  round.placeStrays();
  measureOverfills(signals.values());
}
