/**
 * Whose an exit is. It arms and closes shares of that signal alone, so the evidence is taken in this order:
 *
 * 1. its parent's signal;
 * 2. the listed signal whose reference it carries (listed.ts);
 * 3. the signal of its OCA group;
 * 4. the signal of an earlier exit of the same reference that is over: what was lost is sent again;
 * 5. the signal whose entry's reference it extends by a letter or by what follows a mark (`s-1`, `s-1t`, `s-1-close`).
 *
 * Without any evidence: a guess among the signals that hold shares on the opposite side, the latest first.
 * One that lacks it (a stop: shares without an armed one; another exit: shares that its own exits, of which it had
 * some, no longer cover), of the same size if there is one; then one that holds as many shares; then the
 * latest. Over nothing: the contract's latest signal.
 */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractBook } from './contracts.js';
import type { OrderFact } from './inputs.js';
import type { SignalList } from './listed.js';
import { isLive, isStop } from './orders.js';
import type { LedgerOrder } from './orders.js';
import { openShares } from './signals.js';
import type { Signal } from './signals.js';

/** A guess looks at so many signals, the latest ones: ten thousand exits must not ask ten thousand. */
const GUESSED_AMONG_MAX = 100;
/** References are 40 characters or so; longer ones aren't taken apart. */
const REFERENCE_LENGTH_MAX = 100;

/** What an exit's reference adds to its entry's. */
const EXTENSION = /^([A-Za-z]$|[^A-Za-z0-9])/;

const groupKey = ({ account, symbol, ocaGroup }: OrderFact): string =>
  `${account} ${symbol} ${ocaGroup}`;
const referenceKey = ({ account, symbol, orderRef }: OrderFact): string =>
  `${account} ${symbol} ${orderRef}`;

/** Its shares that an exit of this kind could be meant for. */
function lackOf(signal: Signal, fact: OrderFact): Decimal {
  const open = openShares(signal).abs();
  if (isStop(fact)) return open.sub(signal.exposure.armed[fact.action]);
  return signal.exits.length > 0 ? open.sub(signal.exposure.exits[fact.action]) : ZERO;
}

function holdsAgainst(signal: Signal, { action }: OrderFact): boolean {
  const open = openShares(signal);
  return action === 'SELL' ? open.gt(ZERO) : open.lt(ZERO);
}

function guess(fact: OrderFact, contract: ContractBook): Signal | undefined {
  const holds = (signal: Signal): boolean => holdsAgainst(signal, fact);
  const among = isStop(fact)
    ? contract.latestBare(GUESSED_AMONG_MAX)
    : contract.latestOpen(GUESSED_AMONG_MAX);
  const lacking = among.filter((signal) => holds(signal) && lackOf(signal, fact).gt(ZERO));
  const fits = lacking.find((signal) => lackOf(signal, fact).eq(fact.quantity)) ?? lacking[0];
  if (fits) return fits;
  const holding = contract.latestOpen(GUESSED_AMONG_MAX).filter(holds);
  return holding.find((signal) => openShares(signal).abs().eq(fact.quantity)) ?? holding[0];
}

export class Attribution {
  private readonly byGroup = new Map<string, Signal>();
  private readonly lastOfReference = new Map<string, LedgerOrder>();
  private readonly latest = new Map<string, Signal>();

  constructor(
    private readonly list: SignalList,
    private readonly signals: ReadonlyMap<string, Signal>,
    /** Name on the list → the signal with its entry, or that it is on record no more. */
    private readonly listed: ReadonlyMap<string, Signal | 'archived'>,
  ) {}

  /** The signal of an exit when the exchange first shows it; undefined: of none that is on record. */
  signalOf(
    fact: OrderFact,
    parent: LedgerOrder | undefined,
    contract: ContractBook,
  ): Signal | undefined {
    if (parent?.signal) return parent.signal;
    const listed = this.list.byReference(fact.orderRef);
    const owner = listed && this.listed.get(listed.name);
    if (owner === 'archived') return undefined;
    return (
      this.inContract(owner, fact) ??
      this.byGroup.get(groupKey(fact)) ??
      this.sentAgain(fact) ??
      this.extended(fact) ??
      guess(fact, contract) ??
      this.latest.get(`${fact.account} ${fact.symbol}`)
    );
  }

  private inContract(signal: Signal | undefined, fact: OrderFact): Signal | undefined {
    const isSame = signal?.account === fact.account && signal.symbol === fact.symbol;
    return isSame ? signal : undefined;
  }

  private sentAgain(fact: OrderFact): Signal | undefined {
    if (fact.orderRef === '') return undefined;
    const last = this.lastOfReference.get(referenceKey(fact));
    return last?.signal && !isLive(last) && holdsAgainst(last.signal, fact)
      ? last.signal
      : undefined;
  }

  private extended(fact: OrderFact): Signal | undefined {
    const { orderRef, account, symbol } = fact;
    if (orderRef.length > REFERENCE_LENGTH_MAX) return undefined;
    for (let length = orderRef.length - 1; length > 0; length -= 1) {
      if (!EXTENSION.test(orderRef.slice(length))) continue;
      const signal = this.signals.get(`${account} ${symbol} ${orderRef.slice(0, length)}`);
      if (signal) return signal;
    }
    return undefined;
  }

  /** A signal's entry shows up. */
  learnEntry(signal: Signal): void {
    this.latest.set(`${signal.account} ${signal.symbol}`, signal);
  }

  /** An exit has its signal: those after it of the same group or reference have the same. */
  learnExit(order: LedgerOrder): void {
    const { fact, signal } = order;
    if (!signal) return;
    if (fact.ocaGroup !== '') this.byGroup.set(groupKey(fact), signal);
    if (fact.orderRef !== '') this.lastOfReference.set(referenceKey(fact), order);
  }

  /** An order loses its record. */
  forget(order: LedgerOrder): void {
    const { fact, signal } = order;
    if (this.byGroup.get(groupKey(fact)) === signal) this.byGroup.delete(groupKey(fact));
    const key = referenceKey(fact);
    if (this.lastOfReference.get(key) === order) this.lastOfReference.delete(key);
  }
}
