/**
 * The one picture of the broker (BRK-12). The lists are asked for in one go, open orders first: an order
 * that ends meanwhile is then in the first list or in the second, never in neither.
 */
import type { Snapshot } from '../../domain/broker/snapshot.js';
import type { ConnectionState, Listing, OrderReport } from '../port.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { hasEnded } from '../../domain/orders/table.js';
import type { History } from './history.js';

export interface SnapshotParts {
  readonly nowMs: () => EpochMs;
  readonly state: () => ConnectionState;
  readonly history: History;
  /** How many order messages were written up to now. */
  readonly writes: () => number;
  /** How many messages of the broker could not be read up to now. */
  readonly losses: () => number;
}

interface Reading {
  readonly result: Promise<Snapshot>;
  readonly writesBefore: number;
}

export class Snapshots {
  private running: Reading | null = null;
  private next: Promise<Snapshot> | null = null;

  constructor(private readonly parts: SnapshotParts) {}

  /** Callers share the reading that runs, unless something was written since it began. */
  take(): Promise<Snapshot> {
    const { running } = this;
    if (!running) return this.begin();
    if (running.writesBefore === this.parts.writes()) return running.result;
    this.next ??= running.result.then(() => {
      this.next = null;
      return this.begin();
    });
    return this.next;
  }

  private begin(): Promise<Snapshot> {
    const result = this.read().finally(() => {
      if (this.running === reading) this.running = null;
    });
    const reading: Reading = { result, writesBefore: this.parts.writes() };
    this.running = reading;
    return result;
  }

  private async read(): Promise<Snapshot> {
    const { nowMs, state, history, losses } = this.parts;
    const before = state();
    const lossesBefore = losses();
    const startedAtMs = nowMs();
    const [orders, completed, executions, positions] = await Promise.all([
      whole(history.openOrders()),
      whole(history.completedOrders()),
      whole(history.executions()),
      whole(history.positions()),
    ]);
    const problems = [
      ...differences(before, state()),
      ...(losses() === lossesBefore ? [] : ['a message of the broker could not be read meanwhile']),
      ...[orders, completed, executions, positions].flatMap(({ problem }) => problem ?? []),
    ];
    const [problem] = problems;
    return {
      generation: before.generation,
      generationSinceMs: before.generationSinceMs ?? startedAtMs,
      startedAtMs,
      endedAtMs: nowMs(),
      isComplete: problem === undefined,
      ...(problem !== undefined && { problem }),
      ...byEnd(orders.items, completed.items),
      executions: executions.items,
      positions: positions.items,
    };
  }
}

/** What makes lists of this time prove nothing. */
function differences(before: ConnectionState, after: ConnectionState): string[] {
  if (before.socket !== 'up' || after.socket !== 'up') return [`not connected: ${after.reason}`];
  if (before.generation !== after.generation) return ['the connection broke while it was read'];
  return after.brokerServers ? [] : [`the gateway has no servers: ${after.reason}`];
}

interface Part<T> {
  readonly items: readonly T[];
  readonly problem: string | null;
}

async function whole<T>(asked: Promise<Listing<T>>): Promise<Part<T>> {
  try {
    const { items, complete } = await asked;
    return { items, problem: complete ? null : 'a list came without its end' };
  } catch (error) {
    return { items: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Orders that ended while they were listed belong to the completed ones. */
function byEnd(
  listed: readonly OrderReport[],
  completed: readonly OrderReport[],
): Pick<Snapshot, 'orders' | 'completed'> {
  const known = new Set(completed.map(({ brokerOrderId }) => brokerOrderId));
  const ended = listed.filter(({ status, brokerOrderId }) => {
    return hasEnded(status) && (brokerOrderId === null || !known.has(brokerOrderId));
  });
  return {
    orders: listed.filter(({ status }) => !hasEnded(status)),
    completed: [...completed, ...ended],
  };
}
