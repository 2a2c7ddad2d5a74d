/** Generated disorder: every kind is found for what it is, nothing else is, in whatever order it stands. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compare } from '../../../domain/reconcile/compare.js';
import { FINDING_KINDS, type FindingKind, type Step } from '../../../domain/reconcile/finding.js';
import { healthy, orderOf, othersOnly, pairOf, position, reference, type Side } from './pair.js';

interface Disorder {
  readonly kinds: readonly FindingKind[];
  readonly step: Step;
  /** What is wrong at the broker or in the books of a healthy contract. */
  readonly make: (id: number, external: number) => Side;
  /** What the database knows of it, where that isn't all. */
  readonly known?: (id: number, external: number) => Side;
}

const heldOf = (side: Side): number => Number(side.trades[0]?.held ?? '0');

const DISORDERS: Readonly<Record<string, Disorder>> = {
  'shares came by a transfer': {
    ...{ kinds: ['external_position'], step: 'count_external' },
    make: (id, external) => ({
      ...othersOnly(id, external),
      positions: [position(id, external + 7)],
    }),
  },
  'shares of others are gone': {
    ...{ kinds: ['external_position'], step: 'count_external' },
    make: (id, external) => ({ ...othersOnly(id, external + 3), positions: [] }),
  },
  'shares stand where nothing is held any more': {
    ...{ kinds: ['unexplained_position'], step: 'quarantine' },
    make: (id, external) => {
      const { contract } = healthy(id, external);
      const flat = { ...contract, managed: '0', averageCost: null };
      return {
        ...othersOnly(id, external),
        contract: flat,
        positions: [position(id, external + 5)],
      };
    },
  },
  'the broker holds nothing': {
    ...{ kinds: ['position_gone'], step: 'book_outside' },
    make: (id) => ({ ...healthy(id, 0), positions: [] }),
  },
  'the broker holds the other direction': {
    ...{ kinds: ['position_gone'], step: 'book_outside' },
    make: (id) => {
      const side = healthy(id, 0);
      return { ...side, positions: [position(id, -heldOf(side) - 1)] };
    },
  },
  'the broker holds one share less': {
    ...{ kinds: ['position_less'], step: 'book_outside' },
    make: (id, external) => {
      const side = healthy(id, external);
      return { ...side, positions: [position(id, heldOf(side) + external - 1)] };
    },
  },
  'the broker holds one share more': {
    ...{ kinds: ['position_more'], step: 'quarantine' },
    make: (id, external) => {
      const side = healthy(id, external);
      return { ...side, positions: [position(id, heldOf(side) + external + 1)] };
    },
  },
  'others have sold what a trade holds': {
    ...{ kinds: ['closed_outside'], step: 'book_outside' },
    make: (id) => healthy(id, -4),
  },
  'a split two for one': {
    ...{ kinds: ['corporate_action'], step: 'quarantine' },
    make: (id) => ({
      ...healthy(id, 0),
      positions: [position(id, 2 * heldOf(healthy(id, 0)), '50')],
    }),
  },
  'a reverse split one for ten': {
    ...{ kinds: ['corporate_action'], step: 'quarantine' },
    make: (id) => ({
      ...healthy(id, 0),
      positions: [position(id, heldOf(healthy(id, 0)) / 10, '1000')],
    }),
  },
  'the books do not add up': {
    ...{ kinds: ['books_differ', 'unprotected'], step: 'ask' },
    make: (id, external) => {
      const side = healthy(id, external);
      const held = String(heldOf(side) + 2);
      return { ...side, trades: side.trades.map((trade) => ({ ...trade, held })) };
    },
  },
  'a stop is not at the broker': {
    ...{ kinds: ['order_missing'], step: 'wait' },
    make: (id, external) => ({ ...healthy(id, external), orders: [] }),
  },
  'an order works that was counted as ended': {
    ...{ kinds: ['order_without_trade'], step: 'repair' },
    make: (id, external) => {
      const side = healthy(id, external);
      const { legs } = side.trades[0]!;
      const old = { ...legs[0]!, clientOrderId: reference(`old-${id}`) };
      return {
        ...side,
        orders: [...side.orders, orderOf(old, id, { brokerOrderId: `old-${id}` })],
      };
    },
  },
  'an order that the database lacks': {
    ...{ kinds: ['unknown_reference'], step: 'ask' },
    known: healthy,
    make: (id, external) => {
      const side = healthy(id, external);
      const lost = { ...side.trades[0]!.legs[0]!, clientOrderId: reference(`lost-${id}`) };
      return {
        ...side,
        orders: [...side.orders, orderOf(lost, id, { brokerOrderId: `lost-${id}` })],
      };
    },
  },
  'an order of somebody else': {
    ...{ kinds: ['foreign_order'], step: 'none' },
    make: (id, external) => {
      const side = healthy(id, external);
      const theirs = { clientOrderId: 'theirs', brokerOrderId: `theirs-${id}` };
      return { ...side, orders: [...side.orders, orderOf(side.trades[0]!.legs[0]!, id, theirs)] };
    },
  },
  'an execution that could not be booked': {
    ...{ kinds: ['execution_unbooked'], step: 'ask' },
    known: (id, external) => {
      const side = healthy(id, external);
      const executions = side.executions.map((row) => ({ ...row, executionId: 'another' }));
      return { ...side, executions };
    },
    make: healthy,
  },
  'a stop that is held': {
    ...{ kinds: ['unprotected'], step: 'repair' },
    make: (id, external) => withLeg(healthy(id, external), { whyHeld: 'locate' }),
  },
  'a stop of too many shares': {
    ...{ kinds: ['excess'], step: 'repair' },
    make: (id, external) => withLeg(healthy(id, external), { quantity: '100000' }),
  },
};

