/** How trades are brought to steps that they reach only in trouble: given up, looked up, left waiting; or approved by a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '../judge/engine-books.js';
import { armIfKnown } from './failpoints.js';
import type { Actor, Scene } from './scene.js';

/** More often than an entry is planned before it is given up, even if each plan is made twice. */
const PLANS_MAX = 20;
/** Beyond what an entry may cost more than it was planned at. */
const RUNS_AWAY_BY = 1.03;
/** The new price must have come to the worker meanwhile. */
const HESITATES_S = 1.2;
const GIVE_UP_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/**
 * Submits the trade in this role; its price runs away after each plan, until it is given up unsent. No
 * other trade may be planned meanwhile.
 * @throws Error when it was filled, or is not over in time
 */
export async function giveUp(scene: Scene, role: string): Promise<Actor> {
  const { stack, watch } = scene;
  const hesitation = armIfKnown(stack.failpoints, 'plan.commit.after', {
    action: 'delay',
    seconds: HESITATES_S,
    count: PLANS_MAX,
  });
  try {
    const [actor] = (await scene.submit(role)) as [Actor];
    const deadlineMs = Date.now() + GIVE_UP_LIMIT_MS;
    let raised = 0;
    while (Date.now() < deadlineMs) {
      const row = watch.row(actor.tradeId);
      if (row && isSettled(row)) return actor;
      if (hesitation.hits() > raised) {
        raised += 1;
        await raisePrice(scene, actor.symbol);
      }
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`${actor.name} was not given up in ${GIVE_UP_LIMIT_MS / 1_000} s`);
  } finally {
    hesitation.disarm();
  }
}

async function raisePrice({ stack }: Scene, symbol: string): Promise<void> {
  const { [symbol]: price } = await stack.gateway.prices();
  const raised = (Number(price!.ask) * RUNS_AWAY_BY).toFixed(2);
  await stack.gateway.setPrices({ [symbol]: raised });
}

/** The messages of a bracket: parent, target, stop. */
const WHOLE_GROUP = 3;

/** Submits the trade in this role, and its orders are lost on the way; waits until it is known to be so. */
export async function dropEntry(scene: Scene, role: string): Promise<Actor> {
  const symbol = scene.symbolOf(role);
  await scene.stack.gateway.arm({ name: 'order-dropped', count: WHOLE_GROUP, symbol });
  const [actor] = (await scene.submit(role)) as [Actor];
  const isUnknown = (row: { state: string }) => row.state === 'ENTRY_UNKNOWN';
  await scene.watch.until(actor.tradeId, isUnknown, Date.now() + GIVE_UP_LIMIT_MS);
  return actor;
}

/** Submits the trade in this role, which a person must approve first, and gives that word (SIG-3). */
export async function approve(scene: Scene, role: string): Promise<Actor> {
  const { frontDoor } = scene.stack;
  await frontDoor.makeStrategy(scene.nameOf(role), { approval: 'required' });
  const [actor] = (await scene.submit(role)) as [Actor];
  const isAsked = (row: { state: string }) => row.state === 'AWAITING_APPROVAL';
  await scene.watch.until(actor.tradeId, isAsked, Date.now() + GIVE_UP_LIMIT_MS);
  await frontDoor.approve(actor.tradeId);
  return actor;
}

/** An entry waits 15 s for a worker that takes it, then it is stale. */
const STALE_AFTER_MS = 16_000;

/**
 * Submits the trade in this role while nobody takes entries, so that it is withdrawn; it is cancelled
 * meanwhile, for after that it must not be entered. `like` is a trade whose entry was taken.
 */
export async function leaveWaiting(scene: Scene, role: string, like: Actor): Promise<Actor> {
  const queues = await like.story.queuesOf(ENTRY_STEPS);
  await Promise.all(queues.map((queue) => like.story.holdBack(queue, true)));
  try {
    const [actor] = (await scene.submit(role)) as [Actor];
    const isPlanned = (row: { reservation: string | null }) => row.reservation !== null;
    await scene.watch.until(actor.tradeId, isPlanned, Date.now() + GIVE_UP_LIMIT_MS);
    await Promise.all([
      scene.ask(actor.tradeId, 'cancel_entry', 'while it waits'),
      sleep(STALE_AFTER_MS),
    ]);
    return actor;
  } finally {
    await Promise.all(queues.map((queue) => like.story.holdBack(queue, false)));
  }
}

const ENTRY_STEPS = ['enter'];
