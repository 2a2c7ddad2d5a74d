/**
 * What the clock asks of an account's broker worker: fresh values, exits verified before the open, and a
 * sweep before the broker's lists begin anew. All of it goes the ways that the guard and trades go too.
 */
import { ApplicationFailure } from '@temporalio/common';
import type {
  AccountActivities,
  AccountDay,
  AccountSwept,
  AccountVerified,
} from '../contract/activities.js';
import { brokerDayOf } from '../domain/broker/day.js';
import { alertTrade } from '../store/alerts.js';
import { doubtfulTrades, unknownTrades, wantingTrades } from '../store/wanting.js';
import type { BrokerDeps } from './deps.js';
import { withHeartbeat } from './heartbeat.js';
import { lookOnce, newsOrUntil } from './look-up.js';
import { pursue } from './protect.js';

/** Longer without a link, the attempt fails visibly and Temporal tries again. */
const LINK_WAIT_MS = 15_000;
/** As many as the guard repairs at once: each needs database and line. */
const AT_ONCE = 5;
/** Two pictures 15 s apart prove an order absent; what that does not settle, one sweep won't. */
const LOOK_UP_MAX_MS = 60_000;
/** A doubt that no picture settles is looked at no more often than this. */
const LOOK_EVERY_MS = 1_000;

/** Makes the activities of `broker-<account>-protect` that the clock starts. */
export function createAccountActivities(deps: BrokerDeps): AccountActivities {
  return {
    fetchValues: ({ brokerAccountId }) =>
      withHeartbeat(async () => {
        await deps.link.ready(LINK_WAIT_MS);
        await deps.market.refreshAccount(brokerAccountId);
      }),
    verifyAccount: (input) => withHeartbeat(() => verifyAccount(deps, input)),
    sweepAccount: (input) => withHeartbeat(() => sweepAccount(deps, input)),
  };
}

/** Compares every open trade with a fresh picture; what is wanting is repaired, and told if it stays so. */
async function verifyAccount(deps: BrokerDeps, input: AccountDay): Promise<AccountVerified> {
  await freshPicture(deps);
  const connectionId = deps.link.lease().connectionId;
  const before = await wantingTrades(deps.db, connectionId, input.accountId);
  await each(before.wanting, async (tradeId) => {
    await pursue(deps, tradeId).catch((error: unknown) =>
      deps.log.error({ tradeId, error: String(error) }, 'not repaired before the open'),
    );
  });
  const after = await wantingTrades(deps.db, connectionId, input.accountId);
  for (const tradeId of after.wanting) {
    await alertTrade(deps.db, tradeId, {
      kind: 'exits_wanting',
      dedupeKey: `exits-wanting:${tradeId}:${input.day}`,
      summary: 'before the open its exits are not as they should be: look at it, and at the broker',
      detail: { day: input.day },
    });
  }
  const still = new Set(after.wanting);
  return {
    looked: after.looked,
    repaired: before.wanting.filter((tradeId) => !still.has(tradeId)).length,
    wanting: after.wanting,
  };
}

/** Books what the broker's lists tell, and finds out about orders of unknown fate while they tell it. */
async function sweepAccount(deps: BrokerDeps, input: AccountDay): Promise<AccountSwept> {
  assertSameDay(deps, input);
  await freshPicture(deps);
  const connectionId = deps.link.lease().connectionId;
  const doubtful = await doubtfulTrades(deps.db, connectionId, input.accountId);
  const untilMs = deps.nowMs() + LOOK_UP_MAX_MS;
  const open = new Set<string>();
  await each(doubtful, async (tradeId) => {
    if (!(await findOut(deps, tradeId, untilMs))) open.add(tradeId);
  });
  // What was proven absent may be on its way again by now: a write under way is no doubt.
  for (const tradeId of await unknownTrades(deps.db, input.accountId)) open.add(tradeId);
  const unsettled = doubtful.filter((tradeId) => open.has(tradeId));
  for (const tradeId of unsettled) {
    await alertTrade(deps.db, tradeId, {
      kind: 'unknown_at_midnight',
      dedupeKey: `unknown-at-midnight:${tradeId}:${input.day}`,
      summary:
        "an order of it is of unknown fate, and after midnight the broker's lists can't tell: look at " +
        'the broker now, then "ballast resolve order"',
      detail: { day: input.day },
    });
  }
  return { doubtful: doubtful.length, unsettled };
}

/** A run that comes after midnight has nothing to sweep: the lists are of another day. */
function assertSameDay({ link, nowMs }: BrokerDeps, { day }: AccountDay): void {
  const today = brokerDayOf(link.port.capabilities.day, nowMs());
  if (today === day) return;
  throw ApplicationFailure.nonRetryable(`the broker's lists are of ${today}, no more of ${day}`);
}

/** @throws Error when there is none now: the attempt is repeated */
async function freshPicture({ link }: BrokerDeps): Promise<void> {
  await link.ready(LINK_WAIT_MS);
  const { isComplete, problem } = await link.pictureOfAll();
  if (!isComplete) throw new Error(`no complete picture of the broker: ${problem}`);
}

/** Looks until nothing of the trade is in doubt that a further picture could settle; false when it stays so. */
async function findOut(deps: BrokerDeps, tradeId: string, untilMs: number): Promise<boolean> {
  for (;;) {
    const { lookAgainAtMs } = await lookOnce(deps, tradeId);
    if (lookAgainAtMs === null) return true;
    const nextMs = Math.max(lookAgainAtMs, deps.nowMs() + LOOK_EVERY_MS);
    if (nextMs > untilMs) return false;
    await newsOrUntil(deps, tradeId, nextMs);
  }
}

/** Works on all of them, a few at a time. */
async function each(
  tradeIds: readonly string[],
  work: (tradeId: string) => Promise<unknown>,
): Promise<void> {
  const left = [...tradeIds];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
