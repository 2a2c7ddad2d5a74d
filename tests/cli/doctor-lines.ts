/** What doctor prints, by line: for tests that break one thing and read what it says of it. */
import { ballast } from './support.js';

export interface Line {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'wrong' | 'skipped';
  readonly found: string;
  readonly remedy: string | null;
}

/** Runs doctor under these settings alone. */
export async function doctorLines(env: NodeJS.ProcessEnv): Promise<readonly Line[]> {
  const { out } = await ballast(['doctor', '--json'], { env });
  return (JSON.parse(out) as { checks: Line[] }).checks;
}

/** The lines of one part as text: `state: found → remedy`. */
export async function told(env: NodeJS.ProcessEnv, name: string): Promise<string> {
  const lines = (await doctorLines(env)).filter((line) => line.name === name);
  return lines.map(({ state, found, remedy }) => `${state}: ${found} → ${remedy}`).join('\n');
}
