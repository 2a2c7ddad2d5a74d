/** Leaving what is in hand, so that another worker does it at once. */
import { setMaxListeners } from 'node:events';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { unlessStopped } from './process.js';

/**
 * Lets every activity fail as soon as the signal is aborted: Temporal gives it to another worker then,
 * instead of waiting for heartbeats that don't come. What it was at hangs or goes on here, and changes
 * nothing any more: a worker without its lease writes nothing.
 */
export function leavingWhen(signal: AbortSignal): ActivityInterceptorsFactory {
  // Each activity in hand listens, and a worker bounds how many those are.
  setMaxListeners(0, signal);
  return () => ({
    inbound: { execute: (input, next) => unlessStopped(signal, next(input)) },
  });
}
