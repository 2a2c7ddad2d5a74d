/** A mutant: the engine with one promise taken out of it by a small patch, which the judge must notice. */
import type { FindingKind } from '../judge/finding.js';

/** One replacement in one file. */
export interface Edit {
  /** Relative to the checkout's root. */
  readonly file: string;
  /** Occurs exactly once in the file, else the mutant is out of date. */
  readonly find: string;
  readonly replace: string;
}

/** A case that must notice, and how. */
export interface Catch {
  readonly case: string;
  readonly kind: FindingKind;
  /** Of this trade alone; any by default. */
  readonly subject?: string;
}

export interface Mutant {
  /** As PRF-2 calls it, with dashes. */
  readonly name: string;
  /** What the patched engine does, in a sentence for people. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
  readonly caughtBy: readonly Catch[];
}

/** The sources have moved on and the patch has not. */
export class MutantOutOfDateError extends Error {
  override readonly name = 'MutantOutOfDateError';
}

/**
 * The source with the edit in it.
 * @throws MutantOutOfDateError unless what it replaces occurs exactly once
 */
export function patched(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length === 2) return parts.join(replace);
  const occurs = parts.length === 1 ? 'no longer occurs' : `occurs ${parts.length - 1} times`;
  throw new MutantOutOfDateError(
    `${JSON.stringify(find)} ${occurs} in ${file}: point the edit in chaos/mutants/index.ts at the code of today`,
  );
}
