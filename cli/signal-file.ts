/** A file that should hold a signal: read and checked without anything running. */
import { InvalidSignalError, parseSignal } from '../contract/signal.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { readDocument, type Io } from './io.js';
import { jsonLine } from './print.js';

export interface ReadSignal {
  readonly file: string;
  readonly body: unknown;
  /** Why it is no signal; a file that can't even be read is a `CliError`. */
  readonly error: InvalidSignalError | CliError | null;
}

/**
 * Reads and checks a file without sending anything, so that mistakes show with nothing running. What is wrong
 * with it is given back: beside it stand others.
 * @param id takes the place of the file's own, where it is given
 */
export async function readSignal(
  io: Io,
  file: string,
  id: string | undefined,
): Promise<ReadSignal> {
  try {
    const { value: document, flaws } = await readDocument(io, file);
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    const body = id !== undefined && isObject ? { ...document, id } : document;
    if (flaws.length > 0) throw new InvalidSignalError(flaws);
    parseSignal(body);
    return { file, body, error: null };
  } catch (error) {
    const isOfFile = error instanceof InvalidSignalError || error instanceof CliError;
    if (isOfFile) return { file, body: undefined, error };
    if (error instanceof RangeError) {
      return {
        file,
        body: undefined,
        error: new CliError(EXIT.failed, `${file}: ${error.message}`),
      };
    }
    throw error;
  }
}

/** Says why a file was not sent. @returns how it ends the command */
export function reportUnread(
  io: Io,
  file: string,
  error: InvalidSignalError | CliError,
  asJson: boolean,
): ExitCode {
  const { message } = error;
  if (error instanceof CliError) {
    io.err(`${message}\n`);
    const code = error.exitCode === EXIT.usage ? 'USAGE' : 'FAILED';
    if (asJson) io.out(jsonLine({ file, error: { code, message } }));
    return error.exitCode;
  }
  const { issues } = error;
  io.err(`${file}: the signal is not valid; nothing was sent\n`);
  for (const issue of issues) io.err(`  ${issue.path}: ${issue.message}\n`);
  if (asJson) io.out(jsonLine({ file, error: { code: 'INVALID_SIGNAL', message, issues } }));
  return EXIT.failed;
}
