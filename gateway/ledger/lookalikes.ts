/**
 * The verdict on re-referenced entries, as far as it can be told without a list of signals (entries.ts).
 *
 * Rule: an accepted entry B of the same account, symbol and side as an accepted entry A, of about its
 * quantity (within 10 %: an engine that sizes anew on a moved quote comes to another number), under another reference, by the same sender (same client id, or references alike up to their last `-`),
 * sent while A's outcome was unknown to that sender. Unknown means: no frame about any order of A's
 * signal had been written to B's connection, and A was either never told to anybody or is still working
 * or open. (A finished entry that somebody was told of has a known outcome for good.) Within A's own
 * connection an answer that is only under way is no unknown outcome: signals come in bursts.
 */
import { decimal, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { RequestFact } from './inputs.js';
import { isUnfinished } from './signals.js';
import type { Signal } from './signals.js';

/** So long an answer may be under way; an engine that gives up sooner has not waited at all. */
const PATIENCE_MS = 2_000;

function refPrefix(orderRef: string): string | undefined {
  const end = orderRef.lastIndexOf('-');
  return end > 0 ? orderRef.slice(0, end) : undefined;
}

function haveSamePrefix(first: string, second: string): boolean {
  const prefix = refPrefix(first);
  return prefix !== undefined && prefix === refPrefix(second);
}

/** Quotes rarely move a size by more between two tries; two strategies' sizes mostly differ by more. */
const SIZE_TOLERANCE = decimal('0.1');

/** Whether two sizes are about the same. */
export function isAlike(first: Decimal, second: Decimal): boolean {
  return first.sub(second).abs().lte(max(first, second).mul(SIZE_TOLERANCE));
}

function signature(fact: Pick<RequestFact, 'account' | 'symbol' | 'action'>): string {
  return `${fact.account} ${fact.symbol} ${fact.action}`;
}

/** Signals of one look and one client: all of them, and those its present connection can't know of. */
interface Kin {
  all: Set<Signal>;
  untold: Set<Signal>;
}

/** Signals by what their entry looks like, as long as they could be re-referenced. */
export class Lookalikes {
  /** Signature → client id of the entry → signals. */
  private readonly kin = new Map<string, Map<number, Kin>>();
  /** How often each client id has connected: names its present connection. */
  private readonly connections = new Map<number, number>();

  /** A client connects: its new connection knows of nothing yet. */
  connected(clientId: number): void {
    this.connections.set(clientId, this.connectionOf(clientId) + 1);
    for (const byClient of this.kin.values()) {
      const own = byClient.get(clientId);
      if (own) for (const signal of own.all) own.untold.add(signal);
    }
  }

  private connectionOf(clientId: number): number {
    return this.connections.get(clientId) ?? 0;
  }

  /** An entry was accepted. */
  add(signal: Signal, atMs: number): void {
    signal.sent = { atMs, connection: this.connectionOf(signal.clientId) };
    const key = signature(signal);
    const byClient = this.kin.get(key) ?? new Map<number, Kin>();
    this.kin.set(key, byClient);
    const own = byClient.get(signal.clientId) ?? { all: new Set(), untold: new Set() };
    byClient.set(signal.clientId, own);
    own.all.add(signal);
    own.untold.add(signal);
  }

  /** A client's present connection was told of one of the signal's orders. */
  told(signal: Signal, clientId: number): void {
    signal.told.set(clientId, this.connectionOf(clientId));
    const own = this.kin.get(signature(signal))?.get(clientId);
    own?.untold.delete(signal);
    this.review(signal);
  }

  /** Forgets a signal that is known and over. Call when it was told of, or has changed. */
  review(signal: Signal): void {
    if (signal.told.size === 0 || isUnfinished(signal)) return;
    const key = signature(signal);
    const byClient = this.kin.get(key);
    const own = byClient?.get(signal.clientId);
    own?.all.delete(signal);
    own?.untold.delete(signal);
    if (own?.all.size === 0) byClient?.delete(signal.clientId);
    if (byClient?.size === 0) this.kin.delete(key);
  }

  /** Its answer can still be expected over the connection by which it came. */
  private isUnderWay({ sent, clientId }: Signal, atMs: number): boolean {
    return sent.connection === this.connectionOf(clientId) && atMs - sent.atMs < PATIENCE_MS;
  }

  /** Signals whose outcome the sender of this request does not know, by the rule above. */
  unknownTo(clientId: number, request: RequestFact, atMs: number): Signal[] {
    const byClient = this.kin.get(signature(request));
    const size = decimal(request.quantity);
    const found: Signal[] = [];
    for (const [sender, { all, untold }] of byClient ?? []) {
      for (const signal of sender === clientId ? untold : all) {
        if (signal.orderRef === request.orderRef) continue;
        if (signal.told.get(clientId) === this.connectionOf(clientId)) continue;
        if (this.isUnderWay(signal, atMs)) continue;
        const isKin = sender === clientId || haveSamePrefix(signal.orderRef, request.orderRef);
        if (isKin && isAlike(signal.approved, size)) found.push(signal);
      }
    }
    return found;
  }
}
