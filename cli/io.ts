/** Where a command reads and writes: data on stdout, everything else on stderr. */
import { readFile, stat } from 'node:fs/promises';
import { buffer as readStream } from 'node:stream/consumers';
import { decodeUtf8, NotUtf8Error, readJsonText, type JsonRead } from '../contract/json-text.js';
import { CliError, EXIT } from './exit.js';

export interface Io {
  /** Data, for programs and people. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly env: NodeJS.ProcessEnv;
  /** Whether `out` may carry colours. */
  readonly hasColours: boolean;
  /** All of stdin. @throws NotUtf8Error */
  readInput(): Promise<string>;
}

/** A reader that goes away (`| head`) ends the command quietly. For commands only, not for servers. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}

/** The process's own streams. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(printable(text)),
    err: (text) => void stderr.write(printable(text)),
    env,
    hasColours: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    readInput: async () => decodeUtf8(await readStream(stdin)),
  };
}

/** What steers a screen, or turns the order of its letters; with what makes a colour of it, as print.ts does. */
const STEERS = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069](\[(?:0|1|2|31|32|33)m)?/gu;
const ESCAPE = '\u001b';

/**
 * Text as a terminal may be given it: the broker's words, and a reason that somebody wrote, may hold what moves the cursor,
 * wipes lines or sets the title. It is shown as JSON escapes it, so that a document stays the same document; the command's own
 * colours stay.
 */
export function printable(text: string): string {
  return text.replace(STEERS, (found, colour: string = '') => {
    if (colour !== '' && found.startsWith(ESCAPE)) return found;
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}${colour}`;
  });
}

/** 16 KiB of context and as much again: a larger file is no signal and no list of cases. */
const INPUT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Reads a JSON document from a file, or from stdin for `-`.
 * @throws CliError naming the file when it is not there, too large or no JSON, or the places whose value is not what they say
 */
export async function readJson(io: Io, file: string): Promise<unknown> {
  const { value, flaws } = await readDocument(io, file);
  if (flaws.length === 0) return value;
  const issues = flaws.map(({ path, message }) => `${path || '(file)'}: ${message}`);
  throw new CliError(EXIT.failed, `${file}: ${issues.join('; ')}`);
}

/** The same, where the caller says itself which places are wrong. @throws CliError as above for the rest */
export async function readDocument(io: Io, file: string): Promise<JsonRead> {
  const content = await readText(io, file);
  if (Buffer.byteLength(content) > INPUT_BYTES_MAX) {
    throw new CliError(EXIT.usage, `${file}: larger than ${INPUT_BYTES_MAX} bytes`);
  }
  try {
    return readJsonText(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError) throw new CliError(EXIT.failed, `${file}: ${why}`);
    throw new CliError(EXIT.failed, `${file}: not JSON: ${why}`, { cause: error });
  }
}

/**
 * Reads a file of text, or stdin for `-`.
 * @throws CliError naming the file when it is not there, no text, or larger than allowed
 */
export async function readBounded(io: Io, file: string, bytesMax: number): Promise<string> {
  const tooLarge = new CliError(EXIT.usage, `${file}: larger than ${bytesMax} bytes`);
  // A missing file is told by reading it.
  const size = file === '-' ? 0 : await stat(file).then(sizeOf, () => 0);
  if (size > bytesMax) throw tooLarge;
  const content = await readText(io, file);
  if (Buffer.byteLength(content) > bytesMax) throw tooLarge;
  return content;
}

function sizeOf({ size }: { readonly size: number }): number {
  return size;
}

async function readText(io: Io, file: string): Promise<string> {
  try {
    if (file === '-') return await io.readInput();
    return decodeUtf8(await readFile(file));
  } catch (error) {
    if (error instanceof NotUtf8Error) throw new CliError(EXIT.failed, `${file}: ${error.message}`);
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.usage, `${file}: can't be read: ${why}`, { cause: error });
  }
}
