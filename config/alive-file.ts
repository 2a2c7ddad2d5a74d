/** The file that tells a container's health check that a process lives. It depends on no other setting. */
import { resolve } from 'node:path';
import { projectRoot } from '../scripts/lib/paths.mjs';

/** Absolute, or undefined where none is asked for. */
export function aliveFileOf(env: NodeJS.ProcessEnv): string | undefined {
  const file = env['BALLAST_ALIVE_FILE']?.trim();
  return file ? resolve(projectRoot(), file) : undefined;
}
