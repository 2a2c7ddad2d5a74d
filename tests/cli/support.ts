/** Running the command in this process, with its streams caught. */
import { main } from '../../cli/main.js';
import type { Io } from '../../cli/io.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly hasColours?: boolean;
}

/** Runs `ballast ...argv` with nothing in its environment but what is given. */
export async function ballast(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    env: options.env ?? {},
    hasColours: options.hasColours ?? false,
    readInput: () => Promise.resolve(options.input ?? ''),
  };
  const code = await main(argv, io);
  return { code, out, err };
}
