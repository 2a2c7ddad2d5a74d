/** npm run restore:drill: plays the loss of the database and of Temporal, and a restore, on a stack of its own. */
import { rmSync } from 'node:fs';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { openTemporaryFolder } from './lib/files.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

run(async () => {
  await bootstrap();
  const { runDrill } = await import(built('scripts/infra/restore-run.js'));
  const progress = createProgress();
  const folder = openTemporaryFolder('ballast-drill-');
  try {
    /** @type {string[]} */
    const wrong = await runDrill({ root: projectRoot(), folder, progress });
    for (const sentence of wrong) progress.line(`✗ ${sentence}`);
    if (wrong.length === 0)
      progress.line('every position kept its stop, and nothing was sent twice');
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