function withLeg(side: Side, change: object): Side {
  const trades = side.trades.map((trade) => ({
    ...trade,
    legs: trade.legs.map((leg) => ({ ...leg, ...change })),
  }));
  return { ...side, trades };
}

const NAMES = Object.keys(DISORDERS);

/** What each contract is: healthy, of others alone, or in one of the disorders. */
const world = fc.array(
  fc.record({ is: fc.constantFrom('healthy', 'others', ...NAMES), external: fc.nat({ max: 50 }) }),
  { maxLength: 12 },
);

type World = readonly { readonly is: string; readonly external: number }[];

function makeWorld(contracts: World): { sides: Side[]; known: Side[] } {
  const make = (isKnown: boolean) =>
    contracts.map(({ is, external }, index): Side => {
      if (is === 'healthy') return healthy(index, external);
      if (is === 'others') return othersOnly(index, external);
      const disorder = DISORDERS[is]!;
      return (isKnown ? (disorder.known ?? disorder.make) : disorder.make)(index, external);
    });
  return { sides: make(false), known: make(true) };
}

describe('the comparison', () => {
  test('[REC-2] finds each disorder for what it is, and nothing where there is none', () => {
    fc.assert(
      fc.property(world, (contracts) => {
        const { sides, known } = makeWorld(contracts);
        const { books, snapshot } = pairOf(sides, known);
        const found = compare(books, snapshot).findings.map(({ kind }) => kind);
        const wanted = contracts.flatMap(({ is }) => DISORDERS[is]?.kinds ?? []);
        expect([...found].sort()).toEqual([...wanted].sort());
      }),
      { numRuns: 400 },
    );
  });

  test('[REC-2] is the same in whatever order books and picture stand', () => {
    fc.assert(
      fc.property(world, (contracts) => {
        const { sides, known } = makeWorld(contracts);
        const one = pairOf(sides, known);
        const other = pairOf([...sides].reverse(), [...known].reverse());
        expect(compare(other.books, other.snapshot)).toEqual(compare(one.books, one.snapshot));
      }),
    );
  });

  test.each(NAMES)('[REC-2] %s: one step, in words', (name) => {
    const { kinds, step, make, known } = DISORDERS[name]!;
    const { books, snapshot } = pairOf([make(3, 20)], [(known ?? make)(3, 20)]);
    const [first] = compare(books, snapshot).findings;
    expect(first).toMatchObject({ kind: kinds[0], step });
    expect(first!.summary).not.toBe('');
    expect(first!.why).not.toBe('');
  });

  test('[REC-2] what is of others is never proposed to be touched', () => {
    fc.assert(
      fc.property(world, (contracts) => {
        const { sides, known } = makeWorld(contracts);
        const { books, snapshot } = pairOf(sides, known);
        for (const { kind, step, tradeIds } of compare(books, snapshot).findings) {
          if (kind === 'foreign_order')
            expect({ step, tradeIds }).toEqual({ step: 'none', tradeIds: [] });
          if (kind === 'external_position') expect(step).toBe('count_external');
        }
      }),
    );
  });

  test('every kind but those of the database alone has a disorder here', () => {
    const covered = new Set(Object.values(DISORDERS).flatMap(({ kinds }) => kinds));
    const missing = Object.keys(FINDING_KINDS).filter((kind) => !covered.has(kind as FindingKind));
    expect(missing).toEqual(['missed_execution', 'reservation_leaked', 'reservation_short']);
  });
});
