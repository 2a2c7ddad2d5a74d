/** Commands that show first what they would do, and do it when the code of what was shown is given back. */
import type { ChaosStack } from './stack.js';

export interface Confirmed {
  /** What the first call said that it would do. */
  readonly shown: string;
  readonly done: Awaited<ReturnType<ChaosStack['ballast']>>;
}

/** Calls the command line twice: to look, and with the code that the look printed. A refusal is in `done`. */
export async function confirmed(
  stack: ChaosStack,
  ...command: readonly string[]
): Promise<Confirmed> {
  const look = await stack.ballast(...command);
  const code = /--confirm (\w+)/u.exec(look.printed)?.[1] ?? '';
  return { shown: look.printed, done: await stack.ballast(...command, '--confirm', code) };
}
