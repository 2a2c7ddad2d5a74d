/** How the story waits: each wait has a name, an end and a next step, and is shown so (TRD-16). */
import {
  condition,
  log,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { TradeWait } from '../../contract/workflows.js';
import { detailsOf } from './details.js';
import { protectedAttribute, statusAttribute } from './messages.js';
import type { Progress } from './progress.js';

/** Waits for a newer snapshot than the one of that number, or for the wait's end; true when one came. */
export async function forNews(
  progress: Progress,
  wait: TradeWait,
  { since, timer }: { readonly since: number; readonly timer: string },
): Promise<boolean> {
  const isNewer = () => progress.snapshot.seq > since;
  begin(progress, wait);
  if (wait.untilMs === null) await condition(isNewer);
  else await condition(isNewer, Math.max(1, wait.untilMs - nowMs()), { summary: timer });
  progress.wait = null;
  return isNewer();
}

/** Waits for the wait's end alone. */
export async function forTime(progress: Progress, wait: TradeWait, pauseMs: number): Promise<void> {
  begin(progress, wait);
  await sleep(pauseMs, { summary: wait.then });
  progress.wait = null;
}

/** Shows a wait that an activity ends: whoever calls it takes it back then. */
export function begin(progress: Progress, wait: TradeWait): void {
  progress.wait = wait;
  tellPeople(progress);
}

/** One combined update per change of status or protection, and the details beside it. */
export function tellPeople(progress: Progress): void {
  setCurrentDetails(detailsOf(progress));
  const change = progress.takeChange();
  if (!change) return;
  log.info('trade changed', { tradeId: progress.input.tradeId, ...change });
  upsertSearchAttributes([
    { key: statusAttribute, value: change.status },
    { key: protectedAttribute, value: change.isProtected },
  ]);
}

/** The time of the workflow task, the same on every replay. */
export function nowMs(): number {
  // eslint-disable-next-line no-restricted-syntax -- inside a workflow this is the task's recorded time
  return Date.now();
}
