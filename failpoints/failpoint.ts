/**
 * Passing a failpoint. Dead unless `enableFailpoints` was called, which only a worker's main file does,
 * and only when `BALLAST_FAILPOINTS` is set: then a pass costs one comparison.
 */
import { blockFor, exitNow, freeze } from './act.js';
import { Claims } from './claim.js';
import { foldersIn, type Context, type FullOrder } from './order.js';
import type { Action, FailpointName, PairName } from './table.js';

/** An ordinary error, as any code may throw: activities that fail with it are tried again. */
export class FailpointError extends Error {
  override readonly name = 'FailpointError';
}

let claims: Claims | null = null;

/**
 * Makes this process heed the orders in a folder; `process` is how it is called in the records.
 * @returns a function that makes failpoints dead again
 */
export function enableFailpoints(folder: string, process: string): () => void {
  claims = new Claims(foldersIn(folder), process, globalThis.process.pid, () => Date.now());
  return () => {
    claims = null;
  };
}

/** Whether failpoints are heeded in this process. */
export function failpointsEnabled(): boolean {
  return claims !== null;
}

/**
 * Passes a point; gives the action that happened here, if any. Await it.
 * @throws FailpointError when that was asked for
 */
export function failpoint(
  name: FailpointName,
  context: Context = {},
): Promise<Action | null> | null {
  return claims === null ? null : pass(claims, name, context);
}

/**
 * Passes a point where nothing may come in between. `prepare` runs only before an action: what must
 * be true of the world outside when it happens.
 * @throws FailpointError when that was asked for
 */
export function failpointSync(
  name: FailpointName,
  context: Context = {},
  prepare: () => void = () => undefined,
): void {
  if (claims === null) return;
  const order = claims.pass(name, context);
  if (!order) return;
  prepare();
  if (order.action === 'delay') blockFor(order.seconds * 1000);
  else act(name, order);
}

/** Runs `work` between the two points of a pair; gives what it gives. */
export async function around<T>(
  pair: PairName,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  await failpoint(`${pair}.before`, context);
  const result = await work();
  await failpoint(`${pair}.after`, context);
  return result;
}

async function pass(heeded: Claims, name: FailpointName, context: Context): Promise<Action | null> {
  const order = heeded.pass(name, context);
  if (!order) return null;
  if (order.action === 'delay') {
    await new Promise((resolve) => setTimeout(resolve, order.seconds * 1000));
  } else {
    act(name, order);
  }
  return order.action;
}

function act(name: FailpointName, { action, seconds }: FullOrder): void {
  if (action === 'exit') exitNow();
  if (action === 'freeze') freeze(seconds * 1000);
  if (action === 'throw') throw new FailpointError(`failpoint ${name} was told to throw`);
}
