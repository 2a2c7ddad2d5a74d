/**
 * npm run upgrade:check -- REF: opens trades with the build of another commit or tag, restarts with this one, and closes
 * them. Packages are those of this checkout; it needs git, and two minutes.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { hashOf, openTemporaryFolder } from './lib/files.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

const git = (/** @type {string[]} */ ...args) =>
  execFileSync('git', args, { cwd: projectRoot(), encoding: 'utf8' }).trim();

/** Checks another commit out, and builds it with the packages that are here. */
function buildOf(/** @type {string} */ ref, /** @type {string} */ folder) {
  git('worktree', 'add', '--detach', folder, ref);
  // Links: as good as a copy, at once. What would be written is taken away first.
  execFileSync('cp', ['-al', join(projectRoot(), 'node_modules'), folder]);
  const stamp = join(folder, 'node_modules', '.ballast-lock-hash');
  rmSync(stamp, { force: true });
  const lock = readFileSync(join(folder, 'package-lock.json'));
  writeFileSync(stamp, hashOf(lock, process.platform, process.arch));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'pipe' });
}

run(async () => {
  const [ref] = process.argv.slice(2);
  if (!ref || ref.startsWith('-')) {
    process.stderr.write(
      'usage: npm run upgrade:check -- REF   (the version that runs now: a tag or commit)\n',
    );
    return 2;
  }
  await bootstrap();
  const { runUpgrade } = await import(built('scripts/infra/upgrade-run.js'));
  const progress = createProgress();
  const folder = openTemporaryFolder('ballast-upgrade-');
  const before = join(folder, 'before');
  try {
    const name = git('log', '-1', '--format=%h %s', ref);
    await progress.step(`build of ${name}`, () => buildOf(ref, before));
    /** @type {string[]} */
    const wrong = await runUpgrade({ before, root: projectRoot(), folder, progress });
    for (const sentence of wrong) progress.line(`✗ ${sentence}`);
    if (wrong.length === 0) progress.line('the trades of before went on, and ended as they should');
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune');
  }
});
