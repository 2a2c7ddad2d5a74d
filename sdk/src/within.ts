/** Waits that end: by their time, or by who no longer wants them. */

/** The bounds of a wait. */
export interface Within {
  readonly ms: number;
  /** What is told when the time is over. */
  readonly late: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the work gives, unless its time is over or it is given up before. A signal that was handed to `fetch` doesn't
 * always reach what is under way, once its request was collected; so nobody relies on that here.
 * @throws Error with `late`, or the signal's reason
 */
export async function within<T>(work: Promise<T>, { ms, late, signal }: Within): Promise<T> {
  // If it fails when nobody waits for it any more, that is of no interest.
  work.catch(() => undefined);
  signal?.throwIfAborted();
  let stop = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    const aborted = (): void => reject(signal?.reason as Error);
    const timer = setTimeout(() => reject(new Error(late)), ms);
    signal?.addEventListener('abort', aborted, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    stop();
  }
}
