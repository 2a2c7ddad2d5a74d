/**
 * npm run release:check: makes a release in a new folder, brings its packages with `npm ci --omit=dev`, and runs every
 * process of an installation from there, as the image does, until a trade is open and closed again. It needs the
 * package registry and takes a minute or two; nothing is left behind.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { openTemporaryFolder } from './lib/files.mjs';
import { installRelease, mustHaveNoDevelopment, writeRelease } from './lib/release.mjs';
import { createProgress } from './lib/steps.mjs';

run(async () => {
  await bootstrap();
  const progress = createProgress();
  const folder = openTemporaryFolder('ballast-release-');
  try {
    const root = join(folder, 'release');
    await progress.step('release', () => writeRelease(root));
    await progress.step('npm ci --omit=dev', (note) => installRelease(root, note));
    await progress.step('no package of development is there', () => mustHaveNoDevelopment(root));
    const { runRelease } = await import(built('scripts/infra/release-run.js'));
    await runRelease({ root, folder, progress });
    progress.line('the release does its work without a package of development');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
