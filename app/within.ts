/** Waiting for what goes on by itself, and not for ever. */

/** What comes of it, unless that takes longer: then `late` says so. What it came to afterwards is nobody's here. */
export async function within<T>(
  result: Promise<T>,
  waitMs: number,
  late: (waitMs: number) => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late(waitMs)), waitMs);
  });
  result.catch(() => undefined);
  return Promise.race([result, tooLate]).finally(() => clearTimeout(timer));
}
