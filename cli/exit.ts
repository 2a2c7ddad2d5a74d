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

/** Why a command was refused, as every surface names it (docs/api.md); beside the ends above. */
export type RefusalCode =
  'NOT_FOUND' | 'INVALID_SIGNAL' | 'SIGNAL_KNOWN' | 'PREVIEWS_BUSY' | 'REFUSED';

export interface CliErrorOptions extends ErrorOptions {
  /** For programs; without it the end says it. */
  readonly code?: RefusalCode;
  /** What is wrong, field by field. */
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

/** An end with a message for people: what happened, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: RefusalCode | undefined;
  readonly issues: CliErrorOptions['issues'];
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options: CliErrorOptions = {},
  ) {
    super(message, options);
    this.code = options.code;
    this.issues = options.issues;
  }
}

/** There is no such thing, or it is another user's. */
export function notFound(message: string): CliError {
  return new CliError(EXIT.failed, message, { code: 'NOT_FOUND' });
}

/** The worse of two ends: not reachable beats usage beats failed beats ok. */
export function worse(first: ExitCode, second: ExitCode): ExitCode {
  return first > second ? first : second;
}
