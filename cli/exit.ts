/** What the `ballast` command ends with, and the errors that say so. */

export const EXIT = {
  ok: 0,
  /** Refused by a rule, or failed. */
  failed: 1,
  /** The command line or the configuration can't be read. */
  usage: 2,
  /** A part that is needed doesn't answer. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An end with a message for people: what happened, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The worse of two ends: not reachable beats usage beats failed beats ok. */
export function worse(first: ExitCode, second: ExitCode): ExitCode {
  return first > second ? first : second;
}
