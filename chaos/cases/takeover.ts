/** Cases about workers that lose, hold or want the connection. */
import { readFileSync } from 'node:fs';
import { arm, untilTaken } from '../../failpoints/arm.js';
import type { ChaosStack } from '../stack/stack.js';
import { LEASE_TTL_MS } from '../stack/wiring.js';
import type { TradeRow } from '../judge/engine-books.js';
import type { Part } from '../stack/part.js';
import type { Case } from './case.js';
import { found, isAtRest } from './findings.js';
import { holds, Scene, stateOf, waitFor } from './scene.js';

/** Lease, take-over and the first lists; longer, something keeps the stand-by out. */
const TAKE_OVER_MS = LEASE_TTL_MS + 8_000;
/** Noticing that the lease is gone, and ending what it was at. */
const LOSER_ENDS_MS = 12_000;
/** Starting again on two busy cores. */
const BACK_LIMIT_MS = 40_000;

/**
 * Everything up, and the link ready: the next case may use the stack. A worker that lost the lease ends
 * by itself, and is started again as its supervisor would.
 * @throws Error when the link stays down
 */
async function whole(stack: ChaosStack, loser?: Part): Promise<void> {
  if (loser) await waitFor(LOSER_ENDS_MS, async () => !loser.isUp());
  await stack.heal();
  const isBack = await waitFor(BACK_LIMIT_MS, () => stack.books.isLinkReady());
  if (!isBack) throw new Error('the link did not come back');
}

const frozenHolder: Case = {
  name: 'B6-frozen-holder',
  story: 'The active broker worker freezes for longer than its lease, and its socket stays open.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'B6', 'AMZN');
    const { active, standBy } = await stack.brokers();
    active.freeze();
    const isTakenOver = await waitFor(TAKE_OVER_MS, async () => {
      const holder = await stack.books.leaseHolderPid();
      return holder === standBy.pid() && (await stack.books.isLinkReady());
    });
    active.thaw();
    await whole(stack, active);
    const detail = `the stand-by was not ready ${TAKE_OVER_MS / 1_000} s after the holder froze`;
    return isTakenOver ? [] : [found(scene, 'slow', detail)];
  },
};

/** A little less than the 10 s after which a supervisor kills. */
const STOP_LIMIT_MS = 9_500;

const stopWithoutGateway: Case = {
  name: 'B6-stop-without-gateway',
  story: 'A broker worker that waits for a gateway that is down is asked to stop.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'B6', 'GOOGL');
    const { gateway, 'broker-1': worker, 'broker-2': other } = stack.parts;
    await Promise.all([gateway, worker, other].map((part) => part.kill()));
    await worker.start();
    const hasLease = await waitFor(
      BACK_LIMIT_MS,
      async () => (await stack.books.leaseHolderPid()) === worker.pid(),
    );
    if (!hasLease) throw new Error('the worker did not take the lease');
    const tookMs = await worker.stop();
    await whole(stack);
    if (tookMs < STOP_LIMIT_MS) return [];
    return [found(scene, 'slow', `the worker was still there ${tookMs} ms after SIGTERM`)];
  },
};

/** Longer than the case: it is woken by hand. */
const FROZEN_S = 300;
/** Lease and take-over, two looks 15 s apart, a second send. */
const RESENT_LIMIT_MS = 70_000;

/** A process stops itself at once. */
const STOPS_MS = 5_000;

/** Whether the process stands still, by its state in /proc. */
function isStopped(part: Part): boolean {
  return / T /.test(readFileSync(`/proc/${part.pid()}/stat`, 'utf8').slice(0, STAT_HEAD_CHARS));
}

/** Id, name and state. */
const STAT_HEAD_CHARS = 40;

const lateRefusal: Case = {
  name: 'T5-late-refusal',
  story:
    'A worker freezes between claim and write; another proves absence, sends and fills; the first wakes.',
  reusable: true,
  play: async (stack) => {
    const scene = new Scene(stack, 'T5', 'META');
    const { active } = await stack.brokers();
    const point = 'enter.claim.commit.after';
    arm(stack.failpoints, point, { action: 'freeze', seconds: FROZEN_S, process: active.pid()! });
    const id = await scene.submit();
    await untilTaken(stack.failpoints, point);
    if (!(await waitFor(STOPS_MS, async () => isStopped(active))))
      throw new Error('it never froze');
    // From here on it is ours to wake, and its parent, which would kill it, sleeps as well.
    active.suspend();
    await stack.gateway.arm({ name: 'nightly-restart', seconds: 1 });
    // Temporal would go on giving tasks to the polls of a worker that is only frozen.
    await stack.parts.temporal.kill();
    await stack.parts.temporal.start();
    const sent = await scene.until(id, holds, RESENT_LIMIT_MS);
    if (!sent || !holds(sent)) throw new Error('no other worker sent the entry again');
    await scene.until(id, isAtRest, BACK_LIMIT_MS);
    active.thaw();
    const isWiped = (row: TradeRow) => !holds(row) || row.reservation === 'RELEASED';
    // It ends what it was at, then itself: its lease is gone.
    const row = await scene.until(id, (r) => isWiped(r) || !active.isUp(), LOSER_ENDS_MS);
    const { position } = await scene.ledger();
    await whole(stack, active);
    if (row && !isWiped(row)) return [];
    const told = row ? `${stateOf(row)}, reservation ${row.reservation}` : 'no row';
    return [found(scene, 'books', `${told}, while the broker holds ${position}`)];
  },
};

export const TAKEOVER: readonly Case[] = [lateRefusal, frozenHolder, stopWithoutGateway];
