/** The conformance suite itself: it notices an adapter that is wrong, and takes one that can do less. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrokerEvent, ErrorClass, OrderError } from '../../broker/port.js';
import type { Case, World } from '../../conformance/case.js';
import { playCase, playSuite } from '../../conformance/play.js';
import { SUITE } from '../../conformance/suite.js';
import { tidyUp } from '../../conformance/tidy.js';
import * as broken from './support/broken-ports.js';
import type { Break } from './support/broken-ports.js';
import { paperWorld } from './support/conformance-world.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';

let paper: Paper;
let world: World;

beforeAll(async () => {
  paper = await startPaper();
  // A break that makes something never come is noticed by waiting in vain.
  world = paperWorld(paper, { patienceMs: 3_000 });
});

afterAll(() => paper.stop());

function caseNamed(number: string): Case {
  const found = SUITE.find((one) => one.number === number);
  if (!found) throw new Error(`there is no case ${number}`);
  return found;
}

const erring = (change: (error: OrderError) => Partial<OrderError>): Break =>
  broken.telling((event) =>
    event.kind === 'order_error'
      ? { ...event, error: { ...event.error, ...change(event.error) } }
      : event,
  );

const without = (kind: BrokerEvent['kind']): Break =>
  broken.telling((event) => (event.kind === kind ? null : event));

const REJECTION: ErrorClass = 'rejection';

const BREAKS: readonly [number: string, wrong: string, port: Break, why: RegExp][] = [
  [
    'C-02',
    'takes a picture of any generation',
    (port) => ({ ...port, declareSynced: () => port.declareSynced(port.state().generation) }),
    /older picture/,
  ],
  [
    'C-08',
    'tells prices that are no decimals',
    (port) => ({
      ...port,
      quoteSnapshot: async (of) => ({ ...(await port.quoteSnapshot(of)), bid: '1e2' }),
    }),
    /decimal/,
  ],
  [
    'C-12',
    'loses the reference in its lists',
    broken.showingOrders((report) => ({ ...report, clientOrderId: null })),
    /listed once/,
  ],
  [
    'C-13',
    'reads a stop back at another price',
    broken.showingOrders((report) => ({
      ...report,
      terms: report.terms && { ...report.terms, stopPrice: '1' },
    })),
    /what was sent is read back: .*stopPrice/,
  ],
  [
    'C-21',
    'tells executions without their reference',
    broken.telling((event) =>
      event.kind === 'execution'
        ? { ...event, report: { ...event.report, clientOrderId: null } }
        : event,
    ),
    /executions of 10 shares/,
  ],
  ['C-22', 'tells of no execution', without('execution'), /in vain for executions/],
  [
    'C-23',
    'guesses the account of a commission',
    broken.telling((event) =>
      event.kind === 'commission'
        ? { ...event, report: { ...event.report, account: 'DU1' } }
        : event,
    ),
    /account of its execution/,
  ],
  [
    'C-33',
    'takes a refused modification for a refused order',
    erring(() => ({ about: 'order' })),
    /refused is the modification/,
  ],
  [
    'C-35',
    'takes a verdict on a cancel for one on the order',
    erring(() => ({ about: 'order', errorClass: REJECTION })),
    /verdict on a cancel/,
  ],
  [
    'C-39',
    'forgets whose child an exit is',
    broken.showingOrders((report) => ({ ...report, parentSessionOrderId: null })),
    /entry's child/,
  ],
  ['C-49', 'swallows refusals', without('order_error'), /in vain for a refusal/],
  [
    'C-57',
    'writes without asking the guard',
    broken.writing((slot) => (group) => slot.write(group, () => undefined)),
    /guard stops the write/,
  ],
  ['C-58', 'doesn’t say that it refused', broken.vagueRefusals, /writes nothing/],
  [
    'C-59',
    'lets entries go before protection',
    (port) => ({
      ...port,
      openSlot: (request) =>
        port.openSlot({ ...request, priority: request.priority === 'entry' ? 'protect' : 'entry' }),
    }),
    /protection goes before entries/,
  ],
  [
    'C-61',
    'gives amounts with an exponent',
    broken.showingOrders((report) => ({ ...report, remainingQuantity: '1e1' })),
    /plain decimal/,
  ],
  [
    'C-62',
    'calls a picture whole that it never took',
    broken.showing((snapshot) => ({ ...snapshot, isComplete: true })),
    /proves nothing/,
  ],
  [
    'C-66',
    'shows its own orders alone',
    broken.showing((snapshot) => ({
      ...snapshot,
      orders: snapshot.orders.filter(({ sessionClientId }) => sessionClientId === 7),
    })),
    /another session's orders/,
  ],
  ['C-70', 'calls a write unsent that left', broken.denyingWrites, /not called unsent/],
  [
    'C-72',
    'sends what it says it can’t',
    broken.lacking({ nativeBrackets: false }, false),
    /nativeBrackets is refused/,
  ],
];

describe('an adapter of which one thing is wrong', () => {
  test.each(BREAKS)('[BRK-9] %s notices one that %s', async (number, _wrong, port, why) => {
    const result = await playCase(caseNamed(number), broken.withBreak(world, port));
    expect(result.outcome).toBe('broken');
    expect(result.why).toMatch(why);
    // What a broken adapter has left, a good one takes away.
    expect(await tidyUp(world, null)).toEqual([]);
  });
});

test('[BRK-9] shares are not sold beside exits that can not be cancelled: both are told', async () => {
  await paper.fault({ name: 'cancel-dropped', count: 100 });
  // The gateway's calm knows nothing of this fault.
  const { left, outcome } = await playCase(caseNamed('C-44'), world);
  expect(outcome).toBe('broken');
  expect(left).toEqual([
    expect.stringMatching(/c44-(stop|target) .*ACCEPTED/),
    expect.stringMatching(/c44-(stop|target) .*ACCEPTED/),
    '10 shares of SPY bought',
  ]);
  await paper.fault({ name: 'cancel-dropped', count: 0 });
  expect(await tidyUp(world, null)).toEqual([]);
}, 60_000);

test('[BRK-9] a broker with fewer capabilities plays what it can, and says what it can not', async () => {
  const fewer = {
    orderTypes: ['MKT', 'LMT', 'STP', 'STP LMT'],
    nativeBrackets: false,
    ocaGroups: false,
    modifyOrders: false,
  } as const;
  const numbers = ['C-12', 'C-15', 'C-32', 'C-39', 'C-47', 'C-72'];
  const poor = broken.withBreak(world, broken.lacking(fewer, true));
  const results = await playSuite(numbers.map(caseNamed), poor);
  expect(results.map(({ number, outcome, why }) => [number, outcome, why])).toEqual([
    ['C-12', 'held', ''],
    ['C-15', 'not supported', 'the broker has no TRAIL'],
    ['C-32', 'not supported', 'the broker has no modifyOrders'],
    ['C-39', 'not supported', 'the broker has no nativeBrackets'],
    ['C-47', 'not supported', 'the broker has no ocaGroups'],
    ['C-72', 'held', ''],
  ]);
});

test('[BRK-9] each case has a number of its own, and they stand in their order', () => {
  const numbers = SUITE.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect([...numbers].sort()).toEqual(numbers);
  expect(SUITE.every(({ requirements }) => requirements.length > 0)).toBe(true);
});
