/** The second half of the story: await fill, protect, monitor, close in time; then settle. */
import { patched } from '@temporalio/workflow';
import { localActivities, ledgerActivities, protectActivities } from '../activities.js';
import type { Progress } from './progress.js';
import { forNews, nowMs } from './waiting.js';

/** One step of watching over a trade that is at the broker, or may be. */
export async function watch(progress: Progress): Promise<void> {
  const isHeld = progress.snapshot.heldQuantity !== '0';
  const closeAtMs = isHeld ? progress.ownClose.atMs(progress.closeDueAtMs()) : null;
  const isDue = closeAtMs !== null && closeAtMs <= nowMs();
  // Work that can't be done now is no reason to hold on: the close is asked for when it is due.
  if (isDue && patched('close-before-work')) {
    await closeByItself(progress);
  } else if (progress.snapshot.needsWork) {
    await pursue(progress, closeAtMs);
  } else {
    await awaitFill(progress, isHeld, closeAtMs);
  }
}

/** Nothing is to be done: a fill comes, or the time to close. */
async function awaitFill(
  progress: Progress,
  isHeld: boolean,
  untilMs: number | null,
): Promise<void> {
  progress.step = isHeld ? 'monitoring' : 'awaiting fill';
  const wait = {
    what: isHeld ? 'an exit' : 'a fill',
    untilMs,
    then: untilMs === null ? 'look what is needed' : 'close',
  };
  const since = progress.snapshot.seq;
  const timer = `close by ${progress.closeCause()}`;
  const isNews = await forNews(progress, wait, { since, timer });
  if (!isNews) await closeByItself(progress);
}

/** Brings the orders at the broker to what the trade wants: verify, re-anchor, repair, cancel, close. */
async function pursue(progress: Progress, closeAtMs: number | null): Promise<void> {
  progress.step = 'protecting';
  const { input, snapshot } = progress;
  const broker = protectActivities(input, `protect ${snapshot.heldQuantity} ${input.symbol}`);
  progress.adopt(await broker.pursue({ tradeId: input.tradeId }));
  const pauseMs = progress.pauseAfterPursuit(snapshot.seq);
  if (pauseMs === null) return;
  // Nothing could be done now (a market that is closed, a person to be waited for): look again later.
  progress.step = 'waiting to protect';
  const what = progress.snapshot.wait?.what ?? 'what the trade needs';
  const untilMs = Math.min(nowMs() + pauseMs, closeAtMs ?? Infinity);
  const wait = { what, untilMs, then: 'try again' };
  await forNews(progress, wait, { since: snapshot.seq, timer: 'look again' });
}

/** The holding time or the session is over: the same command that a person would give. */
async function closeByItself(progress: Progress): Promise<void> {
  const { ownClose, input } = progress;
  const cause = progress.closeCause();
  const outcome = await localActivities(`close by ${cause}`).recordCommand({
    tradeId: input.tradeId,
    kind: 'close',
    key: ownClose.key(cause),
    actor: 'trade',
    cause,
  });
  ownClose.answered(outcome.verdict, nowMs());
  progress.adopt(outcome.snapshot);
}

/** Lots, P&L, release, notify. It refuses a trade that isn't over (any more). */
export async function settle(progress: Progress): Promise<void> {
  progress.step = 'settling';
  const { input, summary } = progress;
  progress.settled(await ledgerActivities(`settle ${summary}`).settle({ tradeId: input.tradeId }));
}
