/** Heartbeats for activities that wait: the server notices a dead worker by their absence. */
import { Context } from '@temporalio/activity';

/** A third of the time after which the server gives the activity to another worker. */
const HEARTBEAT_EVERY_MS = 2_000;

/** Runs `work` and heartbeats until it ends. */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
