/** Where the dashboard lies once it is built. */
import { join } from 'node:path';
import { projectRoot } from '../scripts/lib/paths.mjs';

/** The folder of its files; `scripts/lib/dashboard.mjs` writes it. */
export function dashboardFolder(): string {
  return join(projectRoot(), 'dist', 'dashboard');
}
