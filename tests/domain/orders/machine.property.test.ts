/** Any legal sequence of events: the numbered invariants in the header of machine.ts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, sum, text } from '../../../domain/money.js';
import { applyOrderEvent, newLeg } from '../../../domain/orders/machine.js';
import type { OrderEvent, OrderLeg } from '../../../domain/orders/leg.js';
import { ENDED } from '../../../domain/orders/table.js';
import { ORDER_STATUSES } from '../../../domain/vocabulary.js';

const TOTAL = 100;
const recorded = newLeg({ legId: 'leg-1', role: 'ENTRY', side: 'BUY', quantity: String(TOTAL) });

/** Executions as a broker would make them: keys with a first report and perhaps a correction or bust. */
const execution: fc.Arbitrary<OrderEvent> = fc
  .record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    correction: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ key, correction }) => ({
    kind: correction === 1 ? 'executed' : 'executionCorrected',
    executionId: `${key}.0${correction}`,
    executionKey: key,
    correction,
    // One report of an id always says the same; the third correction is the bust.
    quantity: correction === 3 ? '0' : String(10 * (key.charCodeAt(0) - 96) + correction),
    price: String(10 + correction),
  }));

const status: fc.Arbitrary<OrderEvent> = fc
  .record({
    status: fc.constantFrom(...ORDER_STATUSES),
    filled: fc.integer({ min: 0, max: TOTAL }),
  })
  .map(({ status: reported, filled }) => ({
    kind: 'statusReported',
    status: reported,
    filled: String(filled),
    remaining: String(TOTAL - filled),
    whyHeld: '',
  }));

const event: fc.Arbitrary<OrderEvent> = fc.oneof(
  { weight: 4, arbitrary: execution },
  { weight: 4, arbitrary: status },
  fc.constantFrom<OrderEvent>(
    { kind: 'sendStarted' },
    { kind: 'sendFailed', message: 'x' },
    { kind: 'outcomeUnknown', message: 'x' },
    { kind: 'acknowledged' },
    { kind: 'rejected', code: 201, message: 'x' },
    { kind: 'cancelRequested' },
    { kind: 'cancelRejected', code: 10148, message: 'x' },
    { kind: 'cancelled' },
    { kind: 'expired' },
    { kind: 'provenAbsent' },
    { kind: 'foundPresent', status: 'ACCEPTED', whyHeld: '' },
    { kind: 'foundPresent', status: 'CANCELLED', whyHeld: '' },
  ),
);
const events = fc.array(event, { maxLength: 25 });
const RUNS = { numRuns: 3_000 };

function walk(
  sequence: readonly OrderEvent[],
  look: (before: OrderLeg, e: OrderEvent, after: OrderLeg) => void,
): OrderLeg {
  return sequence.reduce((before, e) => {
    const { leg } = applyOrderEvent(before, e);
    look(before, e, leg);
    return leg;
  }, recorded);
}

const isExecution = (
  e: OrderEvent,
): e is Extract<OrderEvent, { kind: 'executed' | 'executionCorrected' }> =>
  e.kind === 'executed' || e.kind === 'executionCorrected';

test('[PRF-4] invariant 1: filled is the sum of the executions, and falls only by a correction', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (before, e, after) => {
        expect(after.filledQuantity).toBe(
          text(sum(after.executions.map((x) => decimal(x.quantity)))),
        );
        const fell = decimal(after.filledQuantity).lt(decimal(before.filledQuantity));
        if (fell) expect(e.kind).toBe('executionCorrected');
      });
    }),
    RUNS,
  );
});

test('[PRF-4] invariant 2: an event applied twice is an event applied once', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (_before, e, after) => {
        const again = applyOrderEvent(after, e);
        expect(again.changed).toBe(false);
        expect(again.leg).toBe(after);
      });
    }),
    RUNS,
  );
});

test('[PRF-4] invariant 3: what the broker ended stays ended, or becomes EXECUTED by executions', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (before, e, after) => {
        if (!ENDED.has(before.status) || after.status === before.status) return;
        expect(after.status).toBe('EXECUTED');
        expect(decimal(after.filledQuantity).gt(0)).toBe(true);
        void e;
      });
    }),
    RUNS,
  );
});

test('[TRD-12] [PRF-4] invariants 4 and 7: executions count in every state and in any order', () => {
  const highest = (sequence: readonly OrderEvent[]) => {
    const best = new Map<string, OrderEvent & { correction: number; quantity: string }>();
    for (const e of sequence.filter(isExecution)) {
      const known = best.get(e.executionKey);
      if (!known || e.correction > known.correction) best.set(e.executionKey, e);
    }
    return text(sum([...best.values()].map((e) => decimal(e.quantity))));
  };
  fc.assert(
    fc.property(events, fc.infiniteStream(fc.nat()), (sequence, order) => {
      const shuffled = [...sequence]
        .map((e) => ({ e, at: order.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ e }) => e);
      expect(walk(sequence, () => undefined).filledQuantity).toBe(highest(sequence));
      expect(walk(shuffled, () => undefined).filledQuantity).toBe(highest(sequence));
    }),
    RUNS,
  );
});

test('[PRF-4] invariant 5: FAILED yields to the broker, and to nothing else but a new send', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (before, e, after) => {
        if (before.status !== 'FAILED' || after.status === 'FAILED') return;
        const ours = [
          'sendFailed',
          'outcomeUnknown',
          'provenAbsent',
          'cancelRequested',
          'cancelRejected',
        ];
        expect(ours).not.toContain(e.kind);
      });
    }),
    RUNS,
  );
});

test('[PRF-4] invariant 6: EXECUTED is entered only with executions that cover the order', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (before, _e, after) => {
        if (after.status !== 'EXECUTED' || before.status === 'EXECUTED') return;
        const filled = decimal(after.filledQuantity);
        // What was taken back since did come, and the broker's own figure counts it.
        const came = sum(after.executions.map(({ toldQuantity }) => decimal(toldQuantity)));
        const isDone = after.reported?.done === true && came.gte(decimal(after.reported.filled));
        const isWhole = filled.gte(decimal(after.quantity)) || filled.gte(TOTAL);
        expect(came.gt(0) && (isDone || isWhole)).toBe(true);
      });
    }),
    RUNS,
  );
});

test('[BRK-2] [PRF-4] invariant 8: UNKNOWN begins at a send under way and ends by evidence', () => {
  fc.assert(
    fc.property(events, (sequence) => {
      walk(sequence, (before, e, after) => {
        if (after.status === 'UNKNOWN' && before.status !== 'UNKNOWN') {
          expect([e.kind, before.intent, before.status]).toStrictEqual([
            'outcomeUnknown',
            'SENDING',
            'PENDING',
          ]);
        }
        if (before.status === 'UNKNOWN' && after.status === 'FAILED') {
          expect(e.kind).toBe('provenAbsent');
        }
      });
    }),
    RUNS,
  );
});
