/** Running the Python example. */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/paths.mjs';

/** The oldest that the example is written for. */
const MINOR_MIN = 9;
/** Far more than a day takes on a busy machine. */
const LIMIT_MS = 420_000;

export const EXAMPLE = join(projectRoot(), 'examples/python');

/** Whether there is a Python that runs it. */
export function hasPython(): boolean {
  try {
    const check = `import sys; sys.exit(sys.version_info < (3, ${MINOR_MIN}))`;
    execFileSync('python3', ['-c', check], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one of its files, or text with `-c`; never throws for its exit code. @param input what is piped into it */
export function runExample(
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<Ran> {
  const options = {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
    timeout: LIMIT_MS,
    cwd: EXAMPLE,
  };
  return new Promise((resolve) => {
    const child = execFile('python3', [...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, out, err });
    });
    // It may have ended before it has read all.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
