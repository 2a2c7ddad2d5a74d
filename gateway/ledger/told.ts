/**
 * What the recorder has written already, so that a start writes only what a kill kept from the journal.
 * Of each order a hash of its last fact, of each execution whether its commission is known, of each
 * position the last one.
 */
import { createHash } from 'node:crypto';
import type { LedgerInput } from './inputs.js';
import type { Fact } from './facts.js';

/**
 * All that the exchange tells at a start (50,000 finished orders of today, and as many executions), and as
 * many live ones; an older one would be written again, which the books take for what it is.
 */
const REMEMBERED_MAX = 100_000;
/** Of a sha1 in base64: 72 bits, enough to tell an order from itself. */
const HASH_CHARS = 12;

function hashOf(body: unknown): string {
  return createHash('sha1').update(JSON.stringify(body)).digest('base64').slice(0, HASH_CHARS);
}

/** Puts an entry at the end, and forgets the oldest beyond the bound. */
function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size <= REMEMBERED_MAX) return;
  for (const oldest of memory.keys()) {
    memory.delete(oldest);
    return;
  }
}

interface SavedMemory {
  orders: [number, string][];
  executions: [string, boolean][];
  positions: [string, string][];
}

export class Told {
  private readonly orders: Map<number, string>;
  private readonly executions: Map<string, boolean>;
  private readonly positions: Map<string, string>;

  /** `saved`: what `toJSON` gave, read again. */
  constructor(saved?: unknown) {
    const memory = saved as SavedMemory | undefined;
    this.orders = new Map(memory?.orders);
    this.executions = new Map(memory?.executions);
    this.positions = new Map(memory?.positions);
  }

  /** Takes note of a fact that is in the journal; false if it tells nothing beyond those before it. */
  note(fact: Fact | LedgerInput): boolean {
    if (fact.kind === 'order') return this.noteOrder(fact.order);
    if (fact.kind === 'execution') {
      if (this.executions.has(fact.execution.execId)) return false;
      remember(this.executions, fact.execution.execId, false);
    } else if (fact.kind === 'commission') {
      if (this.executions.get(fact.execId)) return false;
      remember(this.executions, fact.execId, true);
    } else if (fact.kind === 'position') {
      const key = `${fact.account} ${fact.symbol}`;
      if (this.positions.get(key) === fact.position) return false;
      this.positions.set(key, fact.position);
    }
    return true;
  }

  private noteOrder(order: { permId: number }): boolean {
    const hash = hashOf(order);
    if (this.orders.get(order.permId) === hash) return false;
    remember(this.orders, order.permId, hash);
    return true;
  }

  toJSON(): SavedMemory {
    const { orders, executions, positions } = this;
    return { orders: [...orders], executions: [...executions], positions: [...positions] };
  }
}
