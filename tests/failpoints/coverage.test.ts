/** Every failpoint of the table is passed by real runs: one that no run passes is a lie of the table. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { passed } from '../../failpoints/arm.js';
import { FAILPOINT_NAMES, FAILPOINTS } from '../../failpoints/table.js';
import { startPointedStack, type PointedStack } from './support/pointed-stack.js';
import { AFTER_THAT, FIRST, LAST, LEASE_TTL_MS } from './support/runs.js';

let pointed: PointedStack;

beforeAll(async () => {
  pointed = await startPointedStack({
    LEASE_TTL_MS: String(LEASE_TTL_MS),
    LEASE_RENEW_MS: '1000',
    ACK_TIMEOUT_MS: '2000',
    // Many trades at once.
    MAX_OPEN_POSITIONS: '100',
    MAX_SECTOR_EXPOSURE_PCT: '100',
    MAX_CORRELATED_EXPOSURE_PCT: '100',
    MAX_ORDERS_PER_MINUTE: '1000',
    MAX_OPEN_RISK_PCT: '1',
    SCHEDULES_ENABLED: 'true',
    KEEP_CALLBACKS_DAYS: '30',
  });
}, 120_000);
afterAll(async () => {
  await pointed?.stop();
}, 60_000);

/** Enough of an error to see the trade's timeline, without the workers' logs. */
const headOf = (error: unknown) => String(error).split('── broker-worker')[0];

test('[PRF-2] every failpoint is passed, by the process that the table names', async () => {
  const { stack, points } = pointed;
  for (const run of FIRST) await run(stack, points);
  const ends = await Promise.allSettled(AFTER_THAT.map((run) => run(stack, points)));
  for (const run of LAST) await run(stack, points);
  for (const kind of ['broker-worker', 'trade-worker'] as const) await stack.stopWorker(kind);
  const seen = passed(points);
  // A run that got stuck says why its points are missing.
  const stuck = ends.flatMap((end) => (end.status === 'rejected' ? [headOf(end.reason)] : []));
  // The notifier's are passed by tests of its own (tests/worker/notifier.test.ts).
  const ofWorkers = FAILPOINT_NAMES.filter((name) => FAILPOINTS[name].process !== 'notifier');
  const missing = ofWorkers.filter((name) => !seen.has(name));
  expect({ missing, stuck }).toEqual({ missing: [], stuck: [] });
  const elsewhere = [...seen].filter(([name, passes]) => {
    const place = FAILPOINTS[name].process;
    return place !== 'both workers' && passes.some(({ process }) => process !== place);
  });
  expect(elsewhere).toEqual([]);
}, 240_000);
