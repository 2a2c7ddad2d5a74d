/** node scripts/release.mjs FOLDER: what an installation needs to run, without what builds it. */
import { resolve } from 'node:path';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { writeRelease } from './lib/release.mjs';

run(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder || folder.startsWith('-')) {
    process.stderr.write('usage: node scripts/release.mjs FOLDER\n');
    return 2;
  }
  await bootstrap();
  writeRelease(resolve(folder));
  process.stdout.write(`${folder} is ready; "npm ci --omit=dev" in it brings its packages\n`);
  return 0;
});
