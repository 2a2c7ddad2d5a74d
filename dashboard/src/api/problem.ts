/** What goes wrong between the page and the API, in words for people. */
import type { ProblemBody } from './types.js';

/** The API answered, and refused. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    readonly status: number,
    readonly problem: Partial<ProblemBody>,
  ) {
    super(problem.detail ?? `the API answered with ${status}`);
  }

  /** Nothing is read by this session any more. */
  get isLoggedOut(): boolean {
    return this.status === 401;
  }
}

/** Nobody answered, or what came was cut off. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(cause: unknown) {
    super('the HTTP API does not answer', { cause });
  }
}

/** What a person is told of an error: what happened. */
export function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What they do next; null: it ends by itself, or the message says it. */
export function remedyOf(error: unknown): string | null {
  if (error instanceof UnreachableError) {
    return 'It is asked again every second. If it stays so, “npx ballast doctor” says what is down; stops at the broker work without it.';
  }
  if (!(error instanceof RefusedError)) return null;
  if (error.status === 503) return 'It is asked again by itself. The page Health says which part.';
  if (error.problem.code === 'SCOPE_MISSING') {
    return '“npx ballast dashboard” prints a link that may do all; this session may not.';
  }
  return null;
}
