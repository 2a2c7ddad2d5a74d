/** The conformance suite over SnapTrade (BRK-9): its official SDK against a stub of its HTTP API. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { supports } from '../../conformance/case.js';
import type { Case, CaseResult, World } from '../../conformance/case.js';
import { playCase } from '../../conformance/play.js';
import { SUITE } from '../../conformance/suite.js';
import { CAPABILITIES } from '../../broker/snaptrade/capabilities.js';
import { startStub } from '../../snaptrade-stub/stub.js';
import type { Stub } from '../../snaptrade-stub/stub.js';
import { stubWorld } from './support/snaptrade-world.js';

let stub: Stub;
let world: World;

beforeAll(async () => {
  stub = await startStub({ requestsPerMinute: 100_000 });
  world = stubWorld(stub);
});

afterAll(() => stub.stop());

const CASE_LIMIT_MS = 90_000;

/** One user has one login, so nobody else's session can be told from this one. */
const NOT_POSSIBLE = ['C-66', 'C-67'];
const NOT_SUPPORTED = SUITE.filter((one) => missingOf(one) !== undefined);

function missingOf({ needs }: Case) {
  return needs.find((need) => !supports(CAPABILITIES, need));
}

function wanted(one: Case): Partial<CaseResult> {
  if (NOT_POSSIBLE.includes(one.number)) return { outcome: 'not possible here' };
  const missing = missingOf(one);
  if (missing !== undefined) {
    return { outcome: 'not supported', why: `the broker has no ${missing}` };
  }
  return { outcome: 'held', why: '', left: [] };
}

describe('every case that SnapTrade can play holds over the stub', () => {
  test.each(SUITE.map((one) => [one.number, one.title, one] as const))(
    '[BRK-9] %s %s',
    async (_number, _title, one) => {
      expect(await playCase(one, world)).toMatchObject(wanted(one));
    },
    CASE_LIMIT_MS,
  );

  test('[BRK-9] what is not supported is brackets, groups, trailing, dates, streams and commissions alone', () => {
    expect([...new Set(NOT_SUPPORTED.map(missingOf))].sort()).toEqual([
      ...['TRAIL', 'commissions', 'goodTillDate', 'nativeBrackets', 'ocaGroups', 'streamingQuotes'],
    ]);
    expect(SUITE.length - NOT_SUPPORTED.length - NOT_POSSIBLE.length).toBeGreaterThan(40);
  });

  test('[BRK-2] no order was sent twice, and nothing is left', () => {
    const ids = stub.book.orders.flatMap(({ clientOrderId }) => clientOrderId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(stub.book.orders.filter(({ status }) => /^(ACCEPTED|PARTIAL)$/.test(status))).toEqual(
      [],
    );
    expect(stub.book.positionsOf(world.account)).toEqual([]);
  });
});
