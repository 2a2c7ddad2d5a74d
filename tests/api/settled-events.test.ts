/** [API-1] Which events are settled: pure. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MARK_WAIT_MAX_MS,
  NOTHING_SETTLED,
  settle,
  type Settled,
} from '../../app/settled-events.js';

const look = (newest: bigint, oldestRunning: bigint, nextTransaction: bigint) => ({
  ...{ newest, oldestRunning, nextTransaction },
});

describe('[API-1] events are settled', () => {
  test('when nothing runs, at the second look', () => {
    const first = settle(NOTHING_SETTLED, look(7n, 100n, 100n), 0);
    expect(first.upTo).toBeNull();
    expect(settle(first, look(9n, 101n, 101n), 150).upTo).toBe(7n);
  });

  test('not while a transaction runs that had begun by the second look', () => {
    let state = settle(NOTHING_SETTLED, look(7n, 90n, 100n), 0);
    state = settle(state, look(8n, 90n, 102n), 150);
    state = settle(state, look(9n, 101n, 110n), 300);
    expect(state.upTo).toBeNull();
    expect(settle(state, look(12n, 102n, 111n), 450).upTo).toBe(7n);
  });

  test('by a transaction without end not for ever', () => {
    let state = settle(NOTHING_SETTLED, look(7n, 90n, 100n), 0);
    state = settle(state, look(8n, 90n, 102n), MARK_WAIT_MAX_MS - 1);
    expect(state.upTo).toBeNull();
    expect(settle(state, look(8n, 90n, 103n), MARK_WAIT_MAX_MS).upTo).toBe(7n);
  });

  test('only when no event of a lower id can still appear, whatever the order of commits', () => {
    // Each transaction takes ids one by one and commits at any time; what is settled must be visible whole.
    const step = fc.record({ writer: fc.nat(3), does: fc.constantFrom('write', 'commit', 'look') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const world = new World();
        let state: Settled = NOTHING_SETTLED;
        for (const [at, { writer, does }] of steps.entries()) {
          if (does === 'write') world.write(writer);
          else if (does === 'commit') world.commit(writer);
          else state = settle(state, world.look(), at);
          const { upTo } = state;
          if (upTo !== null) expect(world.hidden.every((id) => id > upTo)).toBe(true);
        }
      }),
    );
  });
});

/** A database of four writers: what they wrote is seen when they commit. */
class World {
  private nextId = 1n;
  private nextTransaction = 1n;
  private visible = 0n;
  private readonly open = new Map<number, { readonly id: bigint; readonly rows: bigint[] }>();

  write(writer: number): void {
    const transaction = this.open.get(writer) ?? { id: this.nextTransaction++, rows: [] };
    transaction.rows.push(this.nextId++);
    this.open.set(writer, transaction);
  }

  commit(writer: number): void {
    for (const id of this.open.get(writer)?.rows ?? []) {
      if (id > this.visible) this.visible = id;
    }
    this.open.delete(writer);
  }

  get hidden(): bigint[] {
    return [...this.open.values()].flatMap(({ rows }) => rows);
  }

  look() {
    const running = [...this.open.values()].map(({ id }) => id);
    const oldestRunning = running.reduce((a, b) => (a < b ? a : b), this.nextTransaction);
    return { newest: this.visible, oldestRunning, nextTransaction: this.nextTransaction };
  }
}
